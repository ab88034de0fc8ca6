import { formatDuration, OffstageError } from "../../base/index.ts";
import type { EventTrigger, Expression, FunctionNode, StepNode } from "../../program/index.ts";
import { printCallback } from "./callbacks.ts";
import { itemsGiven } from "./comprehensions.ts";
import { printData } from "./data.ts";
import { isKnownInputs, printObject, printSpread } from "./objects.ts";
import { isKeyword } from "./names.ts";
import { turnName } from "./naming.ts";
import type { Given } from "./given.ts";
import { library, type Printing } from "./printing.ts";
import { call, keyword, name, positional, type PyArgument, type PyExpression, string } from "./tree.ts";

/** A step: a call of the vocabulary, awaited where it stands. `now` and `log` answer at once. */
export function printStep(p: Printing, e: StepNode): PyExpression {
  const called = printCalled(p, e);
  const value: PyExpression = called.kind === "call" ? { ...called, site: e.site } : called;
  return e.kind === "now" || e.kind === "log" ? value : { kind: "await", value };
}

function step(callee: string, ...args: readonly (PyArgument | null)[]): PyExpression {
  return { kind: "call", callee: library(callee), args: args.filter((one) => one !== null) };
}

/** An option that is said only where there is one. */
function option(p: Printing, named: string, e: Expression | undefined): PyArgument | null {
  return e === undefined ? null : keyword(named, p.expression(e));
}

function callback(p: Printing, fn: FunctionNode, called: string): PyArgument {
  return positional(printCallback(p, fn, called));
}

function given(p: Printing, named: string, fn: FunctionNode | undefined): PyArgument | null {
  return fn === undefined ? null : keyword(named, printCallback(p, fn, named));
}

function printCalled(p: Printing, e: StepNode): PyExpression {
  switch (e.kind) {
    case "tool": return { kind: "call", callee: tool(p, e.server, e.tool), args: printArguments(p, e.args) };
    case "pages": return printPages(p, e);
    case "resource": return call({ kind: "attribute", value: server(p, e.server), name: "read" }, p.expression(e.uri));
    case "prompt": return call({ kind: "attribute", value: server(p, e.server), name: "prompt" }, ...[e.name, ...(e.args === undefined ? [] : [e.args])].map((one) => p.expression(one)));
    case "once": return printOnce(p, e);
    case "once-per-run": return step("once.per_run", callback(p, e.fn, "write"));
    case "record": return call({ kind: "attribute", value: name(p.module.records[e.record] ?? "record"), name: e.operation }, ...(e.value === undefined ? [] : [p.expression(e.value)]));
    case "each": return printEach(p, e);
    case "parallel": return printParallel(p, e);
    case "state": return printState(p, e);
    case "ask": return step("ask", keyword("prompt", p.expression(e.prompt)), keyword("schema", printData(e.schema.value)), keyword("max_tokens", p.expression(e.maxTokens)), option(p, "model", e.model));
    case "call-workflow": return step("call", positional(workflow(p.module.calls[e.workflow])), positional(p.expression(e.inputs)));
    case "start-workflow": return step("start", positional(workflow(p.module.starts[e.workflow])), positional(p.expression(e.key)), positional(p.expression(e.inputs)));
    case "now": return step("now");
    case "own": throw new OffstageError("EXPORT_REFUSED", `${e.name} of own/${e.module}.ts is its owner's code, which Python has none of.`);
    case "log": return step("log", ...e.args.map((one) => positional(p.expression(one))));
    default: return printWait(p, e);
  }
}

function printWait(p: Printing, e: Extract<StepNode, { readonly kind: "sleep" | "until" | "approve" | "poll" | "wait-for" }>): PyExpression {
  switch (e.kind) {
    case "sleep": return step("sleep", positional(printDuration(p, e.duration)));
    case "until": return step("until", positional(p.expression(e.time)));
    case "approve": return step(
      "approve", keyword("message", p.expression(e.message)), option(p, "show", e.show), option(p, "by", e.by),
      e.within === undefined ? null : keyword("within", printDuration(p, e.within)), e.onTimeout === undefined ? null : keyword("on_timeout", string(e.onTimeout)),
    );
    case "poll": return step("poll", callback(p, e.turn, "turn"), keyword("every", printDuration(p, e.every)), keyword("max", p.expression(e.max)));
    case "wait-for": return step("wait_for", positional(printEventTrigger(p, e.trigger)), given(p, "when", e.when), e.within === undefined ? null : keyword("within", printDuration(p, e.within)));
  }
}

