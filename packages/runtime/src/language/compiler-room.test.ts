import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { apiFiles } from "./api-files.ts";
import { serverTypes } from "./compile.suite.ts";
import { createCompiler } from "./compiler.ts";
import { nodeApiFiles } from "./node-api-files.ts";
import { ts } from "./typescript.ts";

const ROOM = new URL("./", import.meta.url);

test("one file knows the TypeScript package", () => {
  const files = readdirSync(ROOM, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts") && !name.startsWith("fixtures"));
  const knowing = files.filter((name) => /from "typescript"|import\("typescript"\)/.test(readFileSync(new URL(name, ROOM), "utf8").replace(/"[^"\n]*from \\?"typescript.*$/gm, "")));
  expect(knowing.filter((name) => name !== "compiler-room.test.ts")).toEqual(["typescript.ts"]);
});

test("the vocabulary is every file of its folder, declarations only", () => {
  const files = nodeApiFiles();
  expect(files.map(({ name }) => name.replace(".d.ts", ".ts")).toSorted()).toEqual(readdirSync(new URL("../api/", ROOM)).toSorted());
  for (const { name, text } of files) {
    const source = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
    const running = source.statements.filter((statement) => {
      const declares = ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword) === true;
      return !declares && !ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement) && !ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement);
    });
    expect(running.map((statement) => `${name}: ${statement.getText()}`)).toEqual([]);
  }
});

test("every name of the vocabulary says what it is for", () => {
  for (const { name, text } of nodeApiFiles()) {
    const source = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
    const exported = source.statements.filter((statement) => ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) === true);
    expect(exported.filter((statement) => ts.getJSDocCommentsAndTags(statement).length === 0).map((statement) => `${name}: ${statement.getText().slice(0, 60)}`)).toEqual([]);
  }
});

test("a package without its declarations is a mistake of ours, said so", () => {
  expect(() => apiFiles(() => null)).toThrow(expect.objectContaining({ code: "BUG", message: expect.stringContaining("missing from the package") }));
});

test("an editor checks the main job's workflow with nothing but the files beside it", () => {
  const folder = mkdtempSync(join(tmpdir(), "offstage-editor-"));
  try {
    mkdirSync(join(folder, "types/offstage"), { recursive: true });
    for (const { name, text } of nodeApiFiles()) writeFileSync(join(folder, "types/offstage", name), text);
    writeFileSync(join(folder, "types/servers.d.ts"), serverTypes);
    for (const name of ["leak-tickets", "github.profile", "jira.profile"]) writeFileSync(join(folder, `${name}.ts`), readFileSync(new URL(`fixtures/${name}.txt`, ROOM), "utf8"));
    const program = ts.createProgram(["leak-tickets", "github.profile", "jira.profile"].map((name) => join(folder, `${name}.ts`)), {
      target: ts.ScriptTarget.ES2024, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, strict: true, noEmit: true, types: [], skipLibCheck: false, allowImportingTsExtensions: true,
      paths: { offstage: [join(folder, "types/offstage/index.d.ts")], "#servers": [join(folder, "types/servers.d.ts")] },
    });
    const faults = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
    expect(faults).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a compiler works with declarations that it is given", () => {
  const source = `import { workflow } from "offstage"; export default workflow({ name: "w", on: [] }, async () => 1);`;
  expect(createCompiler({ apiFiles: nodeApiFiles() }).compileWorkflow({ file: "w.ts", source, serverTypes: null }).program?.name).toBe("w");
});
