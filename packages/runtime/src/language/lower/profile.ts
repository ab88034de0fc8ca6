import { commentsOf } from "./comments.ts";
import { isHostPattern } from "../../base/index.ts";
import { type FunctionNode, type PagingNode, type ProfileProgram, type RuleNode, SEMANTICS } from "../../program/index.ts";
import type { ProfileTypeInfo, RuleTypeInfo } from "../../tools/index.ts";
import { type Fields, openFields, requiredText } from "./fields.ts";
import { moduleTypes } from "./debug-types.ts";
import { finishLowering } from "./finish.ts";
import { allowedName } from "./literals.ts";
import type { Lowering } from "./lowering.ts";
import { membersOf } from "./members.ts";
import { lowerModule } from "./module.ts";
import { ruleTypes } from "./profile-types.ts";
import { dataOf, readStatic, type StaticValue } from "./static-value.ts";
import type { ts } from "../typescript.ts";

const FUNCTIONS = ["when", "result", "failed", "refused", "gone", "target"] as const;
const FIELDS = [...FUNCTIONS, "effect", "idempotent", "consistent", "lag", "pages", "rate", "undo", "sensitive", "affects", "names"];
const PAGING = ["by", "param", "size", "items", "next", "more", "max"];

/** A lowered profile, and what it means for the types of its server's tools. */
export interface LoweredProfile {
  readonly profile: ProfileProgram;
  readonly types: Omit<ProfileTypeInfo, "server">;
}

/** Lowers a profile; null when so much is wrong that there is nothing to look at. What is wrong is in `l.faults`. */
export function lowerProfile(l: Lowering, file: string): LoweredProfile | null {
  const parts = lowerModule(l);
  const [target, rules, options] = parts.exported?.arguments ?? [];
  if (parts.exported === null || rules === undefined) {
    finishLowering(l, parts.made, l.scope.functions);
    return null;
  }
  const lowered: { [tool: string]: readonly RuleNode[] } = {};
  const types: { [tool: string]: readonly RuleTypeInfo[] } = {};
  const names: { [type: string]: string } = {};
  const value = readStatic(l, rules);
  if (value.kind !== "record") l.faults.error(value.node, "NOT_STATIC", "The rules of a profile must be written out.", "Write `{ tool: [{ effect: \"read\" }], \"*\": { … } }`.");
  else {
    for (const [tool, entry] of value.entries) {
      if (!allowedName(l, entry.node, tool)) continue;
      const rules = rulesOf(l, entry);
      lowered[tool] = rules.map((fields) => ruleOf(l, fields, names));
      if (tool !== "*") types[tool] = rules.map((fields) => ruleTypes(l, fields));
    }
  }
  const hosts = hostsOf(l, options);
  const name = requiredText(l, target, parts.exported, "The package of a profile");
  finishLowering(l, parts.made, l.scope.functions);
  const profile: ProfileProgram = {
    kind: "profile", semantics: SEMANTICS, package: name, globals: parts.globals, rules: lowered, ...(hosts === undefined ? {} : { hosts }), names,
    debug: { file, source: l.source.text, names: l.names, globals: parts.names, comments: commentsOf(l.source), members: membersOf(l), types: moduleTypes(l, parts) },
  };
  return { profile, types: { names, tools: types } };
}

/** Undefined when the profile does not say. */
function hostsOf(l: Lowering, options: ts.Expression | undefined): readonly string[] | undefined {
  if (options === undefined) return undefined;
  const fields = openFields(l, readStatic(l, options), "profile", ["hosts"]);
  const hosts = fields?.texts("hosts");
  const list = fields?.get("hosts");
  for (const [index, host] of (hosts ?? []).entries()) {
    if (!isHostPattern(host)) l.faults.error((list?.kind === "list" ? list.items[index]?.node : undefined) ?? options, "HOST_INVALID", `${JSON.stringify(host)} names no host.`, "Write a name without what is around it in a URL: \"api.example.com\", \"*.example.com\" or \"api.example.com:443\".");
  }
  return hosts;
}

