import type { Data } from "../base/index.ts";
import type { EffectId, RecordKey } from "../model/index.ts";

/** A change of a binding. `effect` is the effect it follows from, whose row it completes in the same transaction. */
export type BindingChange =
  | { readonly kind: "bound"; readonly key: RecordKey; readonly effect: EffectId; readonly generation: number; readonly kept: Data; readonly targetKey: string; readonly adopted: boolean; readonly server: string }
  | { readonly kind: "updated"; readonly key: RecordKey; readonly effect: EffectId; readonly notConverging: string | null }
  | { readonly kind: "released"; readonly key: RecordKey; readonly effect: EffectId | null }
  | { readonly kind: "reopened"; readonly key: RecordKey; readonly effect: EffectId }
  /**
   * Nothing was done. `goneSince` keeps the first witness of a disappearance; null clears it. `converged`: the target was
   * seen to be as desired, so that an earlier NOT_CONVERGING is over.
   */
  | { readonly kind: "seen"; readonly key: RecordKey; readonly goneSince: number | null; readonly converged?: boolean };

/** The arguments (and the value) of an `adopt` effect: perform makes the binding from them, in its own transaction. */
export interface Adoption {
  readonly kept: Data;
  readonly targetKey: string;
}
