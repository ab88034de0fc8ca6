/** The part of TypeScript's language service that the plugin speaks to, by shape: which TypeScript it is, the editor says. */
export interface LanguageService {
  getProgram(): { getSourceFile(fileName: string): SourceFile | undefined } | undefined;
  getSemanticDiagnostics(fileName: string): EditorDiagnostic[];
  getCodeFixesAtPosition(fileName: string, start: number, end: number, errorCodes: readonly number[], ...rest: readonly unknown[]): readonly EditorFix[];
  getSupportedCodeFixes(fileName?: string): readonly string[];
  getQuickInfoAtPosition(fileName: string, position: number, ...rest: readonly unknown[]): QuickInfo | undefined;
}

/** A file as the editor has it, saved or not. */
export interface SourceFile {
  readonly text: string;
  getPositionOfLineAndCharacter(line: number, character: number): number;
}

/** See {@link LanguageService}. */
export interface EditorDiagnostic {
  readonly file: SourceFile;
  readonly start: number;
  readonly length: number;
  /** 0: warning, 1: error. */
  readonly category: 0 | 1;
  readonly code: number;
  readonly source: string;
  readonly messageText: string;
}

/** See {@link LanguageService}. */
export interface EditorFix {
  readonly fixName: string;
  readonly description: string;
  readonly changes: readonly { readonly fileName: string; readonly textChanges: readonly { readonly span: { readonly start: number; readonly length: number }; readonly newText: string }[] }[];
}

/** See {@link LanguageService}. */
export interface QuickInfo {
  readonly textSpan: { readonly start: number; readonly length: number };
  readonly documentation?: readonly { readonly kind: string; readonly text: string }[];
}

/** What a plugin is made with. */
export interface PluginInfo {
  readonly languageService: LanguageService;
  readonly project: {
    getCurrentDirectory(): string;
    /** Has the editor ask again; newer servers only. */
    refreshDiagnostics?(): void;
    readonly projectService: { readonly logger: { info(text: string): void } };
  };
}
