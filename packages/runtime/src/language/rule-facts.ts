import type { JsonObject } from "../base/index.ts";
import type { ProfileProgram, RuleNode } from "../program/index.ts";
import type { ArgumentEquals, ProfileTypeInfo, RuleTypeInfo } from "../tools/index.ts";
import type { CallFacts, ToolFacts } from "./tool-facts.ts";

/** A profile as the compiler gave it: data all through, so that it can be sent to where the checker runs. */
export interface KnownProfile {
  /** The name of the server in `mcp.json`. */
  readonly server: string;
  readonly program: Pick<ProfileProgram, "rules">;
  readonly types: Pick<ProfileTypeInfo, "tools">;
}

/** Answers from profiles, by those of their rules whose `when` compares arguments with literals; `schemaOf` gives a tool's `inputSchema`. */
export function ruleFacts(profiles: readonly KnownProfile[], schemaOf: ToolFacts["inputSchema"]): ToolFacts {
  const byServer = new Map(profiles.map((profile) => [profile.server, profile]));
  return {
    inputSchema: schemaOf,
    call(server, tool, known, open) {
      const profile = byServer.get(server);
      if (profile === undefined) return null;
      const rules = own(profile.program.rules, tool);
      const types = own(profile.types.tools, tool);
      const index = ruleIndex(rules, types, known, open);
      if (index === null) return null;
      const fill = own(profile.program.rules, "*").find(({ when }) => when === undefined);
      return factsOf({ ...fill, ...rules[index] }, types[index]);
    },
  };
}

function own<T>(of: { readonly [tool: string]: readonly T[] }, tool: string): readonly T[] {
  return Object.hasOwn(of, tool) ? (of[tool] ?? []) : [];
}

function factsOf(rule: RuleNode, types: RuleTypeInfo | undefined): CallFacts {
  const { pages, lagMs, affects } = rule;
  return {
    pages: pages === undefined || pages === "none" ? null : { param: pages.param ?? null, path: types?.pages === undefined ? [] : types.pages.path },
    lagMs: rule.consistent === true ? null : (lagMs ?? null),
    affects: affects ?? [],
  };
}

/** The first rule that holds, its index past the last one when none does; null when it depends on what the text does not tell. */
function ruleIndex(rules: readonly RuleNode[], types: readonly RuleTypeInfo[], known: JsonObject | null, open: readonly string[] | "any"): number | null {
  for (const [index, rule] of rules.entries()) {
    if (rule.when === undefined) return index;
    const when = types[index]?.when ?? null;
    const answers = when === null ? [null] : when.map((part) => holds(part, known, open));
    if (answers.every((answer) => answer === true)) return index;
    if (!answers.includes(false)) return null;
  }
  return rules.length;
}

function holds({ argument, equals }: ArgumentEquals, known: JsonObject | null, open: readonly string[] | "any"): boolean | null {
  if (known !== null && Object.hasOwn(known, argument)) return known[argument] === equals;
  return known === null || open === "any" || open.includes(argument) ? null : false;
}
