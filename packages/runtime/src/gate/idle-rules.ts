import type { DayLimit, PolicyRule } from "../model/index.ts";
import { matchesGlob } from "./matches-glob.ts";

/** What there is for rules to speak of. */
export interface PolicyWorld {
  readonly workflows: readonly string[];
  /** Server → its tools; null where nobody knows them, because it is not locked. */
  readonly servers: ReadonlyMap<string, readonly string[] | null>;
  /** Null where not every workflow checks. */
  readonly records: readonly string[] | null;
  /** Whether a tool surely has no such argument, by its own schema. */
  readonly lacksArgument: (server: string, tool: string, path: string) => boolean;
}

/** A rule that never decides: it names what is not there, or an earlier one says something else of all that it speaks of. */
export type IdleRule =
  | { readonly index: number; readonly kind: "absent"; readonly field: AbsentField }
  /** No tool that it speaks of has such an argument. */
  | { readonly index: number; readonly kind: "argument"; readonly path: string }
  | { readonly index: number; readonly kind: "covered"; readonly by: number };

type AbsentField = "workflow" | "server" | "tool" | "record";

const FIELDS = ["workflow", "server", "tool", "record"] as const;

/** The rules of a policy that never decide: a denial that does not hold, an approval that nobody is asked for. */
export function idleRules(rules: readonly PolicyRule[], world: PolicyWorld): readonly IdleRule[] {
  return rules.flatMap((rule, index): readonly IdleRule[] => {
    const field = absentField(rule, world);
    if (field !== null) return [{ index, kind: "absent", field }];
    const path = Object.keys(rule.args ?? {}).find((one) => lacks(rule, one, world));
    if (path !== undefined) return [{ index, kind: "argument", path }];
    const by = rules.findIndex((earlier, at) => at < index && covers(earlier, rule));
    // The same said twice is no fault.
    return by === -1 || rules[by]?.verdict === rule.verdict ? [] : [{ index, kind: "covered", by }];
  });
}

/** The limits of a policy that hold nothing, since they name what is not there; by their places in the list. */
export function idleLimits(limits: readonly DayLimit[], world: PolicyWorld): readonly { readonly index: number; readonly field: AbsentField }[] {
  return limits.flatMap(({ workflow, server, tool }, index) => {
    const field = absentField({ workflow, server, tool }, world);
    return field === null ? [] : [{ index, field }];
  });
}

/** Where the tools of a server are not known, it may. */
function lacks({ server, tool }: PolicyRule, path: string, { servers, lacksArgument }: PolicyWorld): boolean {
  const spokenOf = [...servers].filter(([name]) => is(server, [name]));
  return spokenOf.every(([name, tools]) => tools !== null && tools.filter((one) => is(tool, [one])).every((one) => lacksArgument(name, one, path)));
}

function is(pattern: string | undefined, names: readonly string[]): boolean {
  return pattern === undefined || names.some((name) => matchesGlob(pattern, name));
}

function absentField({ workflow, server, tool, record }: { readonly [Field in AbsentField]?: string | undefined }, world: PolicyWorld): AbsentField | null {
  if (!is(workflow, world.workflows)) return "workflow";
  const servers = [...world.servers].filter(([name]) => is(server, [name]));
  if (server !== undefined && servers.length === 0) return "server";
  if (tool !== undefined && !servers.some(([, tools]) => tools === null || is(tool, tools))) return "tool";
  return world.records === null || is(record, world.records) ? null : "record";
}

/** Whether everything that `later` matches, `earlier` matches too: a pattern takes another one's `*` for what it stands for. */
function covers(earlier: PolicyRule, later: PolicyRule): boolean {
  const wider = (field: (typeof FIELDS)[number]): boolean => {
    const [pattern, other] = [earlier[field], later[field]];
    return pattern === undefined || (other !== undefined && matchesGlob(pattern, other));
  };
  const conditions = ["args", "when", "outside"] as const;
  const wherever = conditions.every((field) => earlier[field] === undefined || JSON.stringify(earlier[field]) === JSON.stringify(later[field]));
  return wherever && FIELDS.every(wider) && (earlier.action === undefined || earlier.action === later.action);
}
