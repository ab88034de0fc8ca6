import type { ErrorData } from "../base/index.ts";
import type { LedgerEntry } from "../model/index.ts";
import type { RecordView } from "./record-view.ts";

function name(view: RecordView): string {
  return `${view.key.record} ${view.key.key}`;
}

/** `find` gave several targets: which one is meant, only a person can say. */
export function ambiguousRecord(view: RecordView, count: number): ErrorData {
  return { code: "AMBIGUOUS_RECORD", message: `${name(view)}: find() gave ${count} targets for this identity.`, hint: "Make find() narrower, or remove the ones that are not meant." };
}

/** An update was made and the target still differs. */
export function notConverging(view: RecordView): ErrorData {
  return {
    code: "NOT_CONVERGING",
    message: `${name(view)}: it was updated, and same() still says that it differs. It is left alone until the desired arguments change.`,
    hint: "same() compares something that update() does not set, or the server changes what it is given.",
  };
}

/**
 * It cannot be known whether the write happened. `provesAfterMs` says how long after its deadline not finding it proves that
 * it did not; null when that never proves anything.
 */
export function unsettled(view: RecordView, open: LedgerEntry, provesAfterMs: number | null): ErrorData {
  const what = open.identity.kind === "record" ? open.identity.action : "write";
  const look = `look at ${view.target === "" ? open.server : view.target}, then tell: offstage resolve ${open.id.slice(0, 12)}.`;
  if (provesAfterMs === null) {
    return {
      code: "EFFECT_AMBIGUOUS",
      message: `${name(view)}: it is not known whether its ${what} happened, and nothing that can be asked tells.`,
      hint: `L${look.slice(1)} Later runs try again to find out.`,
    };
  }
  return {
    code: "EFFECT_AMBIGUOUS",
    message: `${name(view)}: it cannot be told yet whether its ${what} happened. From ${secondAfter(open.deadlineAt + provesAfterMs)} on the next run can: what it does not find then did not happen.`,
    hint: `Run it again after that; or, to go on now, ${look}`,
  };
}

/** The first whole second after an instant, as people read it. */
function secondAfter(ms: number): string {
  return new Date((Math.floor(ms / 1000) + 1) * 1000).toISOString().replace(".000Z", "Z");
}

/** The write happened, its result could not be read and `find` does not show it yet. */
export function unreadable(view: RecordView): ErrorData {
  return {
    code: "RESULT_UNREADABLE",
    message: `${name(view)}: it was written, its result could not be read, and find() does not show it yet.`,
    hint: "A later run asks find() again; or tell what was made: offstage resolve.",
  };
}

/** The server speaks to another account or site than the one that this identity lives in. */
export function targetChanged(view: RecordView, before: string): ErrorData {
  return {
    code: "TARGET_CHANGED",
    message: `${name(view)} lives in ${before}, and the server speaks to ${view.target} now.`,
    hint: "Point the server in mcp.json back, or use another store for the other target.",
  };
}
