import type { Data } from "offstage/base";
import type { Calls } from "offstage/calls";
import type { Paging } from "offstage/engine";

/** What reading all pages has to give: how many items over how many pages, and whether the tool could not give the rest. */
export interface ProvenPages {
  readonly items: number;
  readonly pages: number;
  readonly cut?: boolean;
}

/** More than any proof has. */
const MOST_PAGES = 10;

/** Reads all pages as a step does. Gives back what is wrong, or null. */
export async function provePaging({ call }: Pick<Calls, "call">, paging: Paging, { server, tool, args, of }: { readonly server: string; readonly tool: string; readonly args: Data; readonly of: ProvenPages }): Promise<string | null> {
  const seen: string[] = [];
  let next = paging.first(args as never) as Data | null;
  let cut = false;
  let pages = 0;
  for (; next !== null && pages < MOST_PAGES && !cut; pages++) {
    const outcome = await call(server, tool, next);
    if (outcome.kind !== "value") return `page ${pages + 1} of ${tool} ${JSON.stringify(next)}: ${outcome.error.message}`;
    seen.push(...paging.items(outcome.value as never).map((item) => JSON.stringify(item)));
    cut = paging.more(outcome.value as never);
    next = paging.next(next as never, outcome.value as never, pages) as Data | null;
  }
  const was = `${new Set(seen).size} items on ${pages} pages${cut ? ", and there is more" : ""}`;
  const wanted = `${of.items} items on ${of.pages} pages${of.cut === true ? ", and there is more" : ""}`;
  return was === wanted && seen.length === of.items ? null : `${tool} ${JSON.stringify(args)} gave ${was} (${seen.length} with what came twice), not ${wanted}`;
}
