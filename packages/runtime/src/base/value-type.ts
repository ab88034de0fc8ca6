/**
 * What values a place may hold, in no language's words: the checker's types and those of schemas become this, and each printer
 * makes its own annotations of it. JSON; a closed union. It says what people want to read, not all that a checker knows.
 */
export type ValueType =
  | { readonly kind: "any" | "unknown" | "never" | "string" | "number" | "boolean" | "null" | "undefined" | "regexp" }
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  | NamedType
  | { readonly kind: "array" | "set"; readonly items: ValueType }
  | { readonly kind: "tuple"; readonly items: readonly ValueType[] }
  | { readonly kind: "map"; readonly key: ValueType; readonly value: ValueType }
  /** `index`: what is behind names that are not told. `extends`: it has all of that one's members, too. */
  | { readonly kind: "object"; readonly fields: readonly FieldType[]; readonly index?: ValueType; readonly extends?: NamedType }
  | { readonly kind: "union"; readonly parts: readonly ValueType[] }
  | ({ readonly kind: "function" } & FunctionType);

/**
 * A type that has a name. `server`: one of those made for the tools of a server (its name in `mcp.json`). `module`: an alias or
 * interface of the workflow's own. `vocabulary`: one of `offstage`, with what its parameters are.
 */
export type NamedType =
  | { readonly kind: "named"; readonly from: "server"; readonly server: string; readonly name: string }
  | { readonly kind: "named"; readonly from: "module"; readonly name: string }
  | { readonly kind: "named"; readonly from: "vocabulary"; readonly name: string; readonly args?: readonly ValueType[] };

/** A member of an object. */
export interface FieldType {
  readonly name: string;
  readonly optional?: true;
  readonly type: ValueType;
  /** What its server says of it; nothing that can be trusted. */
  readonly doc?: string;
}

/** What a function takes and gives back; a call that is awaited gives what comes of it. */
export interface FunctionType {
  readonly parameters: readonly ValueType[];
  /** Of each of the arguments that are left. */
  readonly rest?: ValueType;
  readonly result: ValueType;
  /** Its calls are awaited. */
  readonly waits?: true;
}

/** The union, flattened and without repetition: `any` and `unknown` swallow the rest, `string` each text; no parts are `never`. */
export function unionOfTypes(parts: readonly ValueType[]): ValueType {
  const flat = parts.flatMap((part) => (part.kind === "union" ? part.parts : [part])).filter((part) => part.kind !== "never");
  const all = flat.find((part) => part.kind === "any") ?? flat.find((part) => part.kind === "unknown");
  if (all !== undefined) return all;
  const kinds = new Set(flat.map((part) => part.kind));
  const told = flat.filter((part) => !(part.kind === "literal" && kinds.has(typeof part.value as ValueType["kind"])));
  const distinct = [...new Map(told.map((part) => [JSON.stringify(part), part])).values()];
  const [only] = distinct;
  if (only === undefined) return { kind: "never" };
  return distinct.length === 1 ? only : { kind: "union", parts: distinct };
}
