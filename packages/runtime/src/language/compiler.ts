import { deepFreeze, type Diagnostic, type JsonObject } from "../base/index.ts";
import type { ProfileProgram, Program } from "../program/index.ts";
import type { ProfileTypeInfo } from "../tools/index.ts";
import type { ApiFile } from "./api-files.ts";
import { calleeFacts } from "./check/callee-facts.ts";
import { checkWorkflow } from "./check/check-workflow.ts";
import { type CompiledModule, type CompileModule, compileWithImports } from "./compile-imports.ts";
import { createFaults, type Faults, fileFault } from "./faults.ts";
import { fixOf } from "./fix/fix-of.ts";
import { createLowering } from "./lower/create-lowering.ts";
import { ownNames } from "./imported-names.ts";
import type { Lowering, ToolKnowledge } from "./lower/lowering.ts";
import { lowerProfile } from "./lower/profile.ts";
import { lowerWorkflow } from "./lower/workflow.ts";
import { nodeApiFiles } from "./node-api-files.ts";
import { ownFaults } from "./own-faults.ts";
import { createSession, type Checked, type Session } from "./session.ts";
import { deepNode } from "./source-depth.ts";
import { guardSource, tooDeep } from "./source-guard.ts";
import { checkSize } from "./source-size.ts";
import { nodeTimeLimit, type TimeLimit } from "./time-limit.ts";
import { NO_FACTS, type ToolFacts } from "./tool-facts.ts";
import { checkTypeSyntax } from "./type-rules.ts";
import { createTypeFacts } from "./type-facts.ts";
import { createTypeHints } from "./type-hints.ts";
import type { ts } from "./typescript.ts";

/** A workflow to check. */
export interface WorkflowSource {
  /** Its name for people, relative to the project. */
  readonly file: string;
  readonly source: string;
  /** The text of the generated `#servers` module; null while nothing is locked. */
  readonly serverTypes: string | null;
  /** Server name → its identifier in `#servers`, for names that are no identifiers; others are the same. */
  readonly identifiers?: ReadonlyMap<string, string>;
  /**
   * Whether a call may write; without it every call may. `known` has those arguments that are written out as literals, null
   * when not even they can be told; `open` names arguments that are there but not known, `"any"` when there may be more.
   */
  readonly mayWrite?: (server: string, tool: string, known: JsonObject | null, open: readonly string[] | "any") => boolean;
  /** Whether `.pages` of a tool must say `max` because no profile does; without it none must. */
  readonly pagesNeedMax?: (server: string, tool: string) => boolean;
  /** What profiles and servers say of calls; without it the checks that need it keep silent. */
  readonly facts?: ToolFacts;
  /** The text of the workflow module of this name, which `./name.ts` imports; null when there is none. Without it there are none. */
  readonly module?: (name: string) => string | null;
}

/** A profile to check. */
export interface ProfileSource {
  /** The server's name in `mcp.json`, for the types. */
  readonly server: string;
  readonly file: string;
  readonly source: string;
  /** Absent while nothing is generated yet: then arguments and results have no type. */
  readonly serverTypes?: string;
}

/** Checks and lowers; warm: what it parsed once it keeps. Never throws for what a person wrote. */
export interface Compiler {
  /** The Program, unless a diagnostic is an error. Diagnostics are in source order. */
  compileWorkflow(input: WorkflowSource): { readonly program: Program | null; readonly diagnostics: readonly Diagnostic[] };
  /** The lowered profile and what it means for the server's types, unless a diagnostic is an error. */
  compileProfile(input: ProfileSource): { readonly profile: ProfileProgram | null; readonly types: ProfileTypeInfo | null; readonly diagnostics: readonly Diagnostic[] };
}

/**
 * Starts a compiler. `apiFiles` are the declarations of the vocabulary, `libraries` TypeScript's own (`libraryFiles`); without
 * them the packages' own, which only Node can read: in a browser both are given as texts. `timeLimit` stops a check that takes
 * too long; without one it is Node's after half a minute, and none in a browser.
 */
