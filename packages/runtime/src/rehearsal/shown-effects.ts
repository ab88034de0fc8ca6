import { type Data, stringifyExact } from "../base/index.ts";
import type { EffectIdentity, LedgerEntry, PartialData, PlannedEffect } from "../model/index.ts";
import type { RecordedEffect } from "./fixture.ts";
import type { RehearsedEffect } from "./test-types.ts";

/** What stands in a plan where a value will be known only after its apply. */
export const KNOWN_AFTER_APPLY = "(known after apply)";

/** A row of the ledger as tests see it. */
export function effectOfEntry(entry: LedgerEntry): RehearsedEffect {
  const { identity, server, tool, args, status } = entry;
  return { label: labelOf(entry), action: actionOf(identity), tool: tool === null ? null : `${server}.${tool}`, args, identity: identityText(identity), status: status === "intended" ? "ambiguous" : status };
}

/** A line of a plan as tests see it. */
export function effectOfPlan(effect: PlannedEffect): RehearsedEffect {
  const { identity, identityKnown, label, server, tool, args, certainty } = effect;
  return {
    label, action: actionOf(identity), tool: tool === null ? null : `${server}.${tool}`, args: withUnknowns(args),
    identity: identityKnown ? identityText(identity) : KNOWN_AFTER_APPLY, status: certainty === "sure" ? "planned" : "maybe",
  };
}

/** A line of a plan as fixtures keep it. */
export function recordedEffect(effect: PlannedEffect): RecordedEffect {
  const { action, identity } = effectOfPlan(effect);
  const { label, server, tool, certainty, args } = effect;
  return { label, action, server, tool, identity, certainty, args: withUnknowns(args) };
}

/** The other way: what a fixture expects, as tests see effects. */
export function effectOfRecorded({ label, action, server, tool, identity, certainty, args }: RecordedEffect): RehearsedEffect {
  return { label, action, tool: tool === null ? null : `${server}.${tool}`, args, identity, status: certainty === "sure" ? "planned" : "maybe" };
}

function labelOf({ identity, server, tool }: LedgerEntry): string {
  switch (identity.kind) {
    case "record":
      return `${identity.record} ${identity.key}`;
    case "once":
      return `once ${identity.key}`;
    case "start":
      return `${(tool ?? "").replace(".", " ")} ${identity.key}`;
    case "step":
      return tool === null ? server : `${server}.${tool}`;
  }
}

function actionOf(identity: EffectIdentity): RehearsedEffect["action"] {
  return identity.kind === "record" ? identity.action : identity.kind === "start" ? "start" : "call";
}

function identityText(identity: EffectIdentity): string {
  switch (identity.kind) {
    case "record":
      return `${identity.scope}/${identity.record}/${identity.key}, generation ${identity.generation}, ${identity.action}${identity.revision === 0 ? "" : `, revision ${identity.revision}`}`;
    case "once":
      return `${identity.scope}/once/${identity.key}${identity.window === null ? "" : `, window ${identity.window}`}`;
    case "start":
      return `${identity.scope}/start/${identity.key}`;
    case "step":
      return `this run only, ${identity.step}`;
  }
}

/** The value, with a text where it is not known yet. */
function withUnknowns({ value, unknown }: PartialData): Data {
  return unknown.reduce<Data>((whole, { path }) => put(whole, path), value);
}

function put(value: Data, [step, ...rest]: readonly (string | number)[]): Data {
  if (step === undefined) return KNOWN_AFTER_APPLY;
  if (Array.isArray(value)) return (value as readonly Data[]).map((item, index) => (index === step ? put(item, rest) : item));
  const members = typeof value === "object" && value !== null ? (value as { readonly [name: string]: Data }) : {};
  return { ...members, [String(step)]: put(members[String(step)] ?? null, rest) };
}

/** Where two lists of effects differ first, in words; null when they are the same. */
export function effectsDifference(expected: readonly RehearsedEffect[], actual: readonly RehearsedEffect[]): string | null {
  const texts = (effects: readonly RehearsedEffect[]): readonly string[] => effects.map((effect) => stringifyExact(effect));
  const [before, after] = [texts(expected), texts(actual)];
  const missing = before.filter((text) => !after.includes(text));
  const added = after.filter((text) => !before.includes(text));
  if (missing.length + added.length === 0) return null;
  return [...missing.slice(0, SHOWN).map((text) => `- ${text}`), ...added.slice(0, SHOWN).map((text) => `+ ${text}`)].join("\n");
}

const SHOWN = 5;
