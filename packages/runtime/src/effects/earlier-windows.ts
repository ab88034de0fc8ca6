import type { OnceIdentity, StepKey } from "../model/index.ts";
import type { Store } from "../state/index.ts";
import type { EffectsRun } from "./ports.ts";

const ALL = Number.MAX_SAFE_INTEGER;
/** What failed did not happen. */
const COUNTED = ["intended", "done", "ambiguous"] as const;

/** A write of a `once … for:`: its step lies below that of the `once`. */
interface Windowed {
  readonly step: StepKey;
  readonly window: number;
}

/** In which windows the runs that a run continues wrote at its steps, or may have; read once, and only when it is a continuation. */
export function createEarlierWindows(store: Store, { id, rootRunId }: EffectsRun): (identity: OnceIdentity, step: StepKey) => Promise<number | null> {
  let read: Promise<ReadonlyMap<string, readonly Windowed[]>> | null = null;
  return async (identity, step) => {
    if (id === rootRunId) return null;
    const written = (await (read ??= readWindows(store, rootRunId))).get(nameOf(identity)) ?? [];
    return written.find((one) => one.step.startsWith(`${step}/`))?.window ?? null;
  };
}

/** Of each key those that were intended first are first. */
async function readWindows(store: Store, rootRunId: string): Promise<ReadonlyMap<string, readonly Windowed[]>> {
  const entries = await store.transact({ durable: false, reads: true }, (tx) => tx.listEffects({ rootRunId, status: COUNTED, limit: ALL }));
  const windows = new Map<string, Windowed[]>();
  for (const { identity, step } of entries.toReversed()) {
    if (identity.kind !== "once" || identity.window === null) continue;
    const known = windows.get(nameOf(identity)) ?? [];
    known.push({ step, window: identity.window });
    windows.set(nameOf(identity), known);
  }
  return windows;
}

function nameOf({ scope, key }: OnceIdentity): string {
  return JSON.stringify([scope, key]);
}
