import { type Expression, type FunctionNode, knownArguments, type Program, type StepNode, WAIT_KINDS } from "../../program/index.ts";
import type { Faults } from "../faults.ts";
import type { Callee } from "../lower/callee.ts";
import type { ToolKnowledge } from "../lower/lowering.ts";
import type { ts } from "../typescript.ts";
import { type HelperOf, type Met, walkSteps } from "./walk.ts";
import { countWrites } from "./write-paths.ts";

/** What the checks of effects look at. */
export interface EffectCheck {
  readonly program: Pick<Program, "body" | "globals" | "records" | "triggers" | "limits">;
  readonly faults: Faults;
  readonly helperOf: HelperOf;
  readonly knowledge: ToolKnowledge;
  /** The workflows that are called. */
  readonly callees: readonly Pick<Callee, "facts" | "program">[];
  /** Whether the caller knows which calls write: without that, a read cannot be told from a write. */
  readonly classified: boolean;
  /** Where a step or loop stands. */
  node(site: string): ts.Node;
}

/** Everything that can be said of a workflow's writes before it runs. */
export function checkEffects(check: EffectCheck): void {
  checkIdentity(check);
  checkSingleWrites(check);
  checkReadOnly(check);
  checkLoops(check);
  checkBranches(check);
}

/** True for a step that writes, or may. */
export function isWrite(check: Pick<EffectCheck, "knowledge" | "callees">, step: Expression | Met): boolean {
  if (step.kind === "once" || step.kind === "once-per-run" || step.kind === "start-workflow") return true;
  if (step.kind === "record") return step.operation === "ensure" || step.operation === "release";
  if (step.kind === "call-workflow") return check.callees[step.workflow]?.facts.writes === true;
  if (step.kind !== "tool") return false;
  const { known, open } = knownArguments(step.args);
  return check.knowledge.mayWrite(step.server, step.tool, known, open);
}

const WAITS: ReadonlySet<string> = new Set(WAIT_KINDS);
const isWait = (met: Met): boolean => WAITS.has(met.kind);
const isOnce = (met: Met): boolean => met.kind === "once" || met.kind === "once-per-run";
const where = (met: Met): string => (met.kind === "for-of" ? met.loop : met.site);

function checkIdentity(check: EffectCheck): void {
  if (check.program.triggers.length === 0) return;
  walkSteps(check.program.body, check.helperOf, (met) => {
    if (isOnce(met)) return false;
    if (met.kind === "tool" && isWrite(check, met)) {
      check.faults.error(check.node(met.site), "WRITE_WITHOUT_IDENTITY", `${met.server}.${met.tool} may write, and each run that a trigger starts would do it again.`, "Wrap it: `once(key, () => …)`, use a record, or say `once.perRun(() => …)` when repeating is meant.");
    }
    const bare = met.kind === "call-workflow" ? check.callees[met.workflow]?.facts.bareWrite : undefined;
    if (met.kind === "call-workflow" && typeof bare === "string") {
      check.faults.error(check.node(met.site), "WRITE_WITHOUT_IDENTITY", `${check.callees[met.workflow]?.program.name} makes ${bare} without an identity, and each run that a trigger starts would do it again.`, "Give the write an identity there: `once(key, () => …)`, a record, or `once.perRun(() => …)` when repeating is meant.");
    }
    return true;
  });
}

/** Functions that make one write: of records, and of `once`. */
function singleWrites(check: EffectCheck): readonly { readonly fn: FunctionNode; readonly what: string; readonly site: string | null }[] {
  const found: { fn: FunctionNode; what: string; site: string | null }[] = [];
  for (const record of check.program.records) {
    for (const key of ["create", "update", "release", "reopen"] as const) {
      const fn = record[key];
      if (fn !== undefined) found.push({ fn, what: `${key} of the record ${record.name}`, site: null });
    }
  }
  everywhere(check, (met) => {
    if (met.kind === "once" || met.kind === "once-per-run") found.push({ fn: met.fn, what: met.kind === "once" ? "once" : "once.perRun", site: met.site });
  });
  return found;
}

function everywhere(check: EffectCheck, meet: (met: Met) => void): void {
  walkSteps([check.program.globals, check.program.records, check.program.body], () => undefined, (met) => {
    meet(met);
    return true;
  });
}

