import { isTimeZone } from "../../base/index.ts";
import type { EventTrigger, TriggerNode } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { cronFault } from "./cron.ts";
import { durationOf, type Fields, openFields, requiredText } from "./fields.ts";
import { unwrap } from "./literals.ts";
import type { Lowering } from "./lowering.ts";
import { calledName, namedBy } from "./names.ts";
import { readStatic } from "./static-value.ts";

type Schedule = Extract<TriggerNode, { readonly kind: "every" }>;
type Common = Pick<TriggerNode, "when" | "key" | "overlap" | "sweep">;
const OPTIONS = ["when", "key", "overlap", "sweep"] as const;
const SCHEDULE_OPTIONS = [...OPTIONS, "missed", "jitter"] as const;
const NONE: Common = { overlap: "queue", sweep: false };

/** One item of `on`; null, with a fault, when it is no trigger. */
export function lowerTrigger(l: Lowering, node: ts.Expression): TriggerNode | null {
  const inner = unwrap(node);
  const called = ts.isCallExpression(inner) && ts.isIdentifier(inner.expression) ? calledName(l, inner.expression) : null;
  if (called?.kind === "vocabulary" && ts.isCallExpression(inner)) {
    switch (called.name) {
      case "every":
        return everyTrigger(l, inner);
      case "cron":
        return cronTrigger(l, inner);
      case "webhook":
        return { kind: "webhook", source: requiredText(l, inner.arguments[0], inner, "The source of a webhook"), ...filter(l, inner.arguments[1]) };
      case "queue":
        return { kind: "queue", name: requiredText(l, inner.arguments[0], inner, "The name of a queue"), ...filter(l, inner.arguments[1]) };
      case "resource":
        return resourceTrigger(l, inner);
    }
  }
  return notStatic(l, node, "every(…), cron(…), webhook(…), queue(…) or resource(…)");
}

/** What `waitFor` listens to; null, with a fault, when it delivers no events or says more than that. */
export function lowerEventTrigger(l: Lowering, node: ts.Expression): EventTrigger | null {
  const inner = unwrap(node);
  const called = ts.isCallExpression(inner) && ts.isIdentifier(inner.expression) ? calledName(l, inner.expression) : null;
  const name = called?.kind === "vocabulary" ? called.name : null;
  if (ts.isCallExpression(inner) && (name === "every" || name === "cron")) {
    const hint = name === "every" ? "Write `await sleep(\"10m\")`; to look for something again and again, `poll`." : "Write `await until(time)`, or `await sleep(\"10m\")`.";
    l.faults.error(inner, "MISPLACED", `A schedule has no events to wait for: ${name} only starts runs.`, hint);
    return null;
  }
  const trigger = name === "webhook" || name === "queue" || name === "resource" ? lowerTrigger(l, inner) : notStatic(l, node, "webhook(…), queue(…) or resource(…)");
  const more = ts.isCallExpression(inner) ? inner.arguments[name === "resource" ? 2 : 1] : undefined;
  if (trigger !== null && more !== undefined) l.faults.error(more, "OPTION_UNKNOWN", "In waitFor a trigger only names what is listened to.", "Give the filter to waitFor: `waitFor(trigger, { when: (event) => … })`.");
  switch (trigger?.kind) {
    case "webhook":
      return { kind: trigger.kind, source: trigger.source };
    case "queue":
      return { kind: trigger.kind, name: trigger.name };
    case "resource":
      return { kind: trigger.kind, server: trigger.server, uri: trigger.uri };
    default:
      return null;
  }
}

function notStatic(l: Lowering, node: ts.Node, choices: string): null {
  l.faults.error(node, "NOT_STATIC", "A trigger must be written out.", `Write ${choices}.`);
  return null;
}

function everyTrigger(l: Lowering, node: ts.CallExpression): TriggerNode | null {
  const where = node.arguments[0] ?? node;
  const text = requiredText(l, node.arguments[0], node, "The interval");
  const intervalMs = text === "" ? undefined : durationOf(l, where, text);
  if (intervalMs !== undefined && intervalMs < 1000) l.faults.error(where, "DURATION_INVALID", "A schedule cannot be shorter than a second.", "Write at least \"1s\".");
  const options = schedule(l, node.arguments[1], SCHEDULE_OPTIONS);
  return intervalMs === undefined ? null : { kind: "every", intervalMs, ...timed(options) };
}

function cronTrigger(l: Lowering, node: ts.CallExpression): TriggerNode {
  const expression = requiredText(l, node.arguments[0], node, "The cron line");
  const fault = expression === "" ? null : cronFault(expression);
  if (fault !== null) l.faults.error(node.arguments[0] ?? node, "CRON_INVALID", fault, "Write minute, hour, day of month, month and day of week: \"0 2 * * *\".");
  const options = schedule(l, node.arguments[1], [...SCHEDULE_OPTIONS, "timezone"]);
  const timezone = options?.text("timezone");
  if (timezone === undefined || !isTimeZone(timezone)) {
    const message = timezone === undefined ? "A cron line means nothing without a time zone." : `${JSON.stringify(timezone)} is no time zone.`;
    l.faults.error(options?.get("timezone")?.node ?? node, "TIMEZONE_INVALID", message, "Add `{ timezone: \"UTC\" }`, or a zone like \"Europe/Berlin\".");
  }
  return { kind: "cron", expression, timezone: timezone ?? "UTC", ...timed(options) };
}

function resourceTrigger(l: Lowering, node: ts.CallExpression): TriggerNode | null {
  const first = node.arguments[0];
  const inner = first === undefined ? undefined : unwrap(first);
  const named = inner !== undefined && ts.isIdentifier(inner) ? namedBy(l, inner) : undefined;
  const uri = requiredText(l, node.arguments[1], node, "The URI of a resource");
  const options = filter(l, node.arguments[2]);
  if (named?.kind === "server") return { kind: "resource", server: named.name, uri, ...options };
  l.faults.error(first ?? node, "NOT_STATIC", "The first argument is the server itself.", "Write the name imported from \"#servers\".");
  return null;
}

function schedule(l: Lowering, node: ts.Expression | undefined, allowed: readonly string[]): Fields | null {
  return node === undefined ? null : openFields(l, readStatic(l, node), "a schedule", allowed);
}

/** What a schedule says. */
function timed(fields: Fields | null): Common & Pick<Schedule, "missed" | "jitterMs"> {
  if (fields === null) return NONE;
  const missed = fields.choice("missed", ["skip", "once", "all"]);
  const jitterMs = fields.duration("jitter");
  return { ...common(fields), ...(missed === undefined ? {} : { missed }), ...(jitterMs === undefined ? {} : { jitterMs }) };
}

/** A filter over the event, or options. */
function filter(l: Lowering, node: ts.Expression | undefined): Common {
  if (node === undefined) return NONE;
  if (l.facts.kinds(node).has("function")) return { when: l.functionOf(node, "plain"), ...NONE };
  const fields = openFields(l, readStatic(l, node), "a trigger", OPTIONS);
  return fields === null ? NONE : common(fields);
}

function common(fields: Fields): Common {
  const when = fields.fn("when", "plain");
  const key = fields.fn("key", "plain");
  return {
    ...(when === undefined ? {} : { when }), ...(key === undefined ? {} : { key }),
    overlap: fields.choice("overlap", ["queue", "skip", "replace"]) ?? "queue", sweep: fields.boolean("sweep") ?? false,
  };
}
