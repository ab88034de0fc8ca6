import { type Data, encodeValue, type Json, type JsonObject, mapNames, mapPath, mapScalars, parseDataPath } from "../base/index.ts";
import type { Fixture, RecordedCall } from "./fixture.ts";

/** What a fixture shall not hold, from `fixtures.mask` of `offstage.yaml`. */
export type MaskRule =
  /** A field of results that changes with every recording, or is nobody's business. Absent names match everything, `*` any run of characters. */
  | { readonly path: string; readonly server?: string; readonly tool?: string; /** Instead of a made-up value of the same kind. */ readonly with?: Json }
  /** A regular expression, replaced in every text of the fixture. */
  | { readonly text: string; readonly with: string };

/** Shorter ones occur by chance inside other texts, and as other numbers. */
const SHORTEST = 6;
const FIRST_INSTANT = Date.UTC(2000, 0, 1);
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

/**
 * A fixture with its volatile and sensitive fields replaced, the same value by the same one everywhere: an id that a list gave and
 * that an argument repeats stays one id. Texts become `<field>-1`, instants follow each other in the order of the originals,
 * numbers count from 1; anything else becomes null.
 */
export function maskFixture(fixture: Fixture, rules: readonly MaskRule[]): Fixture {
  const replaced = new Replacements();
  const paths = rules.filter((rule) => "path" in rule);
  for (const rule of paths) collect(fixture.calls, rule, replaced);
  const calls = fixture.calls.map((call) => paths.reduce((masked, rule) => maskCall(masked, rule, replaced), call));
  const { inData, inText } = everywhereIn(replaced, rules.filter((rule) => "text" in rule));
  return {
    ...fixture,
    inputs: inData(fixture.inputs) as JsonObject,
    targets: Object.fromEntries(Object.entries(fixture.targets).map(([server, target]) => [server, inText(target)])),
    calls: calls.map((call) => ({ ...call, args: inData(call.args), outcome: maskOutcome(call.outcome, { inData, inText }) })),
    effects: fixture.effects.map((effect) => ({ ...effect, label: inText(effect.label), identity: inText(effect.identity), args: inData(effect.args) })),
  };
}

type PathRule = Extract<MaskRule, { readonly path: string }>;
type TextRule = Extract<MaskRule, { readonly text: string }>;

/** What each original becomes. */
class Replacements {
  readonly #byText = new Map<string, { readonly original: Data; readonly instead: Data }>();
  readonly #counts = new Map<string, number>();

  add(field: string, original: Data, instead: Data | undefined): void {
    const key = encodeValue(original);
    if (!this.#byText.has(key)) this.#byText.set(key, { original, instead: instead ?? this.#madeUp(field, original) });
  }

  of(original: Data): Data {
    return this.#byText.get(encodeValue(original))?.instead ?? null;
  }

  /** Those that may be looked for anywhere, the longest first. */
  distinctive(): readonly { readonly original: string | number; readonly instead: Data }[] {
    return [...this.#byText.values()]
      .flatMap(({ original, instead }) => ((typeof original === "string" || typeof original === "number") && String(original).length >= SHORTEST ? [{ original, instead }] : []))
      .toSorted((a, b) => String(b.original).length - String(a.original).length);
  }

  #madeUp(field: string, original: Data): Data {
    if (typeof original !== "string" && typeof original !== "number") return null;
    const kind = typeof original === "number" ? "number" : INSTANT.test(original) ? "instant" : field;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (kind === "number") return count;
    return kind === "instant" ? new Date(FIRST_INSTANT + count * 60_000).toISOString() : `${field}-${count}`;
  }
}

function collect(calls: readonly RecordedCall[], rule: PathRule, replaced: Replacements): void {
  const found: Data[] = [];
  for (const call of calls) maskWith(call, rule, (value) => (found.push(value), value));
  const field = /(\w+)(?:\[\])*$/.exec(rule.path)?.[1] ?? "masked";
  const isInstant = (value: Data): value is string => typeof value === "string" && INSTANT.test(value);
  const instants = found.filter(isInstant).toSorted((a, b) => Date.parse(a) - Date.parse(b));
  for (const value of [...instants, ...found.filter((value) => !isInstant(value))]) if (value !== null) replaced.add(field, value, rule.with);
}

function maskCall(call: RecordedCall, rule: PathRule, replaced: Replacements): RecordedCall {
  return maskWith(call, rule, (value) => (value === null ? null : replaced.of(value)));
}

function maskWith(call: RecordedCall, rule: PathRule, change: (value: Data) => Data): RecordedCall {
  const path = parseDataPath(rule.path);
  if (path === null || call.outcome.kind !== "value" || !matches(rule.server, call.server) || !matches(rule.tool, call.tool)) return call;
  return { ...call, outcome: { ...call.outcome, value: mapPath(call.outcome.value, path, change) } };
}

/** Replaces what was masked in one place wherever it occurs; then texts by rule. */
interface Everywhere {
  readonly inData: (data: Data) => Data;
  readonly inText: (text: string) => string;
}

function maskOutcome(outcome: RecordedCall["outcome"], { inData, inText }: Everywhere): RecordedCall["outcome"] {
  if (outcome.kind === "value") return { ...outcome, value: inData(outcome.value) };
  return { ...outcome, error: { ...outcome.error, message: inText(outcome.error.message) } };
}

function everywhereIn(replaced: Replacements, rules: readonly TextRule[]): Everywhere {
  const known = replaced.distinctive();
  const patterns = rules.map((rule) => ({ pattern: new RegExp(rule.text, "gu"), instead: rule.with }));
  const byRule = (text: string): string => patterns.reduce((rest, { pattern, instead }) => rest.replace(pattern, () => instead), text);
  const inText = (text: string): string => {
    const masked = known.reduce((rest, { original, instead }) => (typeof instead === "object" ? rest : rest.replaceAll(String(original), () => String(instead))), text);
    return byRule(masked);
  };
  // Servers use what they know as names too, `{ "ana@acme.example": 3 }`; inside a name that says what a field is, nothing is replaced by chance.
  const inName = (name: string): string => {
    const whole = known.find(({ original }) => String(original) === name)?.instead;
    return byRule(typeof whole === "string" || typeof whole === "number" ? String(whole) : name);
  };
  const inData = (data: Data): Data =>
    mapScalars(mapNames(data, inName), (scalar) => {
      const whole = known.find(({ original }) => original === scalar);
      if (whole !== undefined) return whole.instead;
      return typeof scalar === "string" ? inText(scalar) : scalar;
    });
  return { inData, inText };
}

/** `*` matches any run of characters. */
function matches(pattern: string | undefined, name: string): boolean {
  if (pattern === undefined) return true;
  const parts = pattern.split("*").map((part) => part.replace(/[\\^$.+?()[\]{}|/]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(name);
}
