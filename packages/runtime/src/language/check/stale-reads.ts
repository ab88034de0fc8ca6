import { formatDuration } from "../../base/index.ts";
import { type Expression, type FunctionNode, type Program, type Statement, type StepNode, WAIT_KINDS } from "../../program/index.ts";
import type { Faults } from "../faults.ts";
import type { CallFacts } from "../tool-facts.ts";
import type { ts } from "../typescript.ts";
import { type HelperOf, walkSteps } from "./walk.ts";

/** A write that was made, and the reads that may not show it yet. */
interface Written {
  readonly server: string;
  readonly tool: string;
  readonly affects: readonly string[];
}
/** What was written on the way to a place; null: no way leads there. */
type Pending = readonly Written[] | null;
type ToolStep = Extract<StepNode, { kind: "tool" | "pages" }>;

/** What {@link warnStaleReads} looks at. */
export interface StaleReads {
  readonly program: Pick<Program, "body" | "records">;
  readonly faults: Faults;
  readonly helperOf: HelperOf;
  readonly isWrite: (step: Expression) => boolean;
  readonly factsOf: (step: ToolStep) => CallFacts | null;
  node(site: string): ts.Node;
}

/** Steps that wait: what comes after them is no longer about the moment of the write. */
const WAITS: ReadonlySet<string> = new Set(WAIT_KINDS);

/**
 * Warns where a read follows a write that its profile says makes it stale, and the read lags: what it gives may be as if
 * the write had not happened. Only straight ways are followed, not from one turn of a loop to the next.
 */
export function warnStaleReads(check: StaleReads): void {
  inFunction({ ...check, running: new Set(), ends: new Map() }, check.program.body, []);
}

interface Walk extends StaleReads {
  /** Functions that are being gone through: recursion is refused elsewhere. */
  readonly running: Set<FunctionNode>;
  /** Of functions that were gone through: what was written before them → at their end. A helper of helpers is called more often than anybody could go through it. */
  readonly ends: Map<FunctionNode, Map<string, Pending>>;
}

function either(a: Pending, b: Pending): Pending {
  return a === null ? b : b === null ? a : b.reduce(withWritten, a);
}

function inFunction(walk: Walk, fn: FunctionNode, pending: Pending): Pending {
  if (walk.running.has(fn) || pending === null) return pending;
  const known = walk.ends.get(fn) ?? new Map<string, Pending>();
  walk.ends.set(fn, known);
  const before = pending.map(({ server, tool }) => `${server}.${tool}`).join(" ");
  const met = known.get(before);
  if (met !== undefined) return met;
  walk.running.add(fn);
  const end = inBlock(walk, fn.body, pending);
  walk.running.delete(fn);
  known.set(before, end);
  return end;
}

function withWritten(pending: readonly Written[], written: Written): readonly Written[] {
  return pending.some(({ server, tool }) => server === written.server && tool === written.tool) ? pending : [...pending, written];
}

/** Goes through statements; what `return` leaves behind counts as the end, what `throw` and `break` leave behind does not go on. */
function inBlock(walk: Walk, statements: readonly Statement[], pending: Pending): Pending {
  let now = pending;
  let left: Pending = null;
  for (const statement of statements) {
    if (now === null) break;
    if (statement.kind === "return") {
      left = either(left, statement.value === undefined ? now : inValue(walk, statement.value, now));
      now = null;
    } else if (statement.kind === "throw" || statement.kind === "break" || statement.kind === "continue") now = null;
    else now = inStatement(walk, statement, now);
  }
  return either(now, left);
}

