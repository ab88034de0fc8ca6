import { compileRegex } from "../../packages/runtime/src/regexp/index.ts";
import type { Draw } from "./draw.ts";
import { GRAMMAR } from "./grammar.ts";
import { growFlags, growRegex, growReplacement } from "./regexes.ts";
import { type Tree, textOf } from "./tree.ts";
import { PARAMETERS, TYPE_TEXT, type TypeName } from "./typed-names.ts";

/** What a generated piece may name, and where it stands. */
export interface Scope {
  readonly names: readonly (readonly [name: string, type: TypeName])[];
  /** Inside an async arrow, and in no callback of it: calls may be awaited. */
  readonly awaits: boolean;
}

/** The scope of a generated arrow's body. */
export function outerScope(awaits: boolean): Scope {
  return { names: Object.entries(PARAMETERS), awaits };
}

interface Hole {
  readonly type: string;
  /** Names that the production binds for this piece; null outside of callbacks. */
  readonly binds: readonly (readonly [name: string, type: TypeName])[] | null;
}

const HOLE = /@([a-zA-Z]+)(?:\{([^}]*)\})?/g;
const productions = new Map(Object.entries(GRAMMAR).map(([type, texts]) => [type, texts.map(parseProduction)]));
const LITERALS: Readonly<Record<string, readonly string[]>> = {
  num: ["0", "1", "-1", "2", "3", "10", "0.5", "1e-7", "100", "9007199254740991"],
  str: ['""', '"a"', '"ab"', '"a,b"', '" x "', '"1"', '"😀"', '"$&"', '"é"', '"\\n"', '"__proto__"', '"ß"', '"[1,2]"'],
  date: [
    '"2026-11-25"', '"2024-02-29"', '"2023-02-29"', '"2000-02-29T12:30Z"', '"1900-02-29"', '"2026-11-25T22:00:00Z"', '"2026-11-25T22:00:00.123456789+05:30"', '"2026-11-25T22:00:00,5-0930"', '"0000-01-01T00:00Z"', '"0099-12-31"', '"9999-12-31T23:59:59.999Z"',
    '"2026-01-01T24:00Z"', '"2026-01-01T24:01Z"', '"2026-01-01T23:60Z"', '"2026-01-01T00:00:60Z"', '"2026-01-01T00:00:00"', '"2026-13-01"', '"2026-00-10"', '"2026-04-31"', '" 2026-11-25 "', '"2026-11-25T22:00z"', '"2026-11-25T22:00+24:00"', '"2026-11-25T22:00-00:00"', '"+002026-11-25"', '"2026-11-25T22:00:00.Z"', '"1969-12-31T23:59:59.999Z"',
  ],
  // What is no duration is refused where it is written out: such come from texts.
  span: ['"90s"', '"10m"', '"1h"', '"7d"', '"250ms"', '"0s"', '"007m"'],
  csv: [
    '"name,size\\nx,1"', '"a,b\\r\\n1,2\\r\\n3"', '"a;b\\n1;2"', '"a\\n\\"x,\\"\\"y\\"\\"\\n\\"\\n"', '"a,a\\n1,2"', '"__proto__,toString\\n1,2"', '"a,b\\n\\n,\\n"', '"a\\n\\"x"', '"a\\n\\"x\\"y"', '"\ufeffa\\n1"', '"a,\\n1,"', '"\\"\\"\\n1"', '"a,b\\n1,2,3"', '"a\\r1\\r"', '"a\\nx\\"y"', '"\\n\\na\\n1"',
  ],
  lit: ["", "a", "$", " ", "\\n", "😀", "${1}"],
};

/** Grows trees from the grammar; depth bounds their nesting. */
export class Grower {
  readonly #draw: Draw;
  #bound = 0;

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  /** A fresh name. */
  name(stem: string): string {
    this.#bound += 1;
    return `${stem}_${this.#bound}`;
  }