export function createCompiler(options: { readonly apiFiles?: readonly ApiFile[]; readonly libraries?: readonly ApiFile[]; readonly timeLimit?: TimeLimit } = {}): Compiler {
  const api = options.apiFiles ?? nodeApiFiles();
  const within = options.timeLimit ?? nodeTimeLimit(MAX_CHECK_MS);
  let session: Session | null = null;
  const compile = <T extends object>(input: Pick<WorkflowSource, "file" | "source" | "serverTypes"> & { readonly modules?: ReadonlyMap<string, string> }, lower: (checked: Checked, faults: Faults) => T | null): { result: T | null; diagnostics: readonly Diagnostic[] } => {
    const guarded = guardSource(input.file, input.source);
    if (guarded !== null) return { result: null, diagnostics: [guarded] };
    try {
      const checked = within(() => {
        session ??= createSession(api, options.libraries);
        return examine(session.open(input.source, input.serverTypes, input.modules), input.file, lower);
      });
      if (checked.ended) return checked.value;
      session = null; // The compiler stopped in the middle of its work.
      return { result: null, diagnostics: [tooLong(input.file)] };
    } catch (thrown) {
      if (!isStackOverflow(thrown)) throw thrown;
      session = null; // The compiler stopped in the middle of its work.
      return { result: null, diagnostics: [tooDeep(input.file)] };
    }
  };
  const compileModule: CompileModule<WorkflowSource> = (input, imports, modules) => {
    const own = ownTexts(input);
    const named = [...own].map(([name, text]): [string, string] => [`own/${name}`, text]);
    const { result, diagnostics } = compile({ ...input, modules: new Map([...modules, ...named]) }, (checked, faults) => workflowOf(input, { imports, ownModules: new Set(own.keys()) }, checked, faults));
    const faults = ownFaults(named.map(([name]) => name), (name) => input.module?.(name) ?? null, (name) => input.file.replace(/[^/\\]+$/, `${name}.ts`));
    return { result: faults.length === 0 ? result : null, diagnostics: [...diagnostics, ...faults] };
  };
  return {
    compileWorkflow: (input) => {
      const { result, diagnostics } = compileWithImports(input, compileModule);
      return { program: result?.program ?? null, diagnostics };
    },
    compileProfile: (input) => {
      const { file, source, serverTypes = null } = input;
      const { result, diagnostics } = compile({ file, source, serverTypes }, (checked, faults) => lowerProfile(createLowering("profile", checked.source, checked.checker(), faults, NOTHING_KNOWN), file));
      return { profile: result?.profile ?? null, types: result === null ? null : { server: input.server, ...result.types }, diagnostics };
    },
  };
}

/** A hundred times what a large module takes: what is stopped here would not end today. */
const MAX_CHECK_MS = 30_000;

function tooLong(file: string): Diagnostic {
  return fileFault(file, "CHECK_TOO_LONG", `${file} takes too long to check.`, "Something in it makes the type checker compute for ever: loops in loops that assign each other's variables, or types of hundreds of cases. Move parts of it into helpers with simple types.");
}

const NOTHING_KNOWN: ToolKnowledge = { mayWrite: () => true, pagesNeedMax: () => false, serverNamed: (identifier) => identifier, locked: true };
/** Canonical JSON and the journal go 256 levels deep; the rest is room for what wraps a Program. */
const MAX_PROGRAM_DEPTH = 240;

function examine<T extends object>(checked: Checked, file: string, lower: (checked: Checked, faults: Faults) => T | null): { result: T | null; diagnostics: readonly Diagnostic[] } {
  const faults = createFaults(file, checked.source);
  const deep = deepNode(checked.source);
  if (deep !== null) return { result: null, diagnostics: [tooDeep(file, ...placeOf(checked.source, deep))] };
  if (checked.syntactic.length > 0 || !checkSize(checked.source, faults) || !checkTypeSyntax(checked.source, faults)) return { result: null, diagnostics: faults.all(checked.syntactic) };
  const semantic = checked.semantic();
  const lowered = lower(checked, faults);
  const context = { source: checked.source, facts: createTypeFacts(checked.checker()) };
  const diagnostics = faults.all(semantic, (code, node) => fixOf(context, code, node), createTypeHints(checked.source, checked.checker()));
  if (lowered === null || diagnostics.some(({ severity }) => severity === "error")) return { result: null, diagnostics };
  if (depthOf(lowered) > MAX_PROGRAM_DEPTH) return { result: null, diagnostics: [...diagnostics, tooDeep(file)] };
  return { result: deepFreeze(lowered), diagnostics };
}

/** The texts of the owner's own modules: looked at for the types of what they export, never for what they do. */
function ownTexts({ file, source, module }: WorkflowSource): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (guardSource(file, source) !== null) return found;
  for (const name of ownNames(source)) {
    const text = module?.(`own/${name}`) ?? null;
    if (text !== null && guardSource(`own/${name}.ts`, text) === null) found.set(name, text);
  }
  return found;
}

function workflowOf(input: WorkflowSource, { imports, ownModules }: Pick<Lowering, "imports" | "ownModules">, { source, checker }: Checked, faults: Faults): CompiledModule | null {
  const names = new Map([...(input.identifiers ?? [])].map(([name, identifier]) => [identifier, name]));
  const knowledge: ToolKnowledge = {
    mayWrite: input.mayWrite ?? NOTHING_KNOWN.mayWrite, pagesNeedMax: input.pagesNeedMax ?? NOTHING_KNOWN.pagesNeedMax,
    serverNamed: (identifier) => names.get(identifier) ?? identifier, locked: input.serverTypes !== null,
  };
  const l = createLowering("workflow", source, checker(), faults, knowledge, imports, ownModules);
  const program = lowerWorkflow(l, input.file);
  // Of a server that is not locked nothing is known: each call of it might write, and faults would only follow from that.
  if (program === null) return null;
  if (!faults.has("SERVERS_NOT_LOCKED")) checkWorkflow(l, program, { classified: input.mayWrite !== undefined, tools: input.facts ?? NO_FACTS });
  return { program, facts: calleeFacts(l, program) };
}

function placeOf(source: ts.SourceFile, node: ts.Node): [line: number, column: number] {
  const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return [line + 1, character + 1];
}

function isStackOverflow(thrown: unknown): boolean {
  return thrown instanceof RangeError && thrown.message.includes("call stack");
}

function depthOf(value: unknown): number {
  if (value === null || typeof value !== "object") return 0;
  let deepest = 0;
  for (const child of Object.values(value)) deepest = Math.max(deepest, depthOf(child));
  return deepest + 1;
}