function rulesOf(l: Lowering, entry: StaticValue): readonly Fields[] {
  const items = entry.kind === "list" ? entry.items : [entry];
  return items.flatMap((item) => openFields(l, item, "a rule", FIELDS) ?? []);
}

function ruleOf(l: Lowering, fields: Fields, names: { [type: string]: string }): RuleNode {
  const functions: { -readonly [Key in (typeof FUNCTIONS)[number]]?: FunctionNode } = {};
  for (const key of FUNCTIONS) {
    const fn = fields.fn(key, "plain");
    if (fn !== undefined) functions[key] = fn;
  }
  readNames(l, fields, names);
  const idempotent = fields.get("idempotent")?.kind === "data" ? fields.boolean("idempotent") : fields.fn("idempotent", "plain");
  return defined({
    ...functions,
    effect: fields.choice("effect", ["read", "prepare", "write"]),
    idempotent, consistent: fields.boolean("consistent"), lagMs: fields.duration("lag"),
    pages: fields.get("pages")?.kind === "data" ? fields.choice("pages", ["none"]) : pagingOf(l, fields),
    rate: rateOf(fields), undo: fields.text("undo"), sensitive: fields.texts("sensitive"), affects: fields.texts("affects"),
  });
}

function rateOf(fields: Fields): RuleNode["rate"] {
  const rate = fields.fields("rate", "rate", ["perSecond", "concurrent"]);
  return rate === undefined ? undefined : defined({ perSecond: rate.positive("perSecond"), concurrent: rate.positive("concurrent") });
}

function pagingOf(l: Lowering, rule: Fields): PagingNode | undefined {
  const fields = rule.fields("pages", "pages", PAGING);
  const by = fields?.choice("by", ["none", "page", "offset", "cursor"]);
  if (fields === undefined) return undefined;
  if (fields.get("by") === undefined) l.faults.error(fields.node, "OPTION_MISSING", "The paging does not say by what the tool pages.", "Add `by: \"page\"`, \"offset\", \"cursor\" or \"none\".");
  const size = fields.get("size");
  const [param, value] = size?.kind === "list" ? size.items.map(dataOf) : [];
  const sized = typeof param === "string" && typeof value === "number" ? { param, value } : undefined;
  if (size !== undefined && sized === undefined) l.faults.error(size.node, "NOT_STATIC", "The size of a page must be written out.", "Write `size: [\"per_page\", 100]`.");
  if (by !== undefined && by !== "none" && fields.get("param") === undefined) {
    l.faults.error(fields.node, "OPTION_MISSING", "The paging does not say which argument moves.", "Add `param: \"page\"`.");
  }
  return defined({
    by: by ?? "none", param: fields.text("param"), size: sized,
    items: fields.fn("items", "plain"), next: fields.fn("next", "plain"), more: fields.fn("more", "plain"), max: fields.count("max"),
  });
}

function readNames(l: Lowering, fields: Fields, names: { [type: string]: string }): void {
  const value = fields.get("names");
  const data = value === undefined ? {} : dataOf(value);
  if (value === undefined) return;
  if (value.kind !== "record" || data === undefined) {
    l.faults.error(value.node, "NOT_STATIC", "Better names must be written out.", "Write `names: { ListPullRequestsItem: \"PullRequest\" }`.");
    return;
  }
  for (const [type, entry] of value.entries) {
    const name = dataOf(entry);
    if (typeof name === "string" && /^[A-Z][A-Za-z0-9]*$/.test(name)) names[type] = name;
    else l.faults.error(entry.node, "NAME_INVALID", "A type's name is a capitalised word.", "Write a text like \"PullRequest\".");
  }
}

type Defined<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & { [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined> };

/** The members that are not undefined: what is absent says nothing. */
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}
