import { hashJson, UnsafeInteger } from "../../base/index.ts";
import type { CallClass, StepKey } from "../../model/index.ts";
import { toPartial, unknownIn } from "../data.ts";
import { typeError, unsafeInteger } from "../failure.ts";
import { article, isPlainObject } from "../kinds.ts";
import type { OfferCall } from "../ports.ts";
import { OFFERS, type Strand, SURE, toolKey } from "../strand.ts";
import { derive, unknownOf, unknownOfMode } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";
import { answered, valueOf } from "./calls.ts";

/** Nobody says anything of a resource or prompt: not finding something in one proves nothing. */
const READ: CallClass = { effect: "read", idempotent: false, consistent: false, lagMs: null, affects: [], undo: null };

/** `server.read(uri)`. */
export async function readResource(c: Strand, server: string, step: StepKey, uri: Value): Promise<Value> {
  const known = text(c, uri, `The URI of ${server}.read`);
  if (known instanceof Unknown) return unread(c, known);
  return readOffer(c, { step, server, offer: { kind: "resource", uri: known } });
}

/** `server.prompt(name, args)`. */
export async function readPrompt(c: Strand, server: string, step: StepKey, name: Value, args: Value): Promise<Value> {
  const what = `The arguments of ${server}.prompt`;
  const known = text(c, name, `The name of ${server}.prompt`);
  if (known instanceof Unknown) return unread(c, known);
  const partial = toPartial(c, args === undefined ? {} : args, { what, unsafe: "refuse" });
  const unknown = unknownIn(partial);
  if (unknown !== null) return unread(c, unknown);
  return readOffer(c, { step, server, offer: { kind: "prompt", name: known, args: texts(partial.value as Value, what) } });
}

/** Reads as a tool is read: not under a condition that is not known, and not what a held write of the server may have changed. */
async function readOffer(c: Strand, call: OfferCall): Promise<Value> {
  if (c.mode !== SURE) return unread(c, unknownOfMode(c.mode));
  const stale = c.stale.get(toolKey(call.server, OFFERS));
  if (stale !== undefined) return unread(c, new Unknown([stale]));
  if (c.waited) return unread(c, new Unknown([]));
  const { offer } = call;
  const asked = offer.kind === "resource" ? [offer.kind, call.server, offer.uri] : [offer.kind, call.server, offer.name, offer.args];
  return valueOf(c, await answered(c, call.step, READ, hashJson(asked), () => c.run.ports.reads.readOffer(call)), call.step);
}

function unread(c: Strand, why: Unknown): Unknown {
  c.run.ports.checkpoint("other");
  return derive(c, why);
}

function text(c: Strand, value: Value, what: string): string | Unknown {
  if (typeof value === "string") return value;
  const unknown = unknownOf(c, value);
  if (unknown !== null) return unknown;
  if (value instanceof UnsafeInteger) throw unsafeInteger(what);
  throw typeError(`${what} must be a string, not ${article(value)}.`);
}

/** Prompts take texts only. */
function texts(args: Value, what: string): { readonly [name: string]: string } {
  if (!isPlainObject(args)) throw typeError(`${what} must be an object, not ${article(args)}.`);
  const wrong = Object.entries(args).find(([, value]) => typeof value !== "string");
  if (wrong !== undefined) throw typeError(`${what} must be strings; ${wrong[0]} is ${article(wrong[1])}.`);
  return args as { readonly [name: string]: string };
}
