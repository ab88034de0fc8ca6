import type { Expression, FunctionNode, ProfileProgram, RuleNode } from "../../program/index.ts";

/** Which parameters of a profile's functions are surely what a tool answered, as it is made for profiles: its `text` is a text, its `isError` a boolean. */
export type RawResults = ReadonlyMap<FunctionNode, ReadonlySet<number>>;

const TAKE_RAW = ["result", "failed", "refused", "gone", "target"] as const satisfies readonly (keyof RuleNode)[];

/** The parameter that rules give it to, and those of helpers that are given nothing else anywhere. */
export function rawResultsOf(profile: ProfileProgram): RawResults {
  const rules = Object.values(profile.rules).flat();
  const others = new Set<unknown>(rules.flatMap(({ when, idempotent, pages }) => [when, idempotent, ...(typeof pages === "object" ? [pages.items, pages.next, pages.more] : [])]));
  const takers = rules.flatMap((rule) => TAKE_RAW.flatMap((name) => rule[name] ?? [])).filter((fn) => !others.has(fn));
  const helpers = profile.globals.map(({ value }) => (value.kind === "function" ? value.fn : null));
  const raw = new Map<FunctionNode, Set<number>>(takers.map((fn) => [fn, new Set([0])]));
  for (const helper of helpers) if (helper !== null) raw.set(helper, new Set(helper.parameters.keys()));
  const calls = [...profile.globals.map(({ value }) => value), ...rules].flatMap((root) => callsIn(root, helpers, []));
  // Until nothing is taken away: what is given to one helper may be what another one was given.
  for (let before = -1, left = sizeOf(raw); left !== before; before = left, left = sizeOf(raw)) {
    for (const call of calls) for (const index of raw.get(call.helper) ?? []) if (!isRaw(call, index, raw)) raw.get(call.helper)?.delete(index);
  }
  const called = new Set([...takers, ...calls.map(({ helper }) => helper)]);
  return new Map([...raw].filter(([fn]) => called.has(fn)));
}

interface HelperCall {
  readonly helper: FunctionNode;
  /** Null where a helper is named without being called. */
  readonly args: Extract<Expression, { readonly kind: "call" }>["args"] | null;
  /** The frames around, the innermost last; a loop is one without parameters. */
  readonly frames: readonly (FunctionNode | null)[];
}

function sizeOf(raw: ReadonlyMap<FunctionNode, ReadonlySet<number>>): number {
  return [...raw.values()].reduce((sum, { size }) => sum + size, 0);
}

function isRaw({ args, frames }: HelperCall, index: number, raw: ReadonlyMap<FunctionNode, ReadonlySet<number>>): boolean {
  const given = args?.[index];
  const [first] = args ?? [];
  // All that a rule gives is handed on.
  if (index === 0 && first !== undefined && "spread" in first) {
    const around = frames.at(-1);
    const rest = around?.rest?.pattern;
    return around !== undefined && around !== null && around.parameters.length === 0 && raw.get(around)?.has(0) === true && first.spread.kind === "local" && first.spread.up === 0 && rest?.kind === "bind" && rest.slot === first.spread.slot;
  }
  if (given === undefined || "spread" in given || given.kind !== "local" || args?.slice(0, index).some((one) => "spread" in one) === true) return false;
  const owner = frames.at(-1 - given.up);
  const at = owner?.parameters.findIndex(({ pattern, fallback }) => pattern.kind === "bind" && pattern.slot === given.slot && fallback === undefined) ?? -1;
  return owner !== undefined && owner !== null && raw.get(owner)?.has(at) === true && !isAssigned(owner.body, given.slot, 0);
}

/** The places where helpers of the module are named. */
function callsIn(node: unknown, helpers: readonly (FunctionNode | null)[], frames: readonly (FunctionNode | null)[]): readonly HelperCall[] {
  if (typeof node !== "object" || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((one) => callsIn(one, helpers, frames));
  const known = node as Expression;
  if (known.kind === "const") return [];
  const helper = known.kind === "call" && known.callee.kind === "global" ? helpers[known.callee.index] : known.kind === "global" ? helpers[known.index] : null;
  const here = helper === null || helper === undefined ? [] : [{ helper, args: known.kind === "call" ? known.args : null, frames }];
  const inner = "parameters" in node ? [...frames, node as unknown as FunctionNode] : "loop" in node ? [...frames, null] : frames;
  return [...here, ...Object.entries(node).flatMap(([key, child]) => (key === "callee" && here.length > 0 ? [] : callsIn(child, helpers, "loop" in node && key === "items" ? frames : inner)))];
}

function isAssigned(node: unknown, slot: number, depth: number): boolean {
  if (typeof node !== "object" || node === null) return false;
  if (Array.isArray(node)) return node.some((one) => isAssigned(one, slot, depth));
  const known = node as Expression;
  if (known.kind === "assign" && known.target.up === depth && known.target.slot === slot) return true;
  const inner = "parameters" in node || "loop" in node ? depth + 1 : depth;
  return Object.values(node).some((child) => isAssigned(child, slot, inner));
}
