import type { ErrorData } from "../base/index.ts";
import type { DayLimit, EffectRequest } from "../model/index.ts";

const DAY_MS = 86_400_000;

/** When the day of an instant began, and when the next one does: in UTC, so that no clock change makes one longer. Ms. */
export function dayOf(now: number): { readonly since: number; readonly until: number } {
  const since = Math.floor(now / DAY_MS) * DAY_MS;
  return { since, until: since + DAY_MS };
}

/** The limits that count a write of a run of this workflow, by any of its names: a day goes on where it is renamed. An adoption calls nothing and is none. */
export function limitsOf(limits: readonly DayLimit[], names: readonly string[], { call }: Pick<EffectRequest, "call">): readonly DayLimit[] {
  if (call === null) return [];
  const is = (wanted: string | undefined, ...found: readonly string[]): boolean => wanted === undefined || found.includes(wanted);
  return limits.filter((limit) => is(limit.workflow, ...names) && is(limit.server, call.server) && is(limit.tool, call.tool));
}

/** Why a write is one too many today. */
export function dayLimit({ perDay, workflow, server, tool, place }: DayLimit, label: string): ErrorData {
  const what = [...(server === undefined && tool === undefined ? [] : [[server, tool].filter((one) => one !== undefined).join(".")]), ...(workflow === undefined ? [] : [`of ${workflow}`])];
  return {
    code: "LIMIT_WRITES_PER_DAY",
    message: `${label} would be one write too many today: the policy permits ${perDay}${what.length === 0 ? "" : ` (${what.join(" ")})`} a day${place === undefined ? "" : `, ${place}`}.`,
    hint: "See with `offstage runs` what writes so much. Raise policy.limits in offstage.yaml if so many are meant. The day is over at midnight, UTC: a run that goes on with what an event asked for is parked until then, and `offstage resume` lists it; named there, it goes on as soon as the limit is larger. Later events of its key wait for it.",
  };
}
