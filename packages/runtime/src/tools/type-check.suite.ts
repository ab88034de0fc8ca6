import { fileURLToPath } from "node:url";
import ts from "typescript";

const OFFSTAGE = fileURLToPath(new URL("../api/index.ts", import.meta.url));
const SERVERS = "/project/servers.d.ts";
const USE = "/project/use.ts";
const OPTIONS: ts.CompilerOptions = {
  strict: true, noEmit: true, exactOptionalPropertyTypes: true, types: [], lib: ["lib.es2024.d.ts"], target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, allowImportingTsExtensions: true,
  paths: { "#servers": [SERVERS], offstage: [OFFSTAGE] },
};
const parsed = new Map<string, ts.SourceFile | undefined>();

/** What TypeScript says of a generated `servers.d.ts` and of a module that uses it: `file:line message`, none when both are right. */
export function typeFaults(servers: string, use = ""): readonly string[] {
  const texts = new Map([[SERVERS, servers], [USE, `${use}\nexport {};\n`]]);
  const host = ts.createCompilerHost(OPTIONS);
  const disk = ts.createCompilerHost(OPTIONS);
  host.fileExists = (name) => texts.has(name) || disk.fileExists(name);
  host.readFile = (name) => texts.get(name) ?? disk.readFile(name);
  host.getSourceFile = (name, options) => {
    const text = texts.get(name);
    if (text !== undefined) return ts.createSourceFile(name, text, options);
    if (!parsed.has(name)) parsed.set(name, disk.getSourceFile(name, options));
    return parsed.get(name);
  };
  const program = ts.createProgram([SERVERS, USE], OPTIONS, host);
  return [SERVERS, USE].flatMap((name) => {
    const file = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map((fault) => {
      const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(fault.start ?? 0).line + 1;
      return `${name.split("/").at(-1) ?? ""}:${line} ${ts.flattenDiagnosticMessageText(fault.messageText, " ")}`;
    });
  });
}
