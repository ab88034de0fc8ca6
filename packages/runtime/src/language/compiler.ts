import { deepFreeze, type Diagnostic, type JsonObject } from "../base/index.ts";
import type { ProfileProgram, Program } from "../program/index.ts";
import { type ApiFile, apiFiles } from "./api-files.ts";
import { checkEffects, isWrite } from "./check/effects.ts";
import { checkOnceKeys } from "./check/once-keys.ts";
import { warnUnknownIdentities } from "./check/unknown-identities.ts";
import { walkSteps } from "./check/walk.ts";
import { createFaults, type Faults } from "./faults.ts";
import { createLowering } from "./lower/create-lowering.ts";
import type { Lowering, ToolKnowledge } from "./lower/lowering.ts";
import { lowerProfile } from "./lower/profile.ts";
import { lowerWorkflow } from "./lower/workflow.ts";
import { createSession, type Checked, type Session } from "./session.ts";
import { guardSource, tooDeep } from "./source-guard.ts";
import { checkTypeSyntax } from "./type-rules.ts";
import { ts } from "./typescript.ts";

/** A workflow to check. */
export interface WorkflowSource {
  /** Its name for people, relative to the project. */
  readonly file: string;
  readonly source: string;
  /** The text of the generated `#servers` module. */
  readonly serverTypes: string;
  /**
   * Whether a call may write; without it every call may. `known` has those arguments that are written out as literals, null
   * when not even they can be told; `open` names arguments that are there but not known, `"any"` when there may be more.
   */
  readonly mayWrite?: (server: string, tool: string, known: JsonObject | null, open: readonly string[] | "any") => boolean;
  /** Whether `.pages` of a tool must say `max` because no profile does; without it none must. */
  readonly pagesNeedMax?: (server: string, tool: string) => boolean;
}

/** A profile to check. */
export interface ProfileSource {
  readonly file: string;
  readonly source: string;
  /** Absent while nothing is generated yet: then arguments and results have no type. */
  readonly serverTypes?: string;
}

/** Checks and lowers; warm: what it parsed once it keeps. Never throws for what a person wrote. */
export interface Compiler {
  /** The Program, unless a diagnostic is an error. Diagnostics are in source order. */
  compileWorkflow(input: WorkflowSource): { readonly program: Program | null; readonly diagnostics: readonly Diagnostic[] };
  /** The lowered profile, unless a diagnostic is an error. */
  compileProfile(input: ProfileSource): { readonly profile: ProfileProgram | null; readonly diagnostics: readonly Diagnostic[] };
}

/** Starts a compiler. `apiFiles` are the declarations of the vocabulary; the package's own without it. */
export function createCompiler(options: { readonly apiFiles?: readonly ApiFile[] } = {}): Compiler {
  const api = options.apiFiles ?? apiFiles();
  let session: Session | null = null;
  const compile = <T extends Program | ProfileProgram>(input: ProfileSource, lower: (checked: Checked, faults: Faults) => T | null): { result: T | null; diagnostics: readonly Diagnostic[] } => {
    const guarded = guardSource(input.file, input.source);
    if (guarded !== null) return { result: null, diagnostics: [guarded] };
    try {
      session ??= createSession(api);
      return examine(session.open(input.source, input.serverTypes ?? null), input.file, lower);
    } catch (thrown) {
      if (!isStackOverflow(thrown)) throw thrown;
      session = null; // The compiler stopped in the middle of its work.
      return { result: null, diagnostics: [tooDeep(input.file)] };
    }
  };
  return {
    compileWorkflow: (input) => {
      const { result, diagnostics } = compile(input, (checked, faults) => workflowOf(input, checked, faults));
      return { program: result, diagnostics };
    },
    compileProfile: (input) => {
      const { result, diagnostics } = compile(input, ({ source, checker }, faults) => lowerProfile(createLowering("profile", source, checker, faults, NOTHING_KNOWN), input.file));
      return { profile: result, diagnostics };
    },
  };
}

const NOTHING_KNOWN: ToolKnowledge = { mayWrite: () => true, pagesNeedMax: () => false };
/** Canonical JSON and the journal go 256 levels deep; the rest is room for what wraps a Program. */
const MAX_PROGRAM_DEPTH = 240;

function examine<T extends Program | ProfileProgram>(checked: Checked, file: string, lower: (checked: Checked, faults: Faults) => T | null): { result: T | null; diagnostics: readonly Diagnostic[] } {
  const faults = createFaults(file, checked.source);
  if (checked.syntactic.length > 0 || !checkTypeSyntax(checked.source, faults)) return { result: null, diagnostics: faults.all(checked.syntactic) };
  const semantic = checked.semantic();
  const lowered = lower(checked, faults);
  const diagnostics = faults.all(semantic);
  if (lowered === null || diagnostics.some(({ severity }) => severity === "error")) return { result: null, diagnostics };
  if (depthOf(lowered) > MAX_PROGRAM_DEPTH) return { result: null, diagnostics: [...diagnostics, tooDeep(file)] };
  return { result: deepFreeze(lowered), diagnostics };
}

function workflowOf(input: WorkflowSource, { source, checker }: Checked, faults: Faults): Program | null {
  const knowledge: ToolKnowledge = { mayWrite: input.mayWrite ?? NOTHING_KNOWN.mayWrite, pagesNeedMax: input.pagesNeedMax ?? NOTHING_KNOWN.pagesNeedMax };
  const l = createLowering("workflow", source, checker, faults, knowledge);
  const program = lowerWorkflow(l, input.file);
  if (program === null) return null;
  const node = (site: string): ts.Node => l.stepNodes.get(site) ?? source;
  checkEffects({ program, faults, knowledge, classified: input.mayWrite !== undefined, helperOf: (expression) => l.scope.references.get(expression as never)?.draft?.node, node });
  checkOnceKeys(program, faults, node);
  warnIdentities(l, program);
  return program;
}

function warnIdentities(l: Lowering, program: Program): void {
  const writes = new Set<ts.Node>();
  const places: { node: ts.Node; what: string }[] = [];
  walkSteps([program.globals, program.body], () => undefined, (met) => {
    const node = met.kind === "for-of" ? undefined : l.stepNodes.get(met.site);
    if (node === undefined || !ts.isCallExpression(node)) return true;
    if (isWrite(l, met)) writes.add(node);
    const first = node.arguments[0];
    if (first !== undefined && (met.kind === "once" || (met.kind === "record" && met.operation !== "all"))) places.push({ node: first, what: met.kind === "once" ? "The key of this once" : "The identity of this record" });
    return true;
  });
  warnUnknownIdentities(l.source, l.facts, l.faults, writes, places);
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
