import { type Data, shorten } from "../../base/index.ts";

type Fields = { readonly [name: string]: Data | undefined };

/** A form with an answer in each field that needs one, or why it cannot be answered. */
export type FilledForm = { readonly kind: "filled"; readonly content: { readonly [name: string]: Data } } | { readonly kind: "unfilled"; readonly why: string };

/** More fields than anybody would fill in. */
const MOST_FIELDS = 200;

/**
 * Fills in a form of the protocol (`requestedSchema`: an object of strings, numbers, booleans, choices) from `answers`; where they say
 * nothing, by the field's own default (SEP-1034). An answer that its field does not allow leaves the whole form unfilled, and so does a
 * required field without one. Answers that no field asks for stay here.
 */
export function fillForm(schema: unknown, answers: Fields): FilledForm {
  const { properties, required } = (isObject(schema) ? schema : {}) as { readonly properties?: unknown; readonly required?: unknown };
  const fields = Object.entries(isObject(properties) ? properties : {});
  if (fields.length > MOST_FIELDS) return { kind: "unfilled", why: `it has ${fields.length} fields` };
  const content: [string, Data][] = [];
  for (const [name, field] of fields) {
    const definition = isObject(field) ? field : {};
    const given = Object.hasOwn(answers, name) ? answers[name] : undefined;
    if (given !== undefined) {
      const value = asField(definition, given);
      if (value === null) return { kind: "unfilled", why: `its field ${JSON.stringify(name)} does not take the answer that there is; it wants ${wanted(definition)}` };
      content.push([name, value]);
    } else {
      const value = definition["default"] === undefined ? null : asField(definition, definition["default"]);
      if (value !== null) content.push([name, value]);
      else if (Array.isArray(required) && required.includes(name)) return { kind: "unfilled", why: `there is no answer for its field ${JSON.stringify(name)}` };
    }
  }
  return { kind: "filled", content: Object.fromEntries(content) };
}

/** UTF-16 units of choices that are told. */
const MOST_TOLD = 200;

/** What a field takes, for people. A server's words are in it. */
function wanted(field: Fields): string {
  const choices = choicesOf(field["type"] === "array" && isObject(field["items"]) ? field["items"] : field);
  const named = choices === null ? "" : shorten(choices.map((choice) => JSON.stringify(choice)).join(", "), MOST_TOLD);
  switch (field["type"]) {
    case "boolean":
      return "true or false";
    case "number":
    case "integer":
      return `${field["type"] === "integer" ? "a whole number" : "a number"}${range(field["minimum"], field["maximum"], "")}`;
    case "array":
      return `a list of ${named === "" ? "texts" : named}${range(field["minItems"], field["maxItems"], " of them")}`;
    default:
      return named === "" ? `${FORMATS.get(field["format"])?.called ?? "a text"}${range(field["minLength"], field["maxLength"], " characters")}` : `one of ${named}`;
  }
}

/** `, from 1 up to 5`; empty without bounds. */
function range(least: unknown, most: unknown, unit: string): string {
  const parts = [...(typeof least === "number" ? [`from ${least}`] : []), ...(typeof most === "number" ? [`up to ${most}`] : [])];
  return parts.length === 0 ? "" : `, ${parts.join(" ")}${unit}`;
}

/** The answer as the field takes it; null when it does not. What a reference stands for is a text: it becomes the number or boolean that it spells. */
function asField(field: Fields, answer: Data): Data {
  switch (field["type"]) {
    case "boolean": {
      const value = answer === "true" ? true : answer === "false" ? false : answer;
      return typeof value === "boolean" ? value : null;
    }
    case "number":
    case "integer": {
      const value = typeof answer === "string" && /^-?\d+(\.\d+)?$/.test(answer) ? Number(answer) : answer;
      return typeof value === "number" && fitsNumber(field, value) ? value : null;
    }
    case "array":
      return Array.isArray(answer) && fitsChoices(field, answer) ? answer : null;
    default:
      return typeof answer === "string" && fitsText(field, answer) ? answer : null;
  }
}

function fitsNumber(field: Fields, value: number): boolean {
  if (!Number.isFinite(value) || (field["type"] === "integer" && !Number.isSafeInteger(value))) return false;
  return value >= bound(field["minimum"], -Infinity) && value <= bound(field["maximum"], Infinity);
}

function fitsText(field: Fields, value: string): boolean {
  const choices = choicesOf(field);
  if (choices !== null) return choices.includes(value);
  const length = Array.from(value).length;
  return length >= bound(field["minLength"], 0) && length <= bound(field["maxLength"], Infinity) && (FORMATS.get(field["format"])?.fits(value) ?? true);
}

function fitsChoices(field: Fields, values: readonly Data[]): boolean {
  const choices = isObject(field["items"]) ? choicesOf(field["items"]) : null;
  if (values.length < bound(field["minItems"], 0) || values.length > bound(field["maxItems"], Infinity)) return false;
  return values.every((value) => typeof value === "string" && (choices === null || choices.includes(value)));
}

/** What may be chosen: `enum`, or the `const`s of `oneOf` and `anyOf`, which have titles. Null where anything may be. */
function choicesOf(field: Fields): readonly unknown[] | null {
  const plain = field["enum"];
  if (Array.isArray(plain)) return plain;
  const titled = field["oneOf"] ?? field["anyOf"];
  return Array.isArray(titled) ? titled.map((one: unknown) => (isObject(one) ? one["const"] : undefined)) : null;
}

const FORMATS: ReadonlyMap<unknown, { readonly called: string; fits(text: string): boolean }> = new Map([
  ["email", { called: "an e-mail address", fits: (text) => /^[^\s@]+@[^\s@]+$/.test(text) }],
  ["uri", { called: "a URL", fits: (text) => URL.canParse(text) }],
  ["date", { called: "a date like 2026-11-26", fits: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) }],
  ["date-time", { called: "an instant like 2026-11-26T08:00:00Z", fits: (text) => /^\d{4}-\d\d-\d\dT\d/.test(text) && !Number.isNaN(Date.parse(text)) }],
]);

function bound(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
