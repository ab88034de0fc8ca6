import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "offstage/base";
import { createEditorProject, type EditorProject } from "./editor-project.ts";
import type { EditorDiagnostic, EditorFix, LanguageService, PluginInfo, QuickInfo, SourceFile } from "./server.ts";

/** The one number that an editor knows all our faults by; their code stands in the message. */
const CODE = 990_001;

/** A plugin of TypeScript's server: `bin/editor.cjs` gives it to the editor. */
export function createPlugin(): { create(info: PluginInfo): LanguageService } {
  return {
    create(info) {
      const folder = info.project.getCurrentDirectory();
      if (!["mcp.json", "offstage.yaml"].some((file) => existsSync(join(folder, file)))) return info.languageService;
      info.project.projectService.logger.info(`offstage: checking the workflows of ${folder}`);
      const project = createEditorProject(folder, () => info.project.refreshDiagnostics?.());
      return { ...proxyOf(info.languageService), ...overrides(info.languageService, project) };
    },
  };
}

/** Every method as it is; services keep no state in `this`. */
function proxyOf(service: LanguageService): LanguageService {
  return Object.fromEntries(Object.entries(service).map(([name, value]) => [name, typeof value === "function" ? (...args: readonly unknown[]): unknown => (value as (...args: readonly unknown[]) => unknown).apply(service, [...args]) : value])) as unknown as LanguageService;
}

function overrides(service: LanguageService, project: EditorProject): Omit<LanguageService, "getProgram"> {
  const fileOf = (fileName: string): SourceFile | undefined => service.getProgram()?.getSourceFile(fileName);
  const own = (fileName: string, file: SourceFile | undefined): readonly Diagnostic[] =>
    file === undefined ? [] : project.check(fileName, file.text).filter(({ code }) => !code.startsWith("TS"));
  return {
    getSemanticDiagnostics(fileName) {
      const file = fileOf(fileName);
      return [...service.getSemanticDiagnostics(fileName), ...own(fileName, file).flatMap((diagnostic) => (file === undefined ? [] : [shown(file, diagnostic)]))];
    },
    getCodeFixesAtPosition(fileName, start, end, errorCodes, ...rest) {
      const known = service.getCodeFixesAtPosition(fileName, start, end, errorCodes, ...rest);
      const file = fileOf(fileName);
      if (!errorCodes.includes(CODE) || file === undefined) return known;
      const here = own(fileName, file).filter((diagnostic) => {
        const { start: from, length } = shown(file, diagnostic);
        return from <= end && start <= from + length;
      });
      return [...known, ...here.flatMap((diagnostic) => fixOf(fileName, diagnostic))];
    },
    getSupportedCodeFixes: (fileName) => [...service.getSupportedCodeFixes(fileName), String(CODE)],
    getQuickInfoAtPosition(fileName, position, ...rest) {
      const info = service.getQuickInfoAtPosition(fileName, position, ...rest);
      const file = fileOf(fileName);
      return info === undefined || file === undefined ? info : withTool(info, file.text, project);
    },
  };
}

function shown(file: SourceFile, diagnostic: Diagnostic): EditorDiagnostic {
  const { line, column, endLine = line, endColumn = column + 1 } = diagnostic;
  const start = file.getPositionOfLineAndCharacter(line - 1, column - 1);
  const end = file.getPositionOfLineAndCharacter(endLine - 1, endColumn - 1);
  return {
    file, start, length: Math.max(1, end - start), category: diagnostic.severity === "error" ? 1 : 0, code: CODE, source: "offstage",
    messageText: `${diagnostic.code}: ${diagnostic.message}${diagnostic.hint === undefined ? "" : `\n${diagnostic.hint}`}`,
  };
}

function fixOf(fileName: string, { code, fix }: Diagnostic): readonly EditorFix[] {
  if (fix === undefined) return [];
  const textChanges = fix.edits.map(({ start, end, text }) => ({ span: { start, length: end - start }, newText: text }));
  return [{ fixName: `offstage-${code}`, description: fix.title, changes: [{ fileName, textChanges }] }];
}

/** What is known of a tool, below its documentation: for `server.tool` where the pointer is on the tool. */
function withTool(info: QuickInfo, text: string, project: EditorProject): QuickInfo {
  const { start, length } = info.textSpan;
  const server = /([A-Za-z_$][\w$]*)\s*\.\s*$/.exec(text.slice(Math.max(0, start - 200), start))?.[1];
  const about = server === undefined ? null : project.describe(server, text.slice(start, start + length));
  return about === null ? info : { ...info, documentation: [...(info.documentation ?? []), { kind: "text", text: `\n\n${about}` }] };
}
