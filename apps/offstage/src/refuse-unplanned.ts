import { OffstageError } from "offstage/base";
import type { Store } from "offstage/state";
import { escapeControls } from "./terminal.ts";

const MAX_SEARCHED = 1_000;

/**
 * People look for what an apply held, and nobody is asked about that: it was in no plan. Errors: `REQUEST_UNKNOWN`, with what goes on instead, for a beginning of such an effect's id that is
 * the beginning of no id of `asked`.
 */
export async function refuseUnplanned(store: Store, wanted: readonly string[], asked: readonly { readonly id: string }[]): Promise<void> {
  const strange = wanted.filter((prefix) => prefix.length >= 4 && !asked.some(({ id }) => id.startsWith(prefix)));
  if (strange.length === 0) return;
  const runs = await store.transact({ durable: false, reads: true }, (tx) => tx.listRuns({ status: ["pending"], limit: MAX_SEARCHED }));
  for (const { workflow, held } of runs) {
    const found = held.find(({ effect, why }) => why.startsWith("not in plan: ") && strange.some((prefix) => effect.startsWith(prefix)));
    if (found === undefined) continue;
    throw new OffstageError("REQUEST_UNKNOWN", `${escapeControls(found.label)} waits for no person: an apply held it, because its plan does not have it so.`, { hint: `\`offstage plan ${workflow}\` shows it for another apply, \`offstage run ${workflow}\` makes it as far as the policy lets it.` });
  }
}
