import type { Expression } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { lowerApprove } from "./approve.ts";
import { lowerAsk } from "./ask.ts";
import { checkDuration, durationExpression } from "./durations.ts";
import { at, type Lowering, PLACEHOLDER } from "./lowering.ts";
import { oneOf, readOptions } from "./options.ts";
import { lowerParallel } from "./parallel.ts";
import { lowerPoll } from "./poll.ts";
import { lowerSleep, lowerUntil } from "./sleep.ts";
import { lowerWaitFor } from "./wait-for.ts";
import { lowerWorkflowCall, lowerWorkflowStart } from "./workflow-calls.ts";

const TOP_LEVEL: ReadonlySet<string> = new Set(["workflow", "profile", "record", "state", "every", "cron", "webhook", "queue", "resource", "input"]);

/** A function of `offstage` that is more than a pure one. */
export function lowerVocabulary(l: Lowering, node: ts.CallExpression, name: string): Expression {
  if (TOP_LEVEL.has(name)) {
    const hint = name === "record" || name === "state" ? `Write \`const name = ${name}("name", …)\` at the top of the module.` : name === "workflow" || name === "profile" ? `Write \`export default ${name}(…)\`.` : name === "input" ? "Inputs are declared in the workflow's `inputs`: `inputs: { labels: input({ schema: { … } }) }`." : "Triggers are listed in the workflow's `on`.";
    l.faults.error(node, "MISPLACED", `${name} cannot stand here.`, hint);
    return PLACEHOLDER;
  }
  switch (name) {
    case "once":
      return once(l, node);
    case "once.perRun":
      return oncePerRun(l, node);
    case "each":
      return each(l, node);
    case "ask":
      return lowerAsk(l, node);
    case "call":
      return lowerWorkflowCall(l, node);
    case "start":
      return lowerWorkflowStart(l, node);
    case "parallel":
      return lowerParallel(l, node);
    case "approve":
      return lowerApprove(l, node);
    case "poll":
      return lowerPoll(l, node);
    case "waitFor":
      return lowerWaitFor(l, node);
    case "sleep":
      return lowerSleep(l, node);
    case "until":
      return lowerUntil(l, node);
    case "now":
      return { kind: "now", ...at(l, node), site: l.step("now", node, false) };
    case "ago":
      return ago(l, node);
    case "log":
      return log(l, node);
    default:
      return PLACEHOLDER; // TypeScript says that there is no such name.
  }
}

function once(l: Lowering, node: ts.CallExpression): Expression {
  const site = l.step("once", node, true);
  const [key, write, more] = node.arguments;
  if (key === undefined || write === undefined) return PLACEHOLDER; // TypeScript says which argument is missing.
  const keyed = l.expression(key);
  const fn = l.functionOf(write, "steps");
  const options = readOptions(l, more, "once", ["for", "confirm"]);
  const window = options.get("for");
  const confirm = options.get("confirm");
  return {
    kind: "once", ...at(l, node), site, key: keyed, fn,
    ...(window === undefined ? {} : { window: durationExpression(l, window) }),
    ...(confirm === undefined ? {} : { confirm: l.functionOf(confirm, "steps") }),
  };
}

function oncePerRun(l: Lowering, node: ts.CallExpression): Expression {
  const site = l.step("once.perRun", node, true);
  const [write] = node.arguments;
  return write === undefined ? PLACEHOLDER : { kind: "once-per-run", ...at(l, node), site, fn: l.functionOf(write, "steps") };
}

function each(l: Lowering, node: ts.CallExpression): Expression {
  const site = l.step("each", node, true);
  const [items, more, body] = node.arguments;
  if (items === undefined || more === undefined || body === undefined) return PLACEHOLDER; // TypeScript says which argument is missing.
  const list = l.expression(items);
  const options = readOptions(l, more, "each", ["key", "parallel", "onError"]);
  const key = options.get("key");
  const parallel = options.get("parallel");
  const lowered = {
    items: list,
    key: key === undefined ? PLACEHOLDER : l.functionValue(key, "plain"),
    ...(parallel === undefined ? {} : { parallel: l.expression(parallel) }),
    onError: oneOf(l, options.get("onError"), ["stop", "continue"]) ?? "stop",
  };
  return { kind: "each", ...at(l, node), site, ...lowered, fn: l.functionValue(body, "steps") };
}

/** `ago(d)` is `now() - duration(d)`. */
function ago(l: Lowering, node: ts.CallExpression): Expression {
  const site = l.step("ago", node, false);
  const [length] = node.arguments;
  if (length === undefined) return PLACEHOLDER;
  checkDuration(l, length);
  const right: Expression = { kind: "builtin", ...at(l, length), name: "duration", args: [l.expression(length)] };
  return { kind: "binary", ...at(l, node), operator: "-", on: "number", left: { kind: "now", ...at(l, node), site }, right };
}

function log(l: Lowering, node: ts.CallExpression): Expression {
  const site = l.step("log", node, false);
  const args = node.arguments.flatMap((argument) => {
    if (!ts.isSpreadElement(argument)) return [l.expression(argument)];
    l.faults.error(argument, "SPREAD_NOT_ALLOWED", "The parts of a log line cannot be spread.", "Write them one by one, or log the list itself.");
    return [];
  });
  return { kind: "log", ...at(l, node), site, args };
}
