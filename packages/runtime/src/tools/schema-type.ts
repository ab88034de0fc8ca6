import type { Data } from "../base/index.ts";
import { field, isRecord, textField } from "./catalogue.ts";
import { isList } from "./pinned-json.ts";
import { resolvePointer } from "./schema-refs.ts";
import { intersectionOf, isUnknown, type TypeMember, type TypeNode, unionOf, UNKNOWN } from "./type-node.ts";

/** How a schema is read. */
export interface SchemaOptions {
  /**
   * What the values are for. In arguments an object takes only the members it names unless it says otherwise: a server
   * that ignores a misspelt argument is no reason to let it pass. Results may always have more.
   */
  readonly side: "argument" | "result";
  /** The declaration's name for a `$ref`; asked once for each pointer of this schema. */
  readonly nameOf: (pointer: string, target: Data) => string;
}

/** A schema as types: its own, and one declaration for each thing that a `$ref` of it points at. */
export interface SchemaTypes {
  readonly type: TypeNode;
  readonly declarations: ReadonlyMap<string, SchemaDeclaration>;
}

/** What a `$ref` points at, by the name that `nameOf` gave it. */
export interface SchemaDeclaration {
  readonly type: TypeNode;
  readonly doc?: string;
}

/** Deeper and larger schemas end in `unknown`: types are for people, and the checker's time is bounded. */
const MAX_DEPTH = 16;
const MAX_NODES = 4000;
const MAX_ALTERNATIVES = 200;
const MAX_MEMBERS = 500;

/**
 * JSON Schema (draft-07, 2020-12, or whatever a server sends without saying) → types. Says what the schema surely says
 * and `unknown` for the rest: formats, patterns, `not` and `if` narrow nothing. Never throws, whatever the schema is.
 */
export function schemaTypes(schema: Data, options: SchemaOptions): SchemaTypes {
  const reading: Reading = { root: schema, options, nodes: 0, names: new Map(), waiting: [] };
  const type = read(reading, schema, 0);
  const declarations = new Map<string, SchemaDeclaration>();
  for (let next = reading.waiting.shift(); next !== undefined; next = reading.waiting.shift()) {
    const doc = docOf(next.target);
    declarations.set(next.name, { type: read(reading, next.target, 0), ...(doc === undefined ? {} : { doc }) });
  }
  return { type, declarations: withoutDirectCycles(declarations) };
}

interface Reading {
  readonly root: Data;
  readonly options: SchemaOptions;
  nodes: number;
  /** Pointer → name. */
  readonly names: Map<string, string>;
  readonly waiting: { readonly name: string; readonly target: Data }[];
}

function read(reading: Reading, schema: Data, depth: number): TypeNode {
  if (schema === false) return { kind: "keyword", name: "never" };
  if (!isRecord(schema) || depth > MAX_DEPTH || ++reading.nodes > MAX_NODES) return UNKNOWN;
  const alternatives = ["anyOf", "oneOf"].flatMap((name) => {
    const list = field(schema, name);
    return isList(list) && list.length > 0 ? [list.length > MAX_ALTERNATIVES ? UNKNOWN : unionOf(list.map((one) => read(reading, one, depth + 1)))] : [];
  });
  const all = field(schema, "allOf");
  const parts = isList(all) ? all.slice(0, MAX_ALTERNATIVES).map((one) => read(reading, one, depth + 1)) : [];
  const combined = intersectionOf([readRef(reading, schema), ...parts, ...alternatives]);
  const own = readOwn(reading, schema, depth);
  // `type: object` beside alternatives that say more is no more than a reminder.
  const type = saysOnlyObject(own) && !isUnknown(combined) ? combined : intersectionOf([own, combined]);
  return field(schema, "nullable") === true ? unionOf([type, { kind: "keyword", name: "null" }]) : type;
}

function readRef(reading: Reading, schema: Data): TypeNode {
  const pointer = textField(schema, "$ref");
  if (pointer === undefined) return UNKNOWN;
  const known = reading.names.get(pointer);
  if (known !== undefined) return { kind: "name", name: known };
  const target = resolvePointer(reading.root, pointer);
  if (target === undefined || !isRecord(target) || reading.nodes > MAX_NODES) return UNKNOWN;
  const name = reading.options.nameOf(pointer, target);
  reading.names.set(pointer, name);
  reading.waiting.push({ name, target });
  return { kind: "name", name };
}

/** What the schema says by itself, without references and combinations. */
function readOwn(reading: Reading, schema: Data, depth: number): TypeNode {
  const constant = field(schema, "const");
  if (constant !== undefined) return literal(constant);
  const values = field(schema, "enum");
  if (isList(values) && values.length > 0) return values.length > MAX_ALTERNATIVES ? unionOf(values.map(widened)) : unionOf(values.map(literal));
  const types = field(schema, "type");
  const named = isList(types) ? types : [types ?? impliedType(schema) ?? "anything"];
  return unionOf(named.map((name) => readNamed(reading, schema, name, depth)));
}

function readNamed(reading: Reading, schema: Data, name: Data, depth: number): TypeNode {
  if (name === "string" || name === "number" || name === "boolean" || name === "null") return { kind: "keyword", name };
  if (name === "integer") return { kind: "keyword", name: "number" };
  if (name === "array") return readArray(reading, schema, depth);
  return name === "object" ? readObject(reading, schema, depth) : UNKNOWN;
}

/** A schema without `type` that describes members or items means an object or a list. */
function impliedType(schema: Data): "object" | "array" | null {
  if (["properties", "additionalProperties", "patternProperties"].some((name) => isRecord(field(schema, name)))) return "object";
  return ["items", "prefixItems"].some((name) => field(schema, name) !== undefined) ? "array" : null;
}

