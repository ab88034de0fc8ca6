import type { ApiFile } from "./api-files.ts";
import { importedName, ownName } from "./imported-names.ts";
import { createReachedServers, type ReachedServers } from "./reached-servers.ts";
import { ts, VIRTUAL } from "./typescript.ts";

/** How a workflow is checked. */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  strict: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
  skipDefaultLibCheck: true,
  types: [],
};

/** TypeScript's library, only what the subset uses: each further part costs time in every cold check. */
const LIBRARY_PARTS = [
  "es5", "es2015.core", "es2015.collection", "es2015.iterable", "es2015.promise", "es2016.array.include", "es2017.object", "es2017.string",
  "es2018.regexp", "es2019.array", "es2019.object", "es2019.string", "es2020.string", "es2020.symbol.wellknown", "es2021.string", "es2022.array", "es2022.string", "es2023.array",
  "es2024.collection", "es2024.object",
].map((name) => `lib.${name}.d.ts`);

const { module: MODULE, servers: SERVERS, api: API, library: LIBRARY } = VIRTUAL;
/** Stands for the servers while nothing is generated yet: whatever is imported from it has no type. */
const ANY_SERVERS = `declare module "#servers";`;

/** A parsed and type-checked module. */
export interface Checked {
  readonly source: ts.SourceFile;
  /** Faults of the grammar: with any, nothing else was looked at. */
  readonly syntactic: readonly ts.Diagnostic[];
  /** Type-checks the whole module. */
  semantic(): readonly ts.Diagnostic[];
  /** Names and types; looked at for the first time, it goes through the whole module. */
  checker(): ts.TypeChecker;
}

/** A warm compiler: what it parsed once it keeps. */
export interface Session {
  /**
   * `serverTypes` is the text of the generated `#servers`; null while there is none. `modules` are the texts of what
   * can be imported, by name: `reports`, `own/slug`.
   */
  open(source: string, serverTypes: string | null, modules?: ReadonlyMap<string, string>): Checked;
}

/** TypeScript's library files that a check needs, by `read`, which gives a file by its name: `lib.es5.d.ts`. */
export function libraryFiles(read: (name: string) => string): readonly ApiFile[] {
  const found = new Map<string, string>();
  const add = (name: string): void => {
    if (found.has(name)) return;
    const text = read(name);
    found.set(name, text);
    for (const [, referred = ""] of text.matchAll(/^\/\/\/ <reference lib="([^"]+)" \/>/gm)) add(`lib.${referred}.d.ts`);
  };
  LIBRARY_PARTS.forEach(add);
  return [...found].map(([name, text]) => ({ name, text }));
}

/**
 * Starts a compiler that knows the vocabulary's declarations. `libraries` are TypeScript's own library files; without them
 * they are read from its package, which only Node can.
 */
export function createSession(api: readonly ApiFile[], libraries?: readonly ApiFile[]): Session {
  const kept = new Map<string, ts.SourceFile>([[LIBRARY, parse(LIBRARY, oneLibrary(libraries ?? packagedLibraries()))]]);
  for (const { name, text } of api) kept.set(API + name, parse(API + name, text));
  let previous: ts.Program | undefined;
  let reached: { readonly of: string; readonly by: ReachedServers } | undefined;
  const keep = (name: string, text: string): void => {
    if (kept.get(name)?.text !== text) kept.set(name, parse(name, text));
  };

  return {
    open: (text, serverTypes, modules = new Map()) => {
      const source = parse(MODULE, text);
      const createProgram = (): ts.Program => {
        if (serverTypes !== null && reached?.of !== serverTypes) reached = { of: serverTypes, by: createReachedServers(serverTypes) };
        keep(SERVERS, serverTypes === null || reached === undefined ? ANY_SERVERS : reached.by([text, ...modules.values()]));
        for (const [name, module] of modules) keep(moduleName(name), module);
        return ts.createProgram({
          rootNames: serverTypes === null ? [MODULE, SERVERS] : [MODULE],
          options: OPTIONS,
          host: createHost(kept, source, { servers: serverTypes !== null, modules }),
          ...(previous === undefined ? {} : { oldProgram: previous }),
        });
      };
      let made: ts.Program | undefined;
      // A text that is broken, as half of what is being written, ends before it is needed.
      const program = (): ts.Program => (made ??= previous = createProgram());
      return { source, syntactic: syntaxFaults(source), semantic: () => program().getSemanticDiagnostics(source), checker: () => program().getTypeChecker() };
    },
  };
}

