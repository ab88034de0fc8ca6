import { type Data, OffstageError, UnsafeInteger } from "../base/index.ts";
import type { EventSource } from "../model/index.ts";

type Fields = { readonly [name: string]: Data };

/**
 * An event as a workflow gets it, from what a person wrote of it: what its source says of every event is filled in, and header names are
 * put in lower case. Errors: `EVENT_INVALID`.
 */
export function eventOf(source: EventSource, given: Data): Data {
  const fields = fieldsOf(given, source);
  switch (source.kind) {
    case "webhook":
      refuseOthers(fields, source, ["kind", "source", "headers", "body"]);
      agree(fields, "source", source.source);
      return { kind: "webhook", source: source.source, headers: headersOf(fields), body: bodyOf(fields, source) };
    case "queue":
      refuseOthers(fields, source, ["kind", "body", "attempt"]);
      return { kind: "queue", body: bodyOf(fields, source), attempt: attemptOf(fields) };
    case "resource":
      refuseOthers(fields, source, ["kind", "uri"]);
      agree(fields, "uri", source.uri);
      return { kind: "resource", uri: source.uri };
  }
}

const EXAMPLES = {
  webhook: `{ "headers": { "x-github-event": "push" }, "body": { … } }`,
  queue: `{ "body": { … } }`,
  resource: `{}`,
} as const satisfies Record<EventSource["kind"], string>;

function invalid(source: Pick<EventSource, "kind">, message: string): OffstageError {
  return new OffstageError("EVENT_INVALID", message, { hint: `An event of a ${source.kind} is written: ${EXAMPLES[source.kind]}` });
}

function fieldsOf(given: Data, source: EventSource): Fields {
  if (!isObject(given)) throw invalid(source, "The event is not a JSON object.");
  agree(given, "kind", source.kind);
  return given;
}

function isObject(value: Data | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof UnsafeInteger);
}

/** A member of the event itself, whatever JavaScript hangs on all objects. */
function own(fields: Fields, name: string): Data | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** What the source says may be repeated, not contradicted. */
function agree(fields: Fields, name: "kind" | "source" | "uri", expected: string): void {
  const said = own(fields, name);
  if (said === undefined || said === expected) return;
  throw new OffstageError("EVENT_INVALID", `The event's ${name} is ${typeof said === "string" ? JSON.stringify(said) : "no text"}, and the run waits for ${JSON.stringify(expected)}.`, { hint: `Leave ${name} out, or offer the event to the run that waits for it.` });
}

function refuseOthers(fields: Fields, source: EventSource, known: readonly string[]): void {
  const other = Object.keys(fields).find((name) => !known.includes(name));
  if (other !== undefined) throw invalid(source, `An event of a ${source.kind} has no member ${JSON.stringify(other)}; what was sent belongs under "body".`);
}

function bodyOf(fields: Fields, source: EventSource): Data {
  const body = own(fields, "body");
  if (body === undefined) throw invalid(source, "The event has no body.");
  return body;
}

function headersOf(fields: Fields): Data {
  const headers = own(fields, "headers") ?? {};
  if (!isObject(headers)) throw invalid({ kind: "webhook" }, "The event's headers are not an object of texts.");
  const wrong = Object.entries(headers).find(([, text]) => typeof text !== "string");
  if (wrong !== undefined) throw invalid({ kind: "webhook" }, `The event's header ${JSON.stringify(wrong[0])} is no text.`);
  const lower = new Map<string, Data>();
  for (const [name, text] of Object.entries(headers)) {
    const key = name.toLowerCase();
    if (lower.has(key)) throw invalid({ kind: "webhook" }, `The event has the header ${JSON.stringify(key)} twice.`);
    lower.set(key, text);
  }
  return Object.fromEntries(lower);
}

function attemptOf(fields: Fields): Data {
  const attempt = own(fields, "attempt") ?? 1;
  if (typeof attempt === "number" && Number.isSafeInteger(attempt) && attempt >= 1) return attempt;
  throw invalid({ kind: "queue" }, "The event's attempt is no whole number from 1.");
}
