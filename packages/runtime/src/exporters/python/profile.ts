import { formatDuration, type Json } from "../../base/index.ts";
import type { BundleFile } from "../../bundle/index.ts";
import type { FunctionNode, PagingNode, ProfileProgram, RuleNode } from "../../program/index.ts";
import { printCallback } from "./callbacks.ts";
import { clientNames } from "./client-names.ts";
import { printData } from "./data.ts";
import { openPrinting, printModule } from "./module.ts";
import { memberName, snakeCase } from "./names.ts";
import { library, type Printing } from "./printing.ts";
import { rawResultsOf } from "./raw-results.ts";
import { keyword, namesIn, positional, type PyArgument, type PyExpression, type PyStatement, string } from "./tree.ts";
import { printTop } from "./workflow.ts";

/** `profiles/<server>.py`: what a profile says of a server's calls. `module`: without `.py`. */
export function printProfile(server: string, profile: ProfileProgram, module: string = memberName(server)): BundleFile {
  const raws = rawResultsOf(profile);
  return { path: `profiles/${module}.py`, content: printModule((reserved, findings) => printBody(openPrinting(profile, reserved, findings, "PROFILE", clientNames(new Map()), raws), server, profile)).text };
}

function printBody(p: Printing, server: string, profile: ProfileProgram): ReturnType<Parameters<typeof printModule>[0]> {
  const top = printTop(p);
  const above = p.comments.apart(/^export default/m.exec(profile.debug.source)?.index);
  p.before = [];
  const rules = Object.entries(profile.rules).map(([tool, list]) => ({ key: string(tool), value: { kind: "list" as const, items: list.map((rule, index) => printRule(p, rule, `${snakeCase(tool === "*" ? "other" : tool)}_${String(index + 1)}`)) } }));
  const args: PyArgument[] = [
    positional(string(profile.package)), keyword("rules", { kind: "dict", entries: rules }),
    ...(profile.hosts === undefined ? [] : [keyword("hosts", printData(profile.hosts as Json))]),
  ];
  const body = withoutUnread([...top, ...p.before, ...above, { kind: "assign", targets: ["PROFILE"], value: { kind: "call", callee: library("profile"), args } }]);
  return { p, docstring: `What MCP does not say about the server ${server}: ${profile.package}.`, body };
}

/** Without constants that rules were made of and that nothing reads any more, and what is said of them. */
function withoutUnread(body: readonly PyStatement[]): readonly PyStatement[] {
  const isNamed = (statement: PyStatement): boolean => statement.kind === "assign" && statement.targets[0] !== "PROFILE";
  const kept = new Set(body.filter((statement) => !isNamed(statement)));
  for (let size = 0; size < kept.size;) {
    size = kept.size;
    const read = namesIn([...kept]);
    for (const statement of body) if (statement.kind === "assign" && statement.targets.some((target) => read.has(target))) kept.add(statement);
  }
  return body.filter((statement, index) => kept.has(statement) && !(statement.kind === "comment" && statement.apart !== true && index + 1 < body.length && !kept.has(body[index + 1] ?? statement)));
}

/** What is said of rules in the table stands in no function. */
function fn(p: Printing, named: string, value: FunctionNode | undefined, place: string): readonly PyArgument[] {
  p.comments.before(value?.at);
  return value === undefined ? [] : [keyword(named, printCallback(p, value, `${named}_${place}`))];
}

function data(named: string, value: Json | undefined): readonly PyArgument[] {
  return value === undefined ? [] : [keyword(named, printData(value))];
}

function printRule(p: Printing, rule: RuleNode, place: string): PyExpression {
  const args: readonly PyArgument[] = [
    ...fn(p, "when", rule.when, place), ...data("effect", rule.effect), ...fn(p, "result", rule.result, place), ...fn(p, "failed", rule.failed, place),
    ...fn(p, "refused", rule.refused, place), ...fn(p, "gone", rule.gone, place),
    ...(typeof rule.idempotent === "object" ? fn(p, "idempotent", rule.idempotent, place) : data("idempotent", rule.idempotent)),
    ...data("consistent", rule.consistent), ...data("lag", rule.lagMs === undefined ? undefined : formatDuration(rule.lagMs)),
    ...(rule.pages === undefined ? [] : [keyword("pages", rule.pages === "none" ? string("none") : printPaging(p, rule.pages, place))]),
    ...data("rate", rate(rule)), ...data("undo", rule.undo), ...fn(p, "target", rule.target, place),
    ...data("sensitive", rule.sensitive as Json | undefined), ...data("affects", rule.affects as Json | undefined),
  ];
  return { kind: "call", callee: library("rule"), args };
}

function rate({ rate: limits }: RuleNode): Json | undefined {
  if (limits === undefined) return undefined;
  return { ...(limits.perSecond === undefined ? {} : { per_second: limits.perSecond }), ...(limits.concurrent === undefined ? {} : { concurrent: limits.concurrent }) };
}

function printPaging(p: Printing, paging: PagingNode, place: string): PyExpression {
  const args: readonly PyArgument[] = [
    ...data("by", paging.by), ...data("param", paging.param), ...data("size", paging.size === undefined ? undefined : [paging.size.param, paging.size.value]),
    ...fn(p, "items", paging.items, place), ...fn(p, "next", paging.next, place), ...fn(p, "more", paging.more, place), ...data("max", paging.max),
  ];
  return { kind: "call", callee: library("paging"), args };
}
