import { formatDuration, hashJson } from "../../base/index.ts";
import type { StepKey } from "../../model/index.ts";
import type { SleepRequest } from "../ports.ts";
import type { Strand } from "../strand.ts";
import { unknownOf } from "../unknown.ts";
import type { Value } from "../value.ts";
import { awaitAnswer, beginWait, checkMs, earlierWait, passWait, reallyWaits } from "./park.ts";

/** `sleep(d)`: so long from when it is first reached. */
export async function sleep(c: Strand, step: StepKey, duration: Value): Promise<Value> {
  beginWait(c, "sleep");
  return wait(c, duration, (value) => {
    const ms = Math.max(0, Math.ceil(checkMs(value, "The duration of sleep")));
    return { kind: "sleep", step, hash: hashJson(["sleep", ms]), label: `sleep ${formatDuration(ms)}`, end: { afterMs: ms } };
  });
}

/** `until(t)`: to an instant; one that has passed is over at once. */
export async function sleepUntil(c: Strand, step: StepKey, time: Value): Promise<Value> {
  beginWait(c, "until");
  return wait(c, time, (value) => {
    const at = Math.ceil(checkMs(value, "The time of until"));
    return { kind: "sleep", step, hash: hashJson(["until", at]), label: `until ${new Date(at).toISOString()}`, end: { at } };
  });
}

async function wait(c: Strand, given: Value, requestOf: (value: Value) => SleepRequest): Promise<Value> {
  const unknown = unknownOf(c, given);
  const request = unknown === null ? requestOf(given) : null;
  if (request === null || !reallyWaits(c)) {
    passWait(c, unknown);
    return undefined;
  }
  await awaitAnswer(c, request.step, request.hash, async () => (earlierWait(c, request.step, request.hash) === undefined ? c.run.ports.waits.sleep(request) : { kind: "over", value: null }));
  return undefined;
}
