import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createCompiler, DIAGNOSTIC_CODES } from "offstage/language";
import { METHODS, PROPERTIES } from "offstage/program";
import { EMPTY_LOCK, generateServerTypes, lockServer, NOTHING_LEARNT, withServer } from "offstage/tools";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { realLists } from "../../conformance/catalogues.ts";
import { tokensOf } from "../../conformance/chat/tokens.ts";
import { createDemoProject } from "../../demo/project.ts";
import { type Example, readExamples } from "./examples.ts";
import { readFences } from "./fences.ts";

const ROOT = join(import.meta.dirname, "../..");
const BIN = join(ROOT, "apps/offstage/bin/offstage.js");
const PAGES = ["README.md", "docs/language.md", "docs/language-short.md", "docs/examples.md"];
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

const EXAMPLES = PAGES.flatMap((page) => readExamples(page, read(page)));
const WORKFLOWS = EXAMPLES.filter(({ kind }) => kind === "workflow");
const PROFILES = EXAMPLES.filter(({ kind }) => kind === "profile");
const GUIDES = readdirSync(join(ROOT, "docs/guides")).map((page) => `docs/guides/${page}`).flatMap((page) => readExamples(page, read(page)));
const compiler = createCompiler();

interface Checked {
  readonly name: string;
  readonly ok: boolean;
  readonly diagnostics: readonly { readonly code: string; readonly line: number; readonly message: string }[];
}

let folder: string;
let checked: ReadonlyMap<string, Checked>;
let serverTypes: string;

/** The two servers of the demo are started for their lists of tools; the services behind them are not needed. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "offstage-docs-"));
  const emulators = { github: { url: "http://127.0.0.1:9", token: "a-token-of-github" }, jira: { url: "http://127.0.0.1:9", email: "a@b.example", token: "a-token-of-jira" } };
  const { dir } = createDemoProject({ dir: join(folder, "project"), emulators: emulators as unknown as Parameters<typeof createDemoProject>[0]["emulators"] });
  rmSync(join(dir, "workflows/leak-tickets.ts"));
  const offstage = async (...args: readonly string[]): Promise<string> => {
    const run = promisify(execFile)(process.execPath, [BIN, ...args, "--project", dir], { maxBuffer: 16 << 20 });
    // Faults are what some of the examples are for: check says them in its answer and ends with 2.
    return (await run.catch((error: unknown) => error as { readonly stdout: string })).stdout;
  };
  await offstage("lock");
  for (const example of WORKFLOWS) writeFileSync(join(dir, "workflows", `${example.name}.ts`), example.source);
  const answer = JSON.parse(await offstage("check", "--json")) as { readonly result: readonly Checked[] };
  checked = new Map(answer.result.map((one) => [one.name, one]));
  serverTypes = readFileSync(join(dir, ".offstage/types/servers.d.ts"), "utf8");
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** `#servers` with the server that guides call `files`. */
function fileServer(): string {
  const found = realLists().find(({ catalogue }) => catalogue.server === "filesystem");
  if (found === undefined) throw new Error("conformance/catalogues/filesystem.json is gone.");
  return generateServerTypes({ lock: withServer(EMPTY_LOCK, "files", lockServer(found.catalogue, found.package, () => [{ rule: null, effect: "write", from: "default" }])), learnt: NOTHING_LEARNT, profiles: [] });
}

const named = (examples: readonly Example[]): [string, Example][] => examples.map((example) => [`${example.page}:${example.line}${example.gives === null ? "" : ` gives ${example.gives}`}`, example]);

describe("every example of the documents says the truth", () => {
  test.each(named(WORKFLOWS))("%s", (_name, example) => {
    const found = checked.get(example.name)?.diagnostics.map(({ code, line, message }) => ({ code, line, message }));
    const codes = [...new Set(found?.map(({ code }) => code))];
    expect({ codes, found }).toEqual({ codes: example.gives === null ? [] : [example.gives], found });
    expect(checked.get(example.name)?.ok).toBe(!example.refused);
  });

  test.each(named(PROFILES))("%s", (_name, example) => {
    const { profile, diagnostics } = compiler.compileProfile({ server: "jira", file: "profiles/jira.ts", source: example.source, serverTypes });
    expect(diagnostics).toEqual([]);
    expect(profile).not.toBeNull();
  });

  test.each(named(GUIDES))("%s, over the real server of files", (_name, { name, source }) => {
    const { program, diagnostics } = compiler.compileWorkflow({ file: `workflows/${name}.ts`, source, serverTypes: fileServer() });
    expect(diagnostics).toEqual([]);
    expect(program).not.toBeNull();
  });

  test("or belongs to a file of a guide that is played whole, by testing-guide.long.test.ts, guide.long.test.ts or conformance/servers/prove-guide.ts", () => {
    const withFiles = readdirSync(join(ROOT, "docs/guides")).filter((page) => readFences(read(`docs/guides/${page}`)).some(({ words }) => words.some((word) => word.includes("="))));
    expect(withFiles).toEqual(["first-workflow.md", "testing.md", "your-own-servers.md"]);
  });

  test("and there are enough of them that reading none would be told", () => {
    expect([WORKFLOWS.length > 60, PROFILES.length > 0, GUIDES.length > 1]).toEqual([true, true, true]);
  });
});

test("docs/language.md lists exactly the methods that there are", () => {
  const page = read("docs/language.md");
  for (const [kind, methods] of Object.entries(METHODS)) {
    const row = page.split("\n").find((line) => line.includes(`** | ${kind} | `));
    const cells = row?.split(" | ").map((cell) => [...cell.matchAll(/`(\w+)`/g)].map((match) => match[1]));
    expect([kind, cells?.[2], cells?.[3] ?? []]).toEqual([kind, methods, (PROPERTIES as Readonly<Record<string, readonly string[]>>)[kind] ?? []]);
  }
});

test("docs/language.md names every code that a workflow or a profile may be refused with", () => {
  const page = read("docs/language.md");
  expect(Object.keys(DIAGNOSTIC_CODES).filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});

test("the short form of the language fits where models read it: under 1,500 tokens", () => {
  expect(tokensOf(read("docs/language-short.md"))).toBeLessThan(1_500);
});

test("a block that does not say what it is is refused", () => {
  expect(() => readExamples("a.md", "```ts\nconst a = 1;\n```")).toThrow("a.md:2");
});