function inStatement(walk: Walk, node: Statement, pending: Pending): Pending {
  switch (node.kind) {
    case "declare":
      return node.value.kind === "function" ? pending : inValue(walk, node.value, pending);
    case "if": {
      const tested = inValue(walk, node.test, pending);
      return either(inBlock(walk, node.then, tested), inBlock(walk, node.otherwise, tested));
    }
    case "for-of": {
      const before = inValue(walk, node.items, pending);
      return either(before, inBlock(walk, node.body, before));
    }
    case "try": {
      const done = inBlock(walk, node.body, pending);
      return either(done, inBlock(walk, node.handler, either(pending, done)));
    }
    case "block":
      return inBlock(walk, node.body, pending);
    case "expression":
      return inValue(walk, node.value, pending);
    default:
      return pending;
  }
}

function inValue(walk: Walk, node: unknown, pending: Pending): Pending {
  if (node === null || typeof node !== "object" || pending === null) return pending;
  if (Array.isArray(node)) return node.reduce<Pending>((before, item) => inValue(walk, item, before), pending);
  const expression = node as Expression;
  switch (expression.kind) {
    case "tool":
    case "pages":
      return toolStep(walk, expression, inValue(walk, expression.args, pending));
    case "conditional": {
      const tested = inValue(walk, expression.test, pending);
      return either(inValue(walk, expression.then, tested), inValue(walk, expression.otherwise, tested));
    }
    case "logical": {
      const left = inValue(walk, expression.left, pending);
      return either(left, inValue(walk, expression.right, left));
    }
    case "function":
      return inFunction(walk, expression.fn, pending);
    case "once":
      return inFunction(walk, expression.fn, inValue(walk, expression.key, pending));
    case "once-per-run":
      return inFunction(walk, expression.fn, pending);
    case "each": {
      const before = inValue(walk, expression.items, pending);
      return either(before, inValue(walk, expression.fn, before));
    }
    case "parallel":
      // Side by side: none comes after another.
      return expression.branches.map((branch) => inFunction(walk, branch.fn, pending)).reduce(either, pending);
    case "record":
      return recordStep(walk, expression, inValue(walk, expression.value, pending));
    default:
      return inOther(walk, expression, pending);
  }
}

function inOther(walk: Walk, node: Expression, pending: Pending): Pending {
  const helper = walk.helperOf(node);
  if (helper !== undefined) return inFunction(walk, helper, pending);
  if (WAITS.has(node.kind)) return [];
  return Object.values(node).reduce<Pending>((before, child) => inValue(walk, child, before), pending);
}

function toolStep(walk: Walk, step: ToolStep, pending: Pending): Pending {
  const facts = walk.factsOf(step);
  if (pending === null || facts === null) return pending;
  const { server, tool, site } = step;
  if (step.kind === "tool" && walk.isWrite(step)) return facts.affects.length === 0 ? pending : withWritten(pending, { server, tool, affects: facts.affects });
  const lagMs = facts.lagMs ?? 0;
  const before = lagMs === 0 ? undefined : pending.find((written) => written.server === server && written.affects.includes(tool));
  if (before !== undefined) {
    const message = `${server}.${tool} may not show yet what ${server}.${before.tool} wrote before it: it lags by up to ${formatDuration(lagMs)}.`;
    walk.faults.warning(walk.node(site), "READ_STALE", message, "Use what the write returned, read before it, or look again in the next run.");
  }
  return pending;
}

/** A record reads by itself as its profile's lag demands; what it wrote is what follows has to know of. */
function recordStep(walk: Walk, step: Extract<StepNode, { kind: "record" }>, pending: Pending): Pending {
  const record = walk.program.records[step.record];
  if (record === undefined || pending === null || step.operation === "lookup" || step.operation === "all") return pending;
  const written: Written[] = [];
  for (const fn of step.operation === "release" ? [record.release] : [record.create, record.update, record.reopen]) {
    if (fn === undefined) continue;
    walkSteps(fn, walk.helperOf, (met) => {
      const affects = met.kind === "tool" && walk.isWrite(met) ? (walk.factsOf(met)?.affects ?? []) : [];
      if (met.kind === "tool" && affects.length > 0) written.push({ server: met.server, tool: met.tool, affects });
      return true;
    });
  }
  return written.reduce(withWritten, pending);
}