function readArray(reading: Reading, schema: Data, depth: number): TypeNode {
  const items = field(schema, "items");
  const prefix = field(schema, "prefixItems") ?? (isList(items) ? items : undefined);
  if (!isList(prefix) || prefix.length > MAX_ALTERNATIVES) {
    return { kind: "array", items: items === undefined || isList(items) ? UNKNOWN : read(reading, items, depth + 1) };
  }
  const rest = isList(items) ? field(schema, "additionalItems") : items;
  const least = field(schema, "minItems");
  return {
    kind: "tuple",
    items: prefix.map((item) => read(reading, item, depth + 1)),
    // Servers that name their items mean them all, whether or not they say `minItems`.
    required: typeof least === "number" ? Math.min(least, prefix.length) : prefix.length,
    ...(isRecord(rest) ? { rest: read(reading, rest, depth + 1) } : {}),
  };
}

function readObject(reading: Reading, schema: Data, depth: number): TypeNode {
  const properties = field(schema, "properties");
  const listed = field(schema, "required");
  const required = new Set(isList(listed) ? listed : []);
  const named = isRecord(properties) ? Object.entries(properties) : [];
  const unnamed = [...required].filter((name) => typeof name === "string").filter((name) => field(properties, name) === undefined).map((name) => [name, true] as const);
  const all = [...named, ...(isRecord(properties) ? unnamed : [])];
  const members = all.slice(0, MAX_MEMBERS).map(([name, property]) => readMember(reading, name, property, required.has(name), depth));
  // `required` keeps its order through the lock, where members are sorted: what a call must have comes first.
  const order = [...required];
  members.sort((a, b) => rank(order, a) - rank(order, b) || (a.name < b.name ? -1 : 1));
  const index = all.length > MAX_MEMBERS ? UNKNOWN : readIndex(reading, schema, members.length, isRecord(properties), depth);
  return { kind: "object", members, ...(index === null ? {} : { index }) };
}

function rank(order: readonly Data[], member: TypeMember): number {
  return member.optional ? order.length : order.indexOf(member.name);
}

function readMember(reading: Reading, name: string, property: Data, isRequired: boolean, depth: number): TypeMember {
  const doc = docOf(property);
  return { name, optional: !isRequired, type: read(reading, property, depth + 1), ...(doc === undefined ? {} : { doc }) };
}

/** What members without a name of their own may hold; null when there is nothing to say of them. */
function readIndex(reading: Reading, schema: Data, members: number, hasProperties: boolean, depth: number): TypeNode | null {
  const extra = field(schema, "additionalProperties");
  const patterns = field(schema, "patternProperties");
  const values = isRecord(patterns) ? Object.values(patterns).map((pattern) => read(reading, pattern, depth + 1)) : [];
  if (isRecord(extra)) values.push(read(reading, extra, depth + 1));
  if (values.length > 0) return unionOf(values);
  if (members > 0) return extra === true && reading.options.side === "argument" ? UNKNOWN : null;
  return extra === false || (hasProperties && extra === undefined && reading.options.side === "argument") ? null : UNKNOWN;
}

function literal(value: Data): TypeNode {
  if (value === null) return { kind: "keyword", name: "null" };
  if (typeof value === "number" && !Number.isSafeInteger(value) && Number.isInteger(value)) return { kind: "keyword", name: "number" };
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? { kind: "literal", value } : UNKNOWN;
}

function widened(value: Data): TypeNode {
  if (value === null) return { kind: "keyword", name: "null" };
  const name = typeof value;
  return name === "string" || name === "number" || name === "boolean" ? { kind: "keyword", name } : UNKNOWN;
}

function saysOnlyObject(node: TypeNode): boolean {
  return node.kind === "object" && node.members.length === 0 && (node.index === undefined || isUnknown(node.index));
}

/** What a schema says of itself in words, its default included. */
export function docOf(schema: Data): string | undefined {
  const words = textField(schema, "description") ?? textField(schema, "title");
  const fallback = field(schema, "default");
  const shown = fallback === undefined || (typeof fallback === "object" && fallback !== null) ? undefined : `Default: ${JSON.stringify(fallback)}.`;
  return words === undefined ? shown : shown === undefined || /\bdefault/i.test(words) ? words : `${words}\n${shown}`;
}

/**
 * `type A = A | string` is no type: a name that reaches itself without passing through a member or an item says nothing.
 * TypeScript takes items of lists late, but not those of lists within the rest of a tuple.
 */
function withoutDirectCycles(declarations: ReadonlyMap<string, SchemaDeclaration>): ReadonlyMap<string, SchemaDeclaration> {
  const reaches = (from: TypeNode, goal: string, seen: Set<string>, inTuple: boolean): boolean => {
    if (from.kind === "union" || from.kind === "intersection") return from.parts.some((part) => reaches(part, goal, seen, inTuple));
    if (from.kind === "tuple") return [...from.items, ...(from.rest === undefined ? [] : [from.rest])].some((item) => reaches(item, goal, seen, true));
    if (from.kind === "array") return inTuple && reaches(from.items, goal, seen, inTuple);
    if (from.kind !== "name") return false;
    if (from.name === goal) return true;
    const next = declarations.get(from.name);
    const visit = `${inTuple ? "in" : "beside"} ${from.name}`;
    return next !== undefined && !seen.has(visit) && reaches(next.type, goal, seen.add(visit), inTuple);
  };
  return new Map([...declarations].map(([name, declaration]) => [name, reaches(declaration.type, name, new Set(), false) ? { ...declaration, type: UNKNOWN } : declaration]));
}
