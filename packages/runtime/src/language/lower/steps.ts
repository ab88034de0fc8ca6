import type { Expression } from "../../program/index.ts";
import type { ts } from "../typescript.ts";
import { at, type Lowering, PLACEHOLDER } from "./lowering.ts";
import type { Called } from "./names.ts";
import { oneOf, readOptions } from "./options.ts";
import { warnUnquoted } from "./queries.ts";

const EMPTY: Expression = { kind: "object", entries: [] };

/** One call of a tool, or all its pages. */
export function lowerTool(l: Lowering, node: ts.CallExpression, called: Extract<Called, { kind: "tool" }>): Expression {
  const { server, tool, pages } = called;
  const site = l.step(`${server}.${tool}${pages ? ".pages" : ""}`, node, true);
  l.tools.set(JSON.stringify([server, tool]), { server, tool });
  const first = node.arguments[0];
  if (first !== undefined) warnUnquoted(l, first, server, tool);
  const args = first === undefined ? EMPTY : l.expression(first);
  if (!pages) return { kind: "tool", ...at(l, node), site, server, tool, args };
  const options = readOptions(l, node.arguments[1], "pages", ["max", "until", "truncate"]);
  const max = options.get("max");
  const until = options.get("until");
  if (max === undefined && l.knowledge.pagesNeedMax(server, tool)) {
    l.faults.error(node, "PAGES_MAX", `No profile says how many pages of ${server}.${tool} to read at most.`, "Say it here: `.pages(args, { max: 20 })`, or in the profile.");
  }
  const truncate = oneOf(l, options.get("truncate"), ["allow"]);
  return {
    kind: "pages", ...at(l, node), site, server, tool, args,
    ...(max === undefined ? {} : { max: l.expression(max) }),
    ...(until === undefined ? {} : { until: l.functionValue(until, "plain") }),
    ...(truncate === null ? {} : { truncate }),
  };
}

/** `server.read(uri)` and `server.prompt(name, args)`. */
export function lowerOffer(l: Lowering, node: ts.CallExpression, called: Extract<Called, { kind: "offer" }>): Expression {
  const { server } = called;
  const site = l.step(`${server}.${called.name}`, node, true);
  l.offers.add(server);
  const [first, args] = node.arguments;
  if (first === undefined) return PLACEHOLDER; // TypeScript says that it is missing.
  if (called.name === "read") return { kind: "resource", ...at(l, node), site, server, uri: l.expression(first) };
  return { kind: "prompt", ...at(l, node), site, server, name: l.expression(first), ...(args === undefined ? {} : { args: l.expression(args) }) };
}

/** `.ensure(item)`, `.release(identity)`, `.lookup(identity)`, `.all()`. */
export function lowerRecordStep(l: Lowering, node: ts.CallExpression, called: Extract<Called, { kind: "record" }>): Expression {
  const operation = (["ensure", "release", "lookup", "all"] as const).find((name) => name === called.operation);
  if (operation === undefined) return PLACEHOLDER; // TypeScript says that there is no such method.
  const site = l.step(`${called.name}.${operation}`, node, true);
  const value = node.arguments[0];
  return { kind: "record", ...at(l, node), site, record: called.index, operation, ...(value === undefined || operation === "all" ? {} : { value: l.expression(value) }) };
}

/** `.get()` and `.set(value)`, of a state or of one of its keys. */
export function lowerStateStep(l: Lowering, node: ts.CallExpression, called: Extract<Called, { kind: "state" }>): Expression {
  const operation = (["get", "set"] as const).find((name) => name === called.operation);
  if (operation === undefined) {
    if (called.operation === "of") l.faults.error(node, "VOCABULARY_AS_VALUE", "A state of one key is not a value.", `Use it at once: \`${called.name}.of(key).get()\`.`);
    return PLACEHOLDER;
  }
  const site = l.step(`${called.name}.${operation}`, node, true);
  const value = node.arguments[0];
  return {
    kind: "state", ...at(l, node), site, state: called.index, operation,
    ...(called.key === null ? {} : { key: l.expression(called.key) }),
    ...(value === undefined || operation === "get" ? {} : { value: l.expression(value) }),
  };
}
