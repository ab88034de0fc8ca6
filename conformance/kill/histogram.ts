/** What the store's file holds when a process has just been killed. */
export interface StoreSnapshot {
  readonly lease: { readonly pid: number; readonly fence: number } | null;
  readonly runs: readonly { readonly id: string; readonly status: string }[];
  readonly effects: readonly EffectSnapshot[];
}

/** A row of the ledger, as far as the kill test looks at it. */
export interface EffectSnapshot {
  readonly id: string;
  readonly status: "intended" | "done" | "failed" | "ambiguous";
  /** The lease's token of the process that intended it last. */
  readonly fence: number;
  /** Epoch milliseconds. */
  readonly deadlineAt: number;
}

/** Where in a process's work a kill hit. */
export type Hit =
  | { readonly kind: "before" }
  | { readonly kind: "in-flight"; readonly count: number }
  | { readonly kind: "between" }
  | { readonly kind: "after" }
  /** It had handed its run to another process and waited. */
  | { readonly kind: "following" };

/** What is known of a killed process besides the store. */
export interface Victim {
  readonly pid: number;
  /** It said that it drives a run. */
  readonly begun: boolean;
  /** Another process that works on the same store; null when there is none. */
  readonly rival: number | null;
}

const IN_WORK: readonly string[] = ["queued", "running"];

/** Where a kill hit, told by what is on disk. */
export function hitOf(store: StoreSnapshot, { pid, begun, rival }: Victim): Hit {
  const { lease } = store;
  if (lease?.pid === pid) return hitOfDriver(store, lease.fence);
  const isRivals = lease !== null && lease.pid === rival;
  if (!begun) return { kind: isRivals ? "following" : "before" };
  // The rival was quicker than we: the victim's token was the one before.
  if (isRivals) return hitOfDriver(store, lease.fence - 1);
  return { kind: "after" };
}

function hitOfDriver({ effects, runs }: StoreSnapshot, fence: number): Hit {
  const own = effects.filter((effect) => effect.fence === fence);
  const count = own.filter(({ status }) => status === "intended").length;
  if (count > 0) return { kind: "in-flight", count };
  if (!runs.some(({ status }) => IN_WORK.includes(status))) return { kind: "after" };
  return own.length === 0 ? { kind: "before" } : { kind: "between" };
}

/** A hit in words. */
export function describeHit(hit: Hit): string {
  switch (hit.kind) {
    case "before":
      return "before its first intent";
    case "in-flight":
      return `${hit.count} intended without outcome`;
    case "between":
      return "between an outcome and the run's end";
    case "after":
      return "after the run's end";
    case "following":
      return "while it followed another process";
  }
}

/** The hits as bars, in the order of a run. */
export function histogramText(hits: readonly Hit[]): readonly string[] {
  const inFlight = [...new Set(hits.flatMap((hit) => (hit.kind === "in-flight" ? [hit.count] : [])))].toSorted((a, b) => a - b);
  const order: readonly Hit[] = [{ kind: "before" }, ...inFlight.map((count): Hit => ({ kind: "in-flight", count })), { kind: "between" }, { kind: "after" }, { kind: "following" }];
  const names = order.map(describeHit);
  const width = Math.max(...names.map((name) => name.length));
  return names.map((name) => {
    const count = hits.filter((hit) => describeHit(hit) === name).length;
    return `  ${name.padEnd(width)}  ${String(count).padStart(3)}  ${"#".repeat(count)}`.trimEnd();
  });
}
