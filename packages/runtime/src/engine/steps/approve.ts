import { encodeValue, hashJson, type Json, OffstageError, shorten } from "../../base/index.ts";
import type { StepKey } from "../../model/index.ts";
import type { WaitNode } from "../../program/index.ts";
import { toPartial, unknownIn } from "../data.ts";
import { typeError } from "../failure.ts";
import { article } from "../kinds.ts";
import type { ApproveRequest } from "../ports.ts";
import type { Strand } from "../strand.ts";
import { touch, unknownOf } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";
import { awaitAnswer, beginWait, checkMs, passWait, reallyWaits } from "./park.ts";

/** What `approve` is told, evaluated. */
export interface ApproveOptions {
  readonly message: Value;
  readonly show: Value;
  readonly by: Value;
  /** Milliseconds; undefined for ever. */
  readonly within: Value;
  readonly onTimeout: NonNullable<Extract<WaitNode, { readonly kind: "approve" }>["onTimeout"]> | null;
}

/** How a step was answered, as the journal has it. */
interface Answered {
  readonly verdict: "approved" | "denied" | null;
  readonly by?: string;
  readonly at: number;
}

/** Longer messages are shown whole where they are answered. */
const LABEL = 200;

/** `approve(…)`: a person's answer, as `{ outcome, by, at }`. */
export async function approve(c: Strand, step: StepKey, options: ApproveOptions): Promise<Value> {
  beginWait(c, "approve");
  const request = requestOf(c, step, options);
  if (request instanceof Unknown || !reallyWaits(c)) {
    const unknown = passWait(c, request instanceof Unknown ? request : null);
    touch(c, unknown);
    return unknown;
  }
  const answer = await awaitAnswer(c, step, request.hash, async () => (await c.run.ports.waits.approve(request)) as Awaited<ReturnType<Parameters<typeof awaitAnswer>[3]>>);
  return outcomeOf(answer as unknown as Answered, options.onTimeout, request.label);
}

function outcomeOf({ verdict, by, at }: Answered, onTimeout: ApproveOptions["onTimeout"], label: string): Value {
  const told = (outcome: "approved" | "denied" | "timeout"): Value => Object.freeze({ outcome, by: by ?? null, at: new Date(at).toISOString() });
  if (verdict !== null) return told(verdict);
  switch (onTimeout) {
    case null:
      return told("timeout");
    case "approve":
      return told("approved");
    case "deny":
      return told("denied");
    case "fail":
      throw new OffstageError("APPROVAL_TIMEOUT", `Nobody answered in time: ${label}`);
  }
}

function requestOf(c: Strand, step: StepKey, { message, show, by, within }: ApproveOptions): ApproveRequest | Unknown {
  const { frame } = c.run;
  const unknown = [message, by, within].map((value) => unknownOf(c, value)).find((value) => value !== null);
  if (unknown !== undefined && unknown !== null) return unknown;
  if (typeof message !== "string") throw typeError(`The message of approve is ${article(message)}.`);
  const shown = show === undefined ? null : toPartial(c, show, { what: "What approve shows", unsafe: "keep" });
  const inputs = toPartial(c, c.module.inputs, { what: "The inputs", unsafe: "keep" });
  const unknownPart = (shown === null ? null : unknownIn(shown)) ?? unknownIn(inputs);
  if (unknownPart !== null) return unknownPart;
  const names = by === undefined ? null : namesOf(c, by);
  const withinMs = within === undefined ? null : Math.max(0, Math.ceil(checkMs(within, "within of approve")));
  // Nothing shown: then nothing tells whether a later run asks about the same thing, and each asks for itself.
  const topic = hashJson([c.module.scope, step, plain(inputs.value), shown === null ? frame.rootRunId : null]);
  return { step, topic, message, show: shown?.value ?? null, by: names, withinMs, label: shorten(message, LABEL), hash: hashJson(plain([message, shown?.value ?? null, names])) };
}

/** A canonical form for hashes, in which a poisoned integer is what it shows. */
function plain(value: unknown): Json {
  return JSON.parse(encodeValue(value)) as Json;
}

function namesOf(c: Strand, by: Value): readonly string[] {
  const names = toPartial(c, by, { what: "by of approve", unsafe: "refuse" }).value;
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === "string")) throw typeError("by of approve must be a list of names, at least one: else nobody could answer.");
  return names as readonly string[];
}