function checkSingleWrites(check: EffectCheck): void {
  for (const { fn, what, site } of singleWrites(check)) {
    const place = site === null ? { start: fn.at ?? 0, end: fn.at ?? 0 } : check.node(site);
    const hint = "Make exactly one write on each path; read what it needs around it, and put further writes into a `once` or record of their own.";
    let nested = false;
    walkSteps(fn, check.helperOf, (met) => {
      if (met.kind === "tool" || met.kind === "pages" || met.kind === "resource" || met.kind === "prompt" || met.kind === "ask" || met.kind === "own" || met.kind === "now" || met.kind === "log") return true;
      const loop = met.kind === "each" || met.kind === "for-of";
      if (loop && met.kind === "for-of" && !takesSteps(check, met)) return true;
      if (met.kind === "state" || (met.kind === "record" && !isWrite(check, met))) return true;
      nested = true;
      check.faults.error(check.node(where(met)), "ONE_WRITE", `${loop ? "A loop" : met.kind === "parallel" ? "parallel" : isWait(met) ? "A wait" : "Another write of its own"} cannot stand inside ${what}.`, hint);
      return false;
    });
    if (nested) continue;
    const range = countWrites(fn, (node) => isWrite(check, node), check.helperOf);
    // Where nothing is known of tools, further calls may be reads.
    if (range === null || (range[0] === 1 && range[1] === 1) || (!check.classified && range[1] > 0)) continue;
    const found = range[1] > 1 ? "may make more than one write" : range[1] === 0 ? "makes no write" : "makes no write on some path";
    check.faults.error(place, "ONE_WRITE", `${what} ${found}.`, hint);
  }
}

function takesSteps(check: EffectCheck, loop: Met): boolean {
  let found = false;
  walkSteps((loop as { readonly body?: unknown }).body, check.helperOf, (met) => {
    found ||= met.kind !== "now" && met.kind !== "log";
    return !found;
  });
  return found;
}

/** Callbacks that only look. Where nothing is known of tools, every call may write, and nothing can be said. */
function checkReadOnly(check: EffectCheck): void {
  const refuse = (fn: FunctionNode | undefined, what: string): void => {
    if (fn === undefined) return;
    walkSteps(fn, check.helperOf, (met) => {
      if (isWait(met)) check.faults.error(check.node(where(met)), "WAIT_IN_READ", `${what} only reads, and this may wait for days.`, "Wait in the workflow's body, before it.");
      const refused = met.kind === "call-workflow" || (isWrite(check, met) && (met.kind !== "tool" || check.classified));
      if (!refused) return true;
      check.faults.error(check.node(where(met)), "WRITE_IN_READ", `${what} only reads, and this may write.`, "Read here; write in `create`, `update` or `release`. If this call does read, say so in the server's profile.");
      return false;
    });
  };
  for (const record of check.program.records) for (const key of ["find", "read", "releaseWhen"] as const) refuse(record[key], `${key} of the record ${record.name}`);
  everywhere(check, (met) => refuse(met.kind === "once" ? met.confirm : undefined, "confirm"));
}

function checkLoops(check: EffectCheck): void {
  const { faults } = check;
  everywhere(check, (loop) => {
    if (loop.kind !== "each" && loop.kind !== "for-of") return;
    const inside = stepsIn(check, loop);
    const write = inside.find((met) => isWrite(check, met));
    if (write !== undefined && loop.kind === "for-of" && !stepsIn(check, loop, true).every((met) => !isWrite(check, met))) {
      faults.error(check.node(loop.loop), "EACH_REQUIRED", "Writes in `for…of` have no identity that survives a change of the list.", "Use `await each(items, { key: (item) => … }, async (item) => { … })`.");
    }
    if (write !== undefined && check.program.limits.writes === undefined) {
      faults.warning(check.node(where(loop)), "LIMITS_MISSING", "This loop writes, and nothing bounds how often.", "Add `limits: { writes: 50 }` to the workflow.");
    }
    if (loop.kind === "each" && loop.parallel !== undefined && !(loop.parallel.kind === "const" && loop.parallel.value === 1)) {
      for (const met of inside) if (usesState(check, met)) faults.error(check.node(met.site), "STATE_IN_PARALLEL", "Bodies that run side by side would race for this state.", "Return the value from the body, and set the state after the loop.");
    }
    for (const met of inside) {
      if ((met.kind === "once" || met.kind === "start-workflow") && met.key.kind === "const") faults.warning(check.node(met.site), "ONCE_KEY_CONSTANT", "The key is the same for every item, so only the first one is made.", "Put what tells the items apart into the key.");
    }
  });
}

function usesState(check: EffectCheck, step: StepNode): boolean {
  return step.kind === "state" || (step.kind === "call-workflow" && check.callees[step.workflow]?.facts.states === true);
}

/** States in branches that run side by side. */
function checkBranches(check: EffectCheck): void {
  everywhere(check, (met) => {
    if (met.kind !== "parallel") return;
    walkSteps(met.branches, check.helperOf, (inside) => {
      if (inside.kind !== "for-of" && usesState(check, inside)) check.faults.error(check.node(inside.site), "STATE_IN_PARALLEL", "Branches that run side by side would race for this state.", "Return the value from the branch, and set the state after `parallel`.");
      return true;
    });
  });
}

function stepsIn(check: EffectCheck, loop: Extract<Met, { kind: "each" | "for-of" }>, withoutEach = false): readonly StepNode[] {
  const found: StepNode[] = [];
  walkSteps(loop.kind === "each" ? loop.fn : loop.body, check.helperOf, (met) => {
    if (met.kind !== "for-of") found.push(met);
    return !(withoutEach && met.kind === "each");
  });
  return found;
}
