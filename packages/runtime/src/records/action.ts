import type { ErrorData } from "../base/index.ts";
import type { EffectId, Evidence, HoldReason } from "../model/index.ts";

/**
 * The next thing to do for one identity of a record. Whoever executes it adds what it observed to the facts, takes a new
 * view after `perform`, `settle` and `bind`, and asks again, until `done`, `hold`, `blocked` or `fail`.
 */
export type RecordStep =
  /** Call `find`, note the target keys of all it gives. */
  | { readonly kind: "find" }
  /** Call `read` with what was kept. */
  | { readonly kind: "read" }
  /** Call `same` with what was read. */
  | { readonly kind: "compare" }
  | RecordWrite
  /** Tell the ledger what was found; `by: "find"` gives the item found as the value, `by: "read"` null. */
  | { readonly kind: "settle"; readonly effect: EffectId; readonly evidence: { readonly kind: "found"; readonly by: "find" | "read"; readonly targetKey: string | null } | Extract<Evidence, { kind: "absent" }> }
  | RecordBind
  /** Everything is as it should be: bind `seen` with `converged`, the value is what is kept. */
  | { readonly kind: "done"; readonly converged: boolean }
  /** The effect cannot be settled now; the item ends, `offstage resolve` may tell. */
  | { readonly kind: "blocked"; readonly effect: EffectId; readonly error: ErrorData }
  /** The next generation may be due, and that is not proven: the value is unknown, from the effect that would create it. */
  | { readonly kind: "hold"; readonly generation: number; readonly why: HoldReason }
  | { readonly kind: "fail"; readonly error: ErrorData };

/**
 * Evaluate the callback of that name and perform its write under this generation, action and revision; on `done`, drop
 * facts by `factsAfterWrite`. `certain: false`: the plan shows it as `may`.
 */
export type RecordWrite =
  /** The ledger's answer, when there is one, is the write's: the callback is evaluated again around it. */
  | { readonly kind: "create"; readonly generation: number; readonly revision: number; readonly certain: boolean }
  /** Keep the item found whose target key this is; performed with an {@link Adoption} as arguments. */
  | { readonly kind: "adopt"; readonly generation: number; readonly revision: number; readonly targetKey: string }
  | { readonly kind: "update" | "release" | "reopen"; readonly generation: number; readonly revision: number; readonly certain: boolean };

/** Store what a done effect means. After `updated`, facts say `updated: true`; after `reopened`, nothing is observed yet. */
export type RecordBind =
  /** `from: "function"`: keep what `create` returned (evaluated again when its value was lost); `found`: keep the item found. */
  | { readonly kind: "bind"; readonly change: "bound"; readonly effect: EffectId; readonly generation: number; readonly from: "function" | { readonly targetKey: string } }
  | { readonly kind: "bind"; readonly change: "updated"; readonly effect: EffectId; readonly notConverging: string | null }
  | { readonly kind: "bind"; readonly change: "reopened"; readonly effect: EffectId }
  /** `effect: null` only unbinds: an adopted target, or a record without `release`. */
  | { readonly kind: "bind"; readonly change: "released"; readonly effect: EffectId | null }
  /** Keep the first witness of a disappearance. */
  | { readonly kind: "bind"; readonly change: "seen"; readonly goneSince: number };
