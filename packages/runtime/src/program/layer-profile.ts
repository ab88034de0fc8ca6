import type { Json, JsonObject } from "../base/index.ts";
import type { GlobalNode, ProgramDebug, ProgramTypes } from "./program.ts";
import type { ProfileProgram, RuleNode } from "./profile-program.ts";

/** What fills what the rules of every tool leave out. */
const FILLING = "*";

/**
 * A project's profile over the one that ships for the same server: it has the rules of each tool that it names, `base` those of all
 * others, and their `"*"` are one, in which the project's word counts first. Hosts are those of the project's where it names any, or none.
 */
export function layerProfile(own: ProfileProgram, base: ProfileProgram): ProfileProgram {
  // The functions of `base` know their globals by place, which comes behind ours; and their places in a text, which does, too.
  const shift: Shift = { globals: own.globals.length, at: own.debug.source.length };
  const below = shifted({ globals: base.globals, rules: base.rules } as unknown as Json, shift) as unknown as Pick<ProfileProgram, "globals" | "rules">;
  const globals: readonly GlobalNode[] = [...own.globals, ...below.globals];
  const filling = fill(own.rules[FILLING], below.rules[FILLING]);
  const hosts = own.hosts ?? base.hosts;
  return {
    ...own, globals,
    ...(hosts === undefined ? {} : { hosts }),
    rules: { ...below.rules, ...own.rules, ...(filling === undefined ? {} : { [FILLING]: filling }) },
    names: { ...base.names, ...own.names },
    debug: layerDebug(own.debug, base.debug, shift),
  };
}

/** Two rules that always hold say together what either says; rules with a `when` take the place of all below. */
function fill(own: readonly RuleNode[] | undefined, base: readonly RuleNode[] | undefined): readonly RuleNode[] | undefined {
  const [mine, theirs] = [own?.[0], base?.[0]];
  const bothAlways = mine !== undefined && theirs !== undefined && mine.when === undefined && theirs.when === undefined;
  return bothAlways ? [{ ...theirs, ...mine }] : (own ?? base);
}

/** How far the places of a profile go when it comes behind another one. */
interface Shift {
  readonly globals: number;
  readonly at: number;
}

function shifted(node: Json, shift: Shift): Json {
  if (Array.isArray(node)) return node.map((item: Json) => shifted(item, shift));
  if (node === null || typeof node !== "object") return node;
  const fields = node as JsonObject;
  const at = typeof fields["at"] === "number" ? { at: fields["at"] + shift.at } : {};
  // The value of a constant is data, whatever its fields are called.
  if (fields["kind"] === "const") return { ...fields, ...at };
  if (fields["kind"] === "global" && typeof fields["index"] === "number") return { ...fields, ...at, index: fields["index"] + shift.globals };
  return { ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shifted(value, shift)])), ...at };
}

function layerDebug(own: ProgramDebug, base: ProgramDebug, { at }: Shift): ProgramDebug {
  const moved = <T>(table: { readonly [offset: string]: T }): { readonly [offset: string]: T } => Object.fromEntries(Object.entries(table).map(([offset, value]) => [String(Number(offset) + at), value]));
  const types = own.types === undefined || base.types === undefined ? {} : { types: layerTypes(own.types, { ...base.types, functions: moved(base.types.functions), locals: moved(base.types.locals) }) };
  const { types: _types, ...rest } = own;
  return { ...rest, ...types, source: own.source + base.source, names: { ...own.names, ...moved(base.names) }, globals: [...own.globals, ...base.globals] };
}

/** Two modules may each call something their own by one name: then ours is meant. */
function layerTypes(own: ProgramTypes, base: ProgramTypes): ProgramTypes {
  return {
    functions: { ...own.functions, ...base.functions }, locals: { ...own.locals, ...base.locals }, globals: [...own.globals, ...base.globals],
    records: own.records, states: own.states, declared: { ...base.declared, ...own.declared },
  };
}
