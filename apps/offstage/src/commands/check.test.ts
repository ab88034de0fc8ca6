import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { mendFile } from "../project/mend-files.ts";
import { moduleFiles } from "../project/module-texts.ts";
import { profileSourcesOf } from "../project/profile-sources.ts";
import { createTestProject, type TestProject } from "../testing/command-line.ts";

let project: TestProject;
afterEach(() => {
  project.remove();
});

const ODD = `import { workflow } from "offstage";

export default workflow({ name: "odd", on: [], inputs: { tags: ["a"] } }, async ({ inputs }) => {
  var n = 0;
  for (let i = 0; i < inputs.tags.length; i++) n++;
  console.log("counted", n);
  while (n == 3) n++;
  return n;
});
`;
const FIXED = `import { workflow, range, log } from "offstage";

export default workflow({ name: "odd", on: [], inputs: { tags: ["a"] } }, async ({ inputs }) => {
  let n = 0;
  for (const i of range(inputs.tags.length)) n += 1;
  log("counted", n);
  while (n == 3) n++;
  return n;
});
`;

test("a fault is told with its line, a caret, what to write instead, and whether it can be mended", async () => {
  project = createTestProject({ "offstage.yaml": "version: 1\n", "workflows/odd.ts": ODD });
  const { code, out } = await project.run("check");
  expect(code).toBe(2);
  expect(out).toContain([
    "workflows/odd.ts:4:3 error VAR_NOT_ALLOWED Locals are declared with const or let.",
    "  4 |   var n = 0;",
    "    |   ^^^^^^^^^",
    "  hint: Write `const`, or `let` when it is assigned again.",
    "  fix: Write `let`",
  ].join("\n"));
  expect(out).toContain("odd: 4 errors, 3 of them mended by `offstage check --fix`\n");
});

test("--fix makes the fixes, shows them, checks again, and leaves the rest alone", async () => {
  project = createTestProject({ "offstage.yaml": "version: 1\n", "workflows/odd.ts": ODD, "workflows/fine.ts": ODD.replace("odd", "fine").replace(/ {2}var[\s\S]*return n;/, "  return inputs.tags;"), "elsewhere.ts": "var a = 1;\n" });
  const before = statSync(join(project.folder, "workflows/fine.ts")).mtimeMs;
  const { code, out } = await project.run("check", "--fix");
  expect(project.read("workflows/odd.ts")).toBe(FIXED);
  expect(out).toContain("workflows/odd.ts:4:3 fixed VAR_NOT_ALLOWED Write `let`");
  expect(out).toContain("  4 -   var n = 0;\n  4 +   let n = 0;\n");
  expect(out).toContain("workflows/odd.ts:7:3 error LOOP_NOT_ALLOWED");
  expect(code).toBe(2);
  expect(statSync(join(project.folder, "workflows/fine.ts")).mtimeMs).toBe(before);
  expect(project.read("elsewhere.ts")).toBe("var a = 1;\n");
  expect((await project.run("check", "--fix", "fine")).out).toBe("fine: checks; uses no tools\n");
});

test("--json carries the edits, as offsets into the text, and what was made of them", async () => {
  project = createTestProject({ "offstage.yaml": "version: 1\n", "workflows/odd.ts": ODD });
  const answer = JSON.parse((await project.run("check", "--json")).out) as { version: number; result: readonly { diagnostics: readonly { code: string; fix?: { edits: readonly { start: number; end: number; text: string }[] } }[] }[] };
  const edit = answer.result[0]?.diagnostics.find(({ code }) => code === "VAR_NOT_ALLOWED")?.fix?.edits[0];
  expect([answer.version, ODD.slice(edit?.start, edit?.end), edit?.text]).toEqual([1, "var", "let"]);
  expect(JSON.parse((await project.run("check", "--fix", "--json")).out)).toMatchObject({ result: [{ name: "odd", ok: false, fixed: [{ file: "workflows/odd.ts", applied: [{ code: "VAR_NOT_ALLOWED" }, { code: "LOOP_NOT_ALLOWED" }, { code: "OPERATOR_NOT_ALLOWED" }, { code: "GLOBAL_NOT_ALLOWED" }] }] }] });
});

test("--steps shows how a workflow goes, in the words of its text; one that does not check goes nowhere yet", async () => {
  const ways = 'import { sleep, workflow } from "offstage";\n\nexport default workflow({ name: "ways", on: [], inputs: { days: 3 } }, async ({ inputs }) => {\n  if (inputs.days > 2) {\n    await sleep("2d");\n    return "late";\n  }\n  return "now";\n});\n';
  project = createTestProject({ "offstage.yaml": "version: 1\n", "workflows/ways.ts": ways, "workflows/odd.ts": ODD });
  const { out } = await project.run("check", "ways", "--steps");
  expect(out).toBe(["ways: checks; uses no tools", "   starts by hand", "4  if inputs.days > 2", '5    waits for "2d"', '6    returns "late"', '8  returns "now"', ""].join("\n"));
  const { result: [odd, checked] } = JSON.parse((await project.run("check", "--steps", "--json")).out) as { readonly result: readonly { readonly name: string; readonly flow?: { readonly steps: readonly unknown[] } }[] };
  expect([odd?.name, odd?.flow, checked?.flow?.steps.length]).toEqual(["odd", undefined, 2]);
});