/** What imports may lead to. */
interface Importable {
  readonly servers: boolean;
  readonly modules: ReadonlyMap<string, string>;
}

/** The name under which the compiler knows another workflow of the project. */
function moduleName(name: string): string {
  return `${VIRTUAL.workflows}${name}.ts`;
}

function packagedLibraries(): readonly ApiFile[] {
  const folder = ts.getDefaultLibFilePath(OPTIONS).replace(/[^/\\]+$/, "");
  return libraryFiles((name) => ts.sys.readFile(folder + name) ?? "");
}

/** All parts as one file: of thirty the compiler would compare the paths, and join the names and members, anew in every check. */
function oneLibrary(parts: readonly ApiFile[]): string {
  return parts.map(({ text }) => text.replace(/^\/\/\/ <reference .*$/gm, "")).join("\n");
}

function createHost(kept: Map<string, ts.SourceFile>, source: ts.SourceFile, importable: Importable): ts.CompilerHost {
  const file = (name: string): ts.SourceFile | undefined => (name === MODULE ? source : kept.get(name));
  return {
    getSourceFile: file,
    getDefaultLibFileName: () => LIBRARY,
    writeFile: () => {},
    getCurrentDirectory: () => "/",
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    fileExists: (name) => name === MODULE || kept.has(name),
    readFile: (name) => file(name)?.text,
    resolveModuleNameLiterals: (literals, from) => literals.map(({ text }) => ({ resolvedModule: resolve(text, from, importable) })),
  };
}

function resolve(specifier: string, from: string, { servers, modules }: Importable): ts.ResolvedModuleFull | undefined {
  const at = (resolvedFileName: string): ts.ResolvedModuleFull => ({ resolvedFileName, extension: ts.Extension.Dts });
  if (specifier === "offstage") return at(`${API}index.d.ts`);
  if (specifier === "#servers" && servers) return at(SERVERS);
  const own = ownName(specifier);
  const imported = own === null ? importedName(specifier) : `own/${own}`;
  if (imported !== null && !from.startsWith(API)) return modules.has(imported) ? { resolvedFileName: moduleName(imported), extension: ts.Extension.Ts } : undefined;
  const local = /^\.\/([a-z-]+)\.ts$/.exec(specifier);
  return local !== null && from.startsWith(API) ? at(`${API}${local[1]}.d.ts`) : undefined;
}

function parse(name: string, text: string): ts.SourceFile {
  // Tags in comments are read by nothing here; in the library and in the servers' types comments are half of the text.
  const options: ts.CreateSourceFileOptions = { languageVersion: ts.ScriptTarget.ES2022, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  const isModule = name === MODULE || name.startsWith(VIRTUAL.workflows);
  // Declarations are looked at by the compiler only, which sets their parents itself.
  return ts.createSourceFile(name, text, isModule ? { ...options, setExternalModuleIndicator: forceModule } : options, isModule);
}

/** What `Program.getSyntacticDiagnostics` gives for a TypeScript file, without a Program. */
function syntaxFaults(file: ts.SourceFile): readonly ts.Diagnostic[] {
  return ts.sortAndDeduplicateDiagnostics((file as unknown as { readonly parseDiagnostics: readonly ts.Diagnostic[] }).parseDiagnostics);
}

/** What `moduleDetection: "force"` does, for a file that we parse ourselves. */
function forceModule(file: ts.SourceFile): void {
  (file as { externalModuleIndicator?: ts.Node | true }).externalModuleIndicator = true;
}