  expression(type: TypeName, scope: Scope, depth: number): Tree {
    const tree = this.#plain(type, scope, depth);
    if (!scope.awaits || depth === 0 || !this.#draw.chance(0.1)) return tree;
    // The server answers null, so this pauses and is `tree`.
    return { type, parts: ["(((await world.get()) ?? ", tree, `) as ${TYPE_TEXT[type]})`] };
  }

  #plain(type: TypeName, scope: Scope, depth: number): Tree {
    const draw = this.#draw;
    const known = scope.names.filter(([, of]) => of === type);
    if (known.length > 0 && (depth <= 0 || draw.chance(0.3))) return { type, parts: [this.#lately(known)] };
    const literals = LITERALS[type];
    if (literals !== undefined && (depth <= 0 || draw.chance(0.15))) return { type, parts: [draw.pick(literals)] };
    const all = productions.get(type) ?? [];
    // The first production of a type is its shortest where no name of that type is known.
    const production = depth <= -3 ? all[0] : draw.pick(all);
    return { type, parts: (production ?? []).map((part) => (typeof part === "string" ? part : this.#hole(part, scope, depth - 1))) };
  }

  /** A name, rather one that was bound lately. */
  #lately(known: Scope["names"]): string {
    const [name] = this.#draw.chance(0.5) ? (known.at(-1) ?? [""]) : this.#draw.pick(known);
    return name;
  }

  #hole({ type, binds }: Hole, scope: Scope, depth: number): Tree {
    const inner = binds === null ? scope : within(scope, binds);
    switch (type) {
      case "lit": return { type, parts: [this.#draw.pick(LITERALS["lit"] ?? [])] };
      case "sub": return this.#draw.chance(0.7) ? { type: "str", parts: [JSON.stringify(growReplacement(this.#draw))] } : this.expression("str", inner, depth);
      case "re": return this.#regex("none", withoutG(growFlags(this.#draw)));
      case "reg": return this.#regex("none", growFlags(this.#draw, "g"));
      case "named": return this.#regex("first", withoutG(growFlags(this.#draw)));
      case "namedg": return this.#regex("first", growFlags(this.#draw, "g"));
      default: return this.expression(type as TypeName, inner, depth);
    }
  }

  #regex(naming: "none" | "first", flags: string): Tree {
    let source = growRegex(this.#draw, naming, true);
    while (!isAllowed(textOf(source), flags)) source = growRegex(this.#draw, naming, true);
    return { type: `re${flags.includes("g") ? "g" : ""}`, parts: [`/${textOf(source).length === 0 ? "(?:)" : ""}`, source, `/${flags}`] };
  }
}

/** What the checker would refuse in a literal costs a whole batch another check. */
function isAllowed(source: string, flags: string): boolean {
  try {
    compileRegex(source, flags);
    return new RegExp(source, flags) instanceof RegExp && !/\\u(?![0-9a-f]{4})/.test(source);
  } catch {
    return false;
  }
}

/** The scope inside a callback; what it binds hides what was called so before. */
function within(scope: Scope, binds: NonNullable<Hole["binds"]>): Scope {
  return { names: [...scope.names.filter(([name]) => !binds.some(([bound]) => bound === name)), ...binds], awaits: false };
}

function withoutG(flags: string): string {
  return flags.replace("g", "");
}

function parseProduction(text: string): readonly (string | Hole)[] {
  const parts: (string | Hole)[] = [];
  let end = 0;
  for (const { index, 0: whole, 1: type = "", 2: binds } of text.matchAll(HOLE)) {
    parts.push(text.slice(end, index), { type, binds: binds === undefined ? null : binds.split(",").filter((bind) => bind !== "").map((bind) => bind.split(":") as [string, TypeName]) });
    end = index + whole.length;
  }
  return [...parts, text.slice(end)];
}

/** The simplest pieces of a type, for making failures smaller. */
export function simplest(type: string): readonly string[] {
  if (type === "stmt") return [""];
  if (type === "regex") return ["", "a"];
  const names = Object.entries(PARAMETERS).filter(([, of]) => of === type).map(([name]) => name);
  return [...names, ...(LITERALS[type] ?? []).slice(0, 3), ...({ bool: ["true", "false"], nums: ["[]"], strs: ["[]"], tiny: ["0", "2"] }[type] ?? [])];
}
