import type { Json, JsonObject } from "../base/index.ts";
import type { GlobalNode } from "./program.ts";
import type { ProfileProgram, RuleNode } from "./profile-program.ts";

/** What fills what the rules of every tool leave out. */
const FILLING = "*";

/**
 * A project's profile over the one that ships for the same server: it has the rules of each tool that it names, `base` those of all
 * others, and their `"*"` are one, in which the project's word counts first. Hosts are those of the project's where it names any, or none.
 */
export function layerProfile(own: ProfileProgram, base: ProfileProgram): ProfileProgram {
  // The functions of `base` know their globals by place, which comes behind ours.
  const below = shiftGlobals({ globals: base.globals, rules: base.rules } as unknown as Json, own.globals.length) as unknown as Pick<ProfileProgram, "globals" | "rules">;
  const globals: readonly GlobalNode[] = [...own.globals, ...below.globals];
  const filling = fill(own.rules[FILLING], below.rules[FILLING]);
  const hosts = own.hosts ?? base.hosts;
  return {
    ...own, globals,
    ...(hosts === undefined ? {} : { hosts }),
    rules: { ...below.rules, ...own.rules, ...(filling === undefined ? {} : { [FILLING]: filling }) },
    names: { ...base.names, ...own.names },
    debug: { ...own.debug, globals: [...own.debug.globals, ...base.debug.globals] },
  };
}

/** Two rules that always hold say together what either says; rules with a `when` take the place of all below. */
function fill(own: readonly RuleNode[] | undefined, base: readonly RuleNode[] | undefined): readonly RuleNode[] | undefined {
  const [mine, theirs] = [own?.[0], base?.[0]];
  const bothAlways = mine !== undefined && theirs !== undefined && mine.when === undefined && theirs.when === undefined;
  return bothAlways ? [{ ...theirs, ...mine }] : (own ?? base);
}

function shiftGlobals(node: Json, by: number): Json {
  if (Array.isArray(node)) return node.map((item: Json) => shiftGlobals(item, by));
  if (node === null || typeof node !== "object") return node;
  const fields = node as JsonObject;
  // The value of a constant is data, whatever its fields are called.
  if (fields["kind"] === "const") return node;
  if (fields["kind"] === "global" && typeof fields["index"] === "number") return { ...fields, index: fields["index"] + by };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shiftGlobals(value, by)]));
}
