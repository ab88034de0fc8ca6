import type { JsonObject } from "../base/index.ts";
import type { Rule, Rules } from "../calls/index.ts";
import { type CallRule, type CompiledProfile, type Paging, type Tools, Unknown, type Value } from "../engine/index.ts";

/** What is known of every call, in the two forms that the engine and the calls ask for. */
export interface Rulebook {
  readonly tools: Tools;
  readonly rules: Rules;
  /**
   * Whether a call may write, as far as the text of a workflow tells (the checker's question): `known` are its literal
   * arguments, null when none can be told; `open` names arguments that only a run knows, `"any"` when there may be others.
   */
  mayWrite(server: string, tool: string, known: JsonObject | null, open: readonly string[] | "any"): boolean;
}

/** What {@link createRulebook} is made of. */
export interface RulebookOptions {
  /** Server name → its profile. */
  readonly profiles: ReadonlyMap<string, CompiledProfile>;
  /** What the project's policy says of a tool, over what its profile says; null when it says nothing. */
  readonly policyEffect: (server: string, tool: string) => Rule["effect"] | null;
  /** Tools that call themselves read-only, where the policy trusts that. Asked only when nobody else says what a call is. */
  readonly trustedRead: (server: string, tool: string) => boolean;
}

/** Policy, profiles and trusted hints as one answer per call. What nobody decides is a write. */
export function createRulebook(options: RulebookOptions): Rulebook {
  const ruleOf = (server: string, tool: string, args: Value): CallRule & Pick<Rule, "effect" | "isHinted"> => {
    const rule = options.profiles.get(server)?.rule(tool, args) ?? SILENT;
    const said = options.policyEffect(server, tool) ?? rule.effect;
    if (said !== null) return { ...rule, effect: said };
    return options.trustedRead(server, tool) ? { ...rule, effect: "read", isHinted: true } : { ...rule, effect: "write" };
  };
  return {
    mayWrite: (server, tool, known, open) => ruleOf(server, tool, argsInText(known, open)).effect === "write",
    rules: { rule: (server, tool, args) => ruleOf(server, tool, args) },
    tools: {
      classify(server, tool, args) {
        const { effect, idempotent, consistent, lagMs, affects, undo } = ruleOf(server, tool, args);
        return { effect, idempotent, consistent, lagMs, affects, undo };
      },
      paging: (server, tool, args) => ruleOf(server, tool, args).paging ?? ONE_PAGE,
    },
  };
}

function argsInText(known: JsonObject | null, open: readonly string[] | "any"): Value {
  if (known === null || open === "any") return new Unknown([]);
  return { ...known, ...Object.fromEntries(open.map((name) => [name, new Unknown([])])) };
}

/** What a server without a profile says of a call: nothing. */
const SILENT: CallRule = { effect: null, decided: true, idempotent: false, consistent: false, lagMs: null, affects: [], undo: null, sensitive: [], rate: {}, paging: null };

/** A tool of which nobody says how it pages: its answer is the list, and whether there is more cannot be known. */
const ONE_PAGE: Paging = {
  max: 1,
  first: (args) => args,
  next: () => null,
  items: (result) => (Array.isArray(result) ? (result as readonly Value[]) : []),
  more: () => false,
};
