import type { Store } from "offstage/state";
import { withStore } from "../compose-store.ts";
import type { Project } from "../project/load-project.ts";

/** More than a rehearsal needs to know, and less than a store may have. */
const MOST = 10_000;

/** Gives a rehearsal's store what the runs of a project have bound and written: what is there already is not made anew in it either. */
export async function copyWhatRunsMade(project: Project, into: Store): Promise<void> {
  const { bindings, effects } = await withStore(project, (store) => store.transact({ durable: false, reads: true }, async (tx) => ({
    bindings: await tx.listBindings({ limit: MOST }),
    effects: await tx.listEffects({ status: ["done"], limit: MOST }),
  })));
  await into.transact({ durable: false }, async (tx) => {
    for (const binding of bindings) await tx.putBinding(binding);
    // The store gives the newest first.
    for (const effect of effects.toReversed()) await tx.putEffect(effect, null);
  });
}
