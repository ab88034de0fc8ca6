import { type Data, decodeValue, encodeValue, isOffstageError, type Json, type JsonObject, OffstageError, whyNotJson } from "../base/index.ts";
import type { CallOutcome } from "../calls/index.ts";
import type { RunEvent } from "../model/index.ts";
import { type Fixture, FIXTURE_VERSION, type RecordedCall, type RecordedEffect } from "./fixture.ts";

/**
 * The text of a fixture: two spaces, one member a line, in an order that never changes, so that a diff shows what is new and
 * nothing else. Answers are plain JSON; what JSON cannot carry (a poisoned integer) is tagged as in the journal.
 */
export function printFixture(fixture: Fixture): string {
  const { version, workflow, phase, now, inputs, event, targets, calls, effects } = fixture;
  const document = { version, workflow, phase, now: new Date(now).toISOString(), inputs, event, targets: sorted(targets), calls: calls.map(callDocument), effects: effects.map(effectDocument) };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Reads what {@link printFixture} wrote, or a person edited. `file` names it in errors: `FIXTURE_INVALID`, `FIXTURE_NEWER`. */
export function parseFixture(text: string, file: string): Fixture {
  const document = members(jsonOf(text, file), { file, path: "" });
  const version = document["version"];
  if (typeof version === "number" && version > FIXTURE_VERSION) {
    throw new OffstageError("FIXTURE_NEWER", `${file} has version ${version}; this version of Offstage reads ${FIXTURE_VERSION}.`, { hint: "Use the version that recorded it, or a newer one." });
  }
  if (version !== FIXTURE_VERSION) throw invalid({ file, path: "version" }, `is not ${FIXTURE_VERSION}`);
  const at = (path: string): Place => ({ file, path });
  return {
    version: FIXTURE_VERSION,
    workflow: string(document["workflow"], at("workflow")),
    phase: oneOf(document["phase"], ["plan", "run"], at("phase")),
    now: instant(document["now"], at("now")),
    inputs: members(document["inputs"] ?? {}, at("inputs")),
    event: eventOf(document["event"] ?? { kind: "call" }, at("event")),
    targets: Object.fromEntries(Object.entries(members(document["targets"] ?? {}, at("targets"))).map(([server, target]) => [server, string(target, at(`targets.${server}`))])),
    calls: list(document["calls"], at("calls")).map((call, index) => parseCall(call, at(`calls[${index}]`))),
    effects: list(document["effects"] ?? [], at("effects")).map((effect, index) => parseEffect(effect, at(`effects[${index}]`))),
  };
}

function callDocument({ server, tool, class: said, args, outcome }: RecordedCall): Json {
  return { server, tool, class: said, args: plain(args), ...outcomeDocument(outcome) };
}

function outcomeDocument(outcome: CallOutcome): JsonObject {
  const gone = "gone" in outcome && outcome.gone ? { gone: true } : {};
  switch (outcome.kind) {
    case "value":
      return { value: plain(outcome.value), ...gone };
    case "unreadable":
      return { unreadable: { ...outcome.error } };
    case "error":
      return { error: { ...outcome.error }, ...(outcome.refused ? { refused: true } : {}), ...gone };
  }
}

function effectDocument({ label, action, server, tool, identity, certainty, args }: RecordedEffect): Json {
  return { label, action, server, tool, identity, certainty, args: plain(args) };
}

function parseCall(value: Json, place: Place): RecordedCall {
  const call = members(value, place);
  const within = (name: string): Place => ({ file: place.file, path: `${place.path}.${name}` });
  return {
    server: string(call["server"], within("server")),
    tool: string(call["tool"], within("tool")),
    class: oneOf(call["class"], ["read", "prepare", "write"], within("class")),
    args: data(call["args"] === undefined ? {} : call["args"], within("args")),
    outcome: parseOutcome(call, place),
  };
}

function parseOutcome(call: JsonObject, place: Place): CallOutcome {
  const given = ["value", "unreadable", "error"].filter((name) => call[name] !== undefined);
  if (given.length !== 1) throw invalid(place, `has to have one of value, error and unreadable; it has ${given.join(" and ") || "none"}`);
  const gone = call["gone"] === true;
  if (given[0] === "value") return { kind: "value", value: data(call["value"] as Json, { ...place, path: `${place.path}.value` }), gone };
  const error = members(call[given[0] ?? ""], place);
  const said = { code: string(error["code"], place), message: string(error["message"], place), ...(typeof error["hint"] === "string" ? { hint: error["hint"] } : {}) } as Extract<CallOutcome, { kind: "error" }>["error"];
  return given[0] === "unreadable" ? { kind: "unreadable", error: said } : { kind: "error", error: said, refused: call["refused"] === true, gone };
}

function parseEffect(value: Json, place: Place): RecordedEffect {
  const effect = members(value, place);
  return {
    label: string(effect["label"], place),
    action: oneOf(effect["action"], ["create", "adopt", "update", "release", "reopen", "call", "start"], place),
    server: string(effect["server"], place),
    tool: effect["tool"] === null ? null : string(effect["tool"], place),
    identity: string(effect["identity"], place),
    certainty: oneOf(effect["certainty"], ["sure", "may", "may-many"], place),
    args: data(effect["args"] === undefined ? {} : effect["args"], place),
  };
}

/** Plain JSON of a value; what is no JSON is tagged. */
function plain(value: Data): Json {
  return JSON.parse(encodeValue(value)) as Json;
}

function data(value: Json, place: Place): Data {
  try {
    return decodeValue(JSON.stringify(value)) as Data;
  } catch (error) {
    if (!isOffstageError(error)) throw error;
    throw invalid(place, error.message);
  }
}

function sorted<T>(object: { readonly [name: string]: T }): { readonly [name: string]: T } {
  return Object.fromEntries(Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

interface Place {
  readonly file: string;
  readonly path: string;
}

function jsonOf(text: string, file: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new OffstageError("FIXTURE_INVALID", `${file} is not JSON: ${whyNotJson(error as Error)}.`, { hint: REMEDY, cause: error });
  }
}

const REMEDY = "Correct it, or record it again: offstage record <workflow> --case <name>";

function invalid({ file, path }: Place, message: string): OffstageError {
  return new OffstageError("FIXTURE_INVALID", `${file}: ${path === "" ? "the document" : path} ${message}.`, { hint: REMEDY });
}

function members(value: Json | undefined, place: Place): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw invalid(place, "has to be an object");
}

function list(value: Json | undefined, place: Place): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  throw invalid(place, "has to be a list");
}

function string(value: Json | undefined, place: Place): string {
  if (typeof value === "string") return value;
  throw invalid(place, "has to be a text");
}

function oneOf<const T extends string>(value: Json | undefined, allowed: readonly T[], place: Place): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw invalid(place, `has to be ${allowed.join(" or ")}`);
  return found;
}

function instant(value: Json | undefined, place: Place): number {
  const ms = Date.parse(string(value, place));
  if (Number.isNaN(ms)) throw invalid(place, "has to be an instant, such as 2026-11-02T09:00:00.000Z");
  return ms;
}

function eventOf(value: Json, place: Place): RunEvent {
  const event = members(value, place);
  string(event["kind"], { ...place, path: `${place.path}.kind` });
  return event as unknown as RunEvent;
}