/** A duration: as people write it where it is written out, else whatever gives milliseconds. */
function printDuration(p: Printing, e: Expression): PyExpression {
  if (e.kind === "const" && typeof e.value === "number") return string(formatDuration(e.value));
  if (e.kind !== "builtin" || e.name !== "duration") return p.expression(e);
  const [only] = e.args;
  return only !== undefined && !("spread" in only) ? p.expression(only) : p.expression(e);
}

function workflow(named: string | undefined): PyExpression {
  return name(named ?? "unknown");
}

/** `webhook("github")`, `queue("name")`, `resource(server, "uri")`. */
export function printEventTrigger(p: Printing, trigger: EventTrigger): PyExpression {
  switch (trigger.kind) {
    case "webhook": return call(library("webhook"), string(trigger.source));
    case "queue": return call(library("queue"), string(trigger.name));
    case "resource": return call(library("resource"), server(p, trigger.server), string(trigger.uri));
  }
}

/** The module of a server. */
export function server(p: Printing, named: string): PyExpression {
  const own = p.module.servers.get(named) ?? p.module.clients.module(named);
  return name(own);
}

function tool(p: Printing, of: string, named: string): PyExpression {
  return { kind: "attribute", value: server(p, of), name: p.module.clients.tool(of, named) };
}

/** Arguments of a tool: by their names where these may stand so and cannot meet twice, else as one mapping. */
export function printArguments(p: Printing, e: Expression): readonly PyArgument[] {
  if (e.kind !== "object") return [positional(p.expression(e))];
  const keys = e.entries.flatMap((one) => (one.kind === "property" ? [one.key] : p.facts.inputs));
  const spreads = e.entries.filter((one) => one.kind === "spread");
  const isClear = new Set(keys).size === keys.length && keys.every(isKeyword) && (spreads.every((one) => isKnownInputs(p, one.value)) || (spreads.length === 1 && e.entries.length === 1));
  if (!isClear) return [positional(printObject(p, e.entries))];
  return e.entries.map((one) => (one.kind === "spread" ? { kind: "double-star", value: printSpread(p, one.value) } : keyword(one.key, p.expression(one.value))));
}

function printPages(p: Printing, e: Extract<StepNode, { readonly kind: "pages" }>): PyExpression {
  const options = [
    option(p, "max", e.max), e.until === undefined ? null : keyword("until", functionValue(p, e.until, "until")),
    e.truncate === undefined ? null : keyword("truncate", string(e.truncate)),
  ].filter((one) => one !== null);
  const pages: PyExpression = { kind: "attribute", value: tool(p, e.server, e.tool), name: "pages" };
  return { kind: "call", callee: { kind: "call", callee: pages, args: options }, args: printArguments(p, e.args) };
}

function printOnce(p: Printing, e: Extract<StepNode, { readonly kind: "once" }>): PyExpression {
  const key = positional(p.expression(e.key));
  return step("once", key, callback(p, e.fn, "write"), e.window === undefined ? null : keyword("for_", printDuration(p, e.window)), given(p, "confirm", e.confirm));
}

function functionValue(p: Printing, e: Expression, called: string, given: readonly Given[] = []): PyExpression {
  return e.kind === "function" ? printCallback(p, e.fn, called, given) : p.expression(e);
}

function printEach(p: Printing, e: Extract<StepNode, { readonly kind: "each" }>): PyExpression {
  const items = positional(p.expression(e.items));
  const given = [itemsGiven(p, e.items)];
  const key = keyword("key", functionValue(p, e.key, "key", given));
  return step("each", items, positional(functionValue(p, e.fn, e.fn.kind === "function" ? turnName(p, e.items, e.fn.fn) : "turn", given)), key, option(p, "parallel", e.parallel), e.onError === "continue" ? keyword("on_error", string("continue")) : null);
}

function printParallel(p: Printing, e: Extract<StepNode, { readonly kind: "parallel" }>): PyExpression {
  return step("parallel", positional({ kind: "dict", entries: e.branches.map(({ name: named, fn }) => ({ key: string(named), value: printCallback(p, fn, named) })) }));
}

function printState(p: Printing, e: Extract<StepNode, { readonly kind: "state" }>): PyExpression {
  const own = name(p.module.states[e.state] ?? "state");
  const of: PyExpression = e.key === undefined ? own : call({ kind: "attribute", value: own, name: "of" }, p.expression(e.key));
  return call({ kind: "attribute", value: of, name: e.operation }, ...(e.value === undefined ? [] : [p.expression(e.value)]));
}
