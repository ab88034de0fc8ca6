import type { Json, JsonObject } from "../../base/index.ts";
import type { RunLimits, TriggerNode } from "../../program/index.ts";
import type { ts } from "../typescript.ts";
import { type Fields, openFields } from "./fields.ts";
import { lowerInputs } from "./inputs.ts";
import type { Lowering } from "./lowering.ts";
import { dataOf, readStatic } from "./static-value.ts";
import { lowerTrigger } from "./triggers.ts";

/** What a workflow says of itself. */
export interface WorkflowFacts {
  readonly name: string;
  readonly was?: string;
  readonly description: string;
  readonly triggers: readonly TriggerNode[];
  readonly inputs: JsonObject;
  readonly inputSchemas?: { readonly [name: string]: JsonObject };
  readonly limits: RunLimits;
}

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Reads the options of `workflow(…)`; null when they cannot be read at all. */
export function lowerWorkflowOptions(l: Lowering, node: ts.Expression): WorkflowFacts | null {
  const fields = openFields(l, readStatic(l, node), "workflow", ["name", "was", "description", "on", "inputs", "limits"]);
  if (fields === null) return null;
  const name = label(l, fields, "name");
  if (name === undefined && fields.get("name") === undefined) l.faults.error(fields.node, "OPTION_MISSING", "The workflow has no name.", "Add `name: \"…\"`: lower-case letters, digits and -.");
  const was = label(l, fields, "was");
  const on = triggers(l, fields);
  return {
    name: name ?? "", ...(was === undefined ? {} : { was }),
    description: fields.text("description") ?? "",
    triggers: on, ...lowerInputs(l, fields, on.length > 0), limits: limits(l, fields),
  };
}

function label(l: Lowering, fields: Fields, option: "name" | "was"): string | undefined {
  const text = fields.text(option);
  if (text !== undefined && !DNS_LABEL.test(text)) {
    l.faults.error(fields.get(option)?.node ?? fields.node, "NAME_INVALID", `${JSON.stringify(text)} cannot name a workflow.`, "Use lower-case letters, digits and -, 63 at most: \"leak-tickets\".");
  }
  return text;
}

function triggers(l: Lowering, fields: Fields): readonly TriggerNode[] {
  const on = fields.get("on");
  if (on === undefined) {
    l.faults.error(fields.node, "OPTION_MISSING", "The workflow does not say what starts it.", "Add `on: [every(\"10m\")]`, or `on: []` when only people do.");
    return [];
  }
  if (on.kind === "list") return on.items.flatMap((item) => lowerTrigger(l, item.node) ?? []);
  l.faults.error(on.node, "NOT_STATIC", "The triggers must be written out.", "Write `on: [every(\"10m\"), …]`.");
  return [];
}

function limits(l: Lowering, fields: Fields): RunLimits {
  const inner = fields.fields("limits", "limits", ["writes", "calls", "duration"]);
  if (inner === undefined) return {};
  const count = (name: "writes" | "calls"): { readonly [name: string]: number } => {
    const entry = inner.get(name);
    if (entry === undefined) return {};
    const value: Json | undefined = dataOf(entry);
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return { [name]: value };
    l.faults.error(entry.node, "LIMIT_INVALID", `limits.${name} must be a whole number, written out.`, `Write \`${name}: 50\`.`);
    return {};
  };
  const durationMs = inner.duration("duration");
  return { ...count("writes"), ...count("calls"), ...(durationMs === undefined ? {} : { durationMs }) };
}
