import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestProject, type TestProject, workshopConfig } from "../testing/command-line.ts";
import { startTsServer, type TsServer } from "../testing/ts-server.ts";

// The plugin as an editor has it: TypeScript's own server, the project that `offstage init` makes, one real MCP server.

const WORKFLOW = `import { workflow } from "offstage";
import { workshop } from "#servers";

export default workflow({ name: "count", on: [], inputs: { wanted: 2 } }, async ({ inputs }) => {
  const { count } = await workshop.structured({});
  workshop.structured({});
  return count == inputs.wanted;
});
`;

let project: TestProject;
let server: TsServer;
let file: string;

beforeAll(async () => {
  project = createTestProject();
  await project.run("init");
  project.write("mcp.json", workshopConfig());
  project.write("offstage.yaml", "policy: { classes: [{ server: workshop, tool: structured, effect: read }] }\n");
  project.write("workflows/count.ts", WORKFLOW);
  const locked = await project.run("lock");
  if (locked.code !== 0) throw new Error(locked.err);
  file = join(project.folder, "workflows/count.ts");
  server = startTsServer(project.folder);
  server.notify("open", { file, fileContent: WORKFLOW, projectRootPath: project.folder });
  server.notify("geterr", { files: [file], delay: 0 });
  // The project is read meanwhile; the plugin has the editor ask again.
  await server.event("projectsUpdatedInBackground");
}, 60_000);
afterAll(async () => {
  await server.close();
  project.remove();
});

interface Told {
  readonly start: { readonly line: number; readonly offset: number };
  readonly text: string;
  readonly source?: string;
  readonly category: string;
}

async function faults(): Promise<readonly string[]> {
  const told = (await server.request("semanticDiagnosticsSync", { file })) as readonly Told[];
  return told.map(({ start, text, source, category }) => `${start.line}:${start.offset} ${source ?? "ts"} ${category} ${text.split("\n")[0] ?? ""}`);
}

test("our faults stand where they are, beside TypeScript's own", async () => {
  expect(await faults()).toEqual(["6:3 offstage error FLOATING_PROMISE: Nobody waits for this call.", "7:16 offstage error LOOSE_EQUALITY: == compares after converting."]);
});

test("a fix is offered and made by the editor", async () => {
  const supported = (await server.request("getSupportedCodeFixes", { file })) as readonly string[];
  expect(supported).toContain("990001");
  const fixes = (await server.request("getCodeFixes", { file, startLine: 7, startOffset: 16, endLine: 7, endOffset: 18, errorCodes: [990_001] })) as readonly object[];
  expect(fixes).toMatchObject([{ fixName: "offstage-LOOSE_EQUALITY", description: "Write `===`", changes: [{ textChanges: [{ start: { line: 7, offset: 16 }, end: { line: 7, offset: 18 }, newText: "===" }] }] }]);
});

test("hover shows a tool's documentation and what is known of it", async () => {
  const info = (await server.request("quickinfo", { file, line: 5, offset: 38 })) as { readonly documentation: string };
  expect(info.documentation).toContain("Offstage: reads.");
});

test("what is written but not saved is what is checked", async () => {
  server.notify("change", { file, line: 7, offset: 16, endLine: 7, endOffset: 18, insertString: "===" });
  expect(await faults()).toEqual(["6:3 offstage error FLOATING_PROMISE: Nobody waits for this call."]);
  expect(project.read("workflows/count.ts")).toBe(WORKFLOW);
});

test("a change of the project's other files is seen", async () => {
  project.write("offstage.yaml", "policy: { classes: [{ server: workshop, tool: structured, effect: wrong }] }\n");
  expect(await faults()).toHaveLength(1);
  await server.event("projectsUpdatedInBackground");
  expect((await faults())[0]).toMatch(/^1:1 offstage error PROJECT: offstage\.yaml:1:/);
});

test("our checker runs on the editor's TypeScript, not on a second one", async () => {
  const at = (path: string): string => JSON.stringify(fileURLToPath(new URL(`../../../../${path}`, import.meta.url)));
  const script = `const mine = { ...require(${at("packages/runtime/node_modules/typescript")}) }; require(${at("apps/offstage/bin/editor.cjs")})({ typescript: mine });
    import(${at("packages/runtime/src/language/typescript.ts")}).then(({ ts }) => process.stdout.write(String(ts === mine)));`;
  expect((await promisify(execFile)(process.execPath, ["-e", script])).stdout).toBe("true");
});
