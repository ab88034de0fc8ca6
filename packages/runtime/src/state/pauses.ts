import type { StoreTx } from "./store.ts";

/** What takes no writes now, sorted: `*` for everything, `workflow:x`, `server:y`. */
export async function pausedNames(tx: Pick<StoreTx, "getMeta">): Promise<readonly string[]> {
  const names = await tx.getMeta("paused");
  return Array.isArray(names) ? names.filter((name) => typeof name === "string").toSorted() : [];
}

/** Pauses what `add` names and lets go on what `remove` names; gives back what is paused then. Every write asks in the transaction that intends it: none begins after this one. */
export async function changePauses(tx: Pick<StoreTx, "getMeta" | "putMeta">, { add = [], remove = [] }: { readonly add?: readonly string[]; readonly remove?: readonly string[] }): Promise<readonly string[]> {
  const names = [...new Set([...(await pausedNames(tx)), ...add])].filter((name) => !remove.includes(name)).toSorted();
  await tx.putMeta("paused", names);
  return names;
}
