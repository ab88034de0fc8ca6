/** The types of generated expressions, by the short names of the grammar: how TypeScript writes them. */
export const TYPE_TEXT = {
  num: "number", tiny: "number", str: "string", date: "string", span: "string", csv: "string", bool: "boolean", cond: "boolean", optStr: "string | undefined", optNum: "number | undefined", nulStr: "string | null",
  nums: "readonly number[]", strs: "readonly string[]", nested: "readonly (readonly number[])[]", pair: "readonly [string, number]", pairs: "readonly (readonly [string, number])[]",
  item: "Item", items: "readonly Item[]", optItem: "Item | undefined", odd: "Odd", rec: "Rec", map: "ReadonlyMap<string, number>", set: "ReadonlySet<string>", nmap: "ReadonlyMap<number, string>", nset: "ReadonlySet<number>", json: "Json",
  /** What is left of an Item: only looked at. */
  rest: "object",
} as const;

/** A type of the grammar. */
export type TypeName = keyof typeof TYPE_TEXT;

/** The object types of generated modules. Odd has fields named as what every object inherits, or as the engine's own marks. */
export const TYPE_DECLARATIONS = [
  "interface Item { readonly id: number; readonly name: string; readonly tags: readonly string[]; readonly more?: { readonly note: string | null; readonly rank?: number } | undefined }",
  "type Rec = Readonly<Record<string, number>>;",
  'interface Odd { readonly toString: string; readonly valueOf: number; readonly hasOwnProperty: readonly string[]; readonly $: readonly string[]; readonly length: number; readonly "a b": string; readonly "2": number; readonly "10": number }',
].join("\n");

/** What every generated arrow takes: samples of each type (samples.ts). */
export const PARAMETERS = {
  s0: "str", s1: "str", s2: "str", n0: "num", n1: "num", n2: "num", b0: "bool", os: "optStr", on: "optNum", ns: "nulStr", nums: "nums", strs: "strs", nested: "nested",
  pairs: "pairs", item: "item", items: "items", odd: "odd", rec: "rec", map: "map", set: "set", nmap: "nmap", nset: "nset", json: "json",
} as const satisfies Readonly<Record<string, TypeName>>;

/** The parameter list of a generated arrow: what its body may name, because each name costs the type checker time. */
export function parameterText(body: string): string {
  const named = new Set(body.match(/\w+/g));
  return `{ ${Object.keys(PARAMETERS).filter((name) => named.has(name)).join(", ")} }: Samples`;
}

/** The type of that parameter. */
export const SAMPLES_DECLARATION = `interface Samples { ${Object.entries(PARAMETERS).map(([name, type]) => `readonly ${name}: ${TYPE_TEXT[type]}`).join("; ")} }`;