test("a file that was changed meanwhile, or that is no UTF-8, is not written over", async () => {
  project = createTestProject({ "workflows/odd.ts": "changed" });
  const check = (text: string) => (text === "var" ? [{ code: "A", severity: "error" as const, file: "f", line: 1, column: 1, message: "x", fix: { title: "x", edits: [{ start: 0, end: 3, text: "let" }] } }] : []);
  await expect(mendFile(project.folder, { file: "workflows/odd.ts", source: "var", check })).rejects.toMatchObject({ code: "FILE_CHANGED" });
  expect(project.read("workflows/odd.ts")).toBe("changed");
});

test("a rule of the policy that never decides is told where it stands: a misspelt name, an approval that a denial before it makes impossible", async () => {
  const rules = ["- { verdict: deny, server: desc, tool: \"close_*\" }", "- { verdict: deny, server: desk }", "- { verdict: approve, server: desk, tool: open_ticket }", "- { verdict: deny, workflow: fine }"];
  project = createTestProject({
    "offstage.yaml": `version: 1\npolicy:\n  rules:\n${rules.map((rule) => `    ${rule}\n`).join("")}  limits: [{ perDay: 9, server: desk }, { perDay: 9, server: dask }]\n`,
    "mcp.json": JSON.stringify({ mcpServers: { desk: { command: "false" } } }),
    "workflows/fine.ts": 'import { workflow } from "offstage";\n\nexport default workflow({ name: "fine", on: [] }, async () => 1);\n',
  });
  const { code, out } = await project.run("check");
  expect(code).toBe(0);
  expect(out).toContain("offstage.yaml:4:24 warning POLICY_IDLE This rule never decides: no server is called desc.");
  expect(out).toContain("offstage.yaml:6:7 warning POLICY_IDLE Nobody is ever asked by this rule: the second rule comes first, and says deny of all that it is about.");
  expect(out).toContain("offstage.yaml:8:54 warning POLICY_IDLE This limit holds nothing: no server is called dask.");
  expect(out.match(/POLICY_IDLE/g)).toHaveLength(3);
  const document = JSON.parse((await project.run("check", "--json")).out) as { readonly result: readonly { readonly file: string; readonly diagnostics: readonly { readonly code: string }[] }[] };
  expect(document.result.map(({ file, diagnostics }) => [file, diagnostics.length])).toEqual([["workflows/fine.ts", 0], ["offstage.yaml", 3]]);
  // One workflow alone does not say what there is.
  expect((await project.run("check", "fine")).out).not.toContain("POLICY_IDLE");
  // Messages to people are a workflow's too, where there are any.
  const telling = 'version: 1\npolicy: { rules: [{ verdict: allow, workflow: offstage.approvals }] }\n';
  project.write("offstage.yaml", telling);
  expect((await project.run("check")).out).toContain("no workflow is called offstage.approvals");
  project.write("offstage.yaml", `${telling}approvals: { notify: { server: desk, tool: tell, args: { text: "{{ message }}" } } }\n`);
  expect((await project.run("check")).out).not.toContain("POLICY_IDLE");
});

test("a workflow that is there and cannot be read is a fault of it, and the others are checked; nor is a profile of that kind one that is missing", async () => {
  project = createTestProject({ "offstage.yaml": "version: 1\n", "workflows/fine.ts": 'import { workflow } from "offstage";\n\nexport default workflow({ name: "fine", on: [] }, async () => 1);\n' });
  const at = (file: string): string => join(project.folder, file);
  symlinkSync("/nowhere", at("workflows/gone.ts"));
  symlinkSync("round.ts", at("workflows/round.ts"));
  mkdirSync(at("workflows/folder.ts"));
  // Whoever reads it waits for somebody to write.
  execFileSync("mkfifo", [at("workflows/pipe.ts")]);
  const { code, out, err } = await project.run("check");
  expect([code, err]).toEqual([2, expect.not.stringContaining("BUG") as string]);
  for (const [name, why] of [["gone", "it is a link to nothing"], ["round", "ELOOP"], ["folder", "it is no file"], ["pipe", "it is no file"]] as const) expect(out).toContain(`workflows/${name}.ts:1:1 error FILE_UNREADABLE This cannot be read: ${why}`);
  expect(out).toContain("fine: checks; uses no tools\n");
  mkdirSync(at("profiles"));
  symlinkSync("/nowhere", at("profiles/desk.ts"));
  expect(() => profileSourcesOf(moduleFiles(project.folder), "desk", "npm:desk@1.0.0")).toThrow(expect.objectContaining({ diagnostics: [expect.objectContaining({ code: "FILE_UNREADABLE", file: "profiles/desk.ts" })] }) as Error);
  rmSync(at("workflows"), { recursive: true });
  project.write("workflows", "");
  expect(await project.run("check")).toMatchObject({ code: 2, err: expect.stringContaining("workflows:1:1 error FILE_UNREADABLE") as string });
});
