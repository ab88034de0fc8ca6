import { type Data, type ErrorData, shorten, toErrorData } from "../base/index.ts";
import { admit } from "./admission.ts";
import { inTurn, isBinary, keepBytes, type Keeping } from "./blobs.ts";
import { parseJson } from "./normalise.ts";
import { type Judgement, redactError, SHOWN } from "./outcome.ts";
import type { Offer, OfferReply } from "./ports.ts";
import { removeSensitive, visiblePart } from "./sensitive.ts";

/** How reading a resource or a prompt ended; fits the engine's `ReadAnswer`. Nobody says of one that it is gone. */
export type OfferOutcome =
  | { readonly kind: "value"; readonly value: Data; readonly gone: false }
  | { readonly kind: "error"; readonly error: ErrorData; readonly gone: false };

type Fields = { readonly [name: string]: Data };

/**
 * What a reply means. A resource is the JSON of its content when that is exactly one text that is JSON; else
 * `{ text, content }`, as the result of a tool is. A prompt is what it says to a model, and is never read as JSON: `{ text, messages }`. Bytes are kept apart.
 */
export async function judgeOffer(offer: Offer, reply: OfferReply, judgement: Judgement & Keeping): Promise<OfferOutcome> {
  const { what, rule, redactor } = judgement;
  const failed = (error: ErrorData): OfferOutcome => ({ kind: "error", error, gone: false });
  if (reply.kind === "error") {
    if (reply.text === undefined) return failed(redactError(reply.error, redactor));
    return failed({ code: "READ_FAILED", message: `${what} answered with an error: ${shorten(redactor.redact(reply.text), SHOWN)}` });
  }
  try {
    const value = offer.kind === "resource" ? await resourceValue(reply.result, judgement) : await promptValue(reply.result, judgement);
    return { kind: "value", value: admit(removeSensitive(value, rule.sensitive), what), gone: false };
  } catch (error) {
    return failed(redactError(toErrorData(error), redactor));
  }
}

async function resourceValue(result: Data, judgement: Judgement & Keeping): Promise<Data> {
  const { redactor, rule } = judgement;
  const kept = await inTurn(listOf(result, "contents"), async (part) => (isBinary(part) ? keepBytes(visiblePart(part, "content", rule.sensitive), judgement) : part));
  const content = redactor.redactData(kept) as readonly Data[];
  const texts = content.flatMap(textOf);
  const [text, ...others] = texts;
  const json = text !== undefined && others.length === 0 && content.length === 1 ? parseJson(text) : null;
  // Once more after reading, for what JSON had escaped.
  return json === null ? { text: texts.join("\n"), content } : redactor.redactData(json.data);
}

async function promptValue(result: Data, judgement: Judgement & Keeping): Promise<Data> {
  const { redactor, rule } = judgement;
  const kept = await inTurn(listOf(result, "messages"), async (message) => {
    if (!isFields(message) || !isBinary(message["content"] ?? null)) return message;
    const visible = visiblePart(message, "messages", rule.sensitive);
    return isFields(visible) ? { ...visible, content: await keepBytes(visible["content"] ?? null, judgement) } : visible;
  });
  const messages = redactor.redactData(kept) as readonly Data[];
  const text = messages.flatMap((message) => (isFields(message) ? textOf(message["content"]) : [])).join("\n");
  return { text, messages };
}

/** A member that should be a list; what a server sends instead is none. */
function listOf(result: Data, name: string): readonly Data[] {
  const list = isFields(result) ? result[name] : undefined;
  return Array.isArray(list) ? (list as readonly Data[]) : [];
}

function textOf(block: Data | undefined): readonly string[] {
  return isFields(block) && typeof block["text"] === "string" ? [block["text"]] : [];
}

function isFields(value: Data | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
