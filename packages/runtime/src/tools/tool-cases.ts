import type { Data } from "../base/index.ts";
import { field } from "./catalogue.ts";
import { isList } from "./pinned-json.ts";
import { ANY_CASE, type ArgumentEquals, caseKey, type PagesTypeInfo, type RuleTypeInfo } from "./profile-types.ts";
import { pascalName } from "./type-names.ts";
import type { TypeNode } from "./type-node.ts";

type TextType = Extract<TypeNode, { readonly kind: "text" }>;

/** Calls of one tool that types can tell from others by literal arguments: one overload. */
export interface ToolCase {
  /** Its key in `offstage.learnt.json`. */
  readonly key: string;
  /** What it adds to the tool's name in names of types: `Create`. */
  readonly suffix: string;
  /** Empty: all calls that no other case takes. */
  readonly equals: readonly ArgumentEquals[];
  /** Result types as a profile's checker told them: of its rule, and of earlier rules of which types cannot tell whether they hold. */
  readonly texts: readonly TextType[];
  /** True when its result may also be what the tool gives without a `result` of a profile. */
  readonly plain: boolean;
  readonly pages?: PagesTypeInfo;
}

/** A tool's cases, told by its profile's rules. */
export interface ToolCases {
  readonly special: readonly ToolCase[];
  /** Calls that are none of the special ones; null when the special ones are all there are. */
  readonly general: ToolCase | null;
}

/** Sorts the rules of a tool into cases: the first rule that holds is the rule. */
export function toolCases(rules: readonly RuleTypeInfo[], inputSchema: Data | undefined): ToolCases {
  const special: ToolCase[] = [];
  const unsure: RuleTypeInfo[] = [];
  let always: RuleTypeInfo | undefined;
  for (const rule of rules) {
    if (rule.when === null) unsure.push(rule);
    else if (rule.when.length === 0) {
      always = rule;
      break;
    } else if (special.every((other) => other.key !== caseKey(rule))) special.push(caseOfRule(rule, rule.when, unsure));
  }
  if (always === undefined && coversAll(special, inputSchema)) return { special, general: null };
  return { special, general: caseOfRule(always ?? { when: [] }, [], unsure) };
}

function caseOfRule(rule: RuleTypeInfo, equals: readonly ArgumentEquals[], unsure: readonly RuleTypeInfo[]): ToolCase {
  const texts = [...unsure, rule].flatMap(({ result: text, resultType: type }): readonly TextType[] => (text === undefined ? [] : [{ kind: "text", text, ...(type === undefined ? {} : { type }) }]));
  const pages = rule.pages ?? (equals.length === 0 ? unsure.find((other) => other.pages !== undefined)?.pages : undefined);
  return {
    key: equals.length === 0 ? ANY_CASE : caseKey(rule),
    suffix: equals.map(suffixOf).join(""),
    equals,
    texts: [...new Map(texts.map((one) => [one.text, one])).values()],
    plain: rule.result === undefined || unsure.some(({ result }) => result === undefined),
    ...(pages === undefined ? {} : { pages }),
  };
}

function suffixOf({ argument, equals }: ArgumentEquals): string {
  return typeof equals === "string" ? pascalName(equals) : `${pascalName(argument)}${pascalName(String(equals))}`;
}

/** True when each case asks one and the same argument, which must be given and can be nothing else. */
function coversAll(cases: readonly ToolCase[], inputSchema: Data | undefined): boolean {
  const [argument, ...others] = new Set(cases.map(({ equals }) => (equals.length === 1 ? equals[0]?.argument : undefined)));
  if (argument === undefined || others.length > 0) return false;
  const required = field(inputSchema, "required");
  const values = field(field(field(inputSchema, "properties"), argument), "enum");
  if (!isList(required) || !required.includes(argument) || !isList(values) || values.length === 0) return false;
  return values.every((value) => cases.some(({ equals }) => equals[0]?.equals === value));
}
