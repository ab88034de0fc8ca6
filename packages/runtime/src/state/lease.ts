import type { Lease, LeaseHolder } from "./store.ts";

/** `take`: write a lease of one's own with a new fence. `wait`: somebody lives in it. `mine`: this process holds it already. */
export type LeaseDecision = "take" | "wait" | "mine";

/**
 * Who may drive the store's runs. A lease that ran out may be taken by anybody. Before that only when it is certain that its
 * holder is gone: the machine was booted again, or it is a process of this machine and boot that no longer lives.
 * `alive` is asked only about such a process; of one on another machine nothing can be known but its lease's end.
 *
 * A lease is `mine` even when it ran out and nobody took it: the fence still tells, inside every transaction.
 */
export function decideLease(current: Lease | null, me: LeaseHolder, now: number, alive: (holder: LeaseHolder) => boolean): LeaseDecision {
  if (current === null) return "take";
  const { holder } = current;
  if (holder.host === me.host) {
    if (isSameProcess(holder, me)) return "mine";
    if (holder.boot !== me.boot) return "take";
    // Our own pid with another start: the holder is dead and its pid came to us.
    if (holder.pid === me.pid || !alive(holder)) return "take";
  }
  return now >= current.expiresAt ? "take" : "wait";
}

function isSameProcess(one: LeaseHolder, other: LeaseHolder): boolean {
  return one.boot === other.boot && one.pid === other.pid && one.started === other.started;
}
