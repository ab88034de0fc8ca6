import type { Data } from "offstage/base";
import type { PartialData, Plan, PlannedEffect, Run } from "offstage/model";
import { foldBlanks } from "offstage/tools";
import { commandLine, type GivenFor, inProject, isForModel } from "../command-line.ts";
import { type Color, escapeControls, type Terminal } from "../terminal.ts";
import { holdLine } from "./run-text.ts";

/** How a plan is printed. `paint` colours a sign's line; it returns the text as it is where there is no colour. */
export interface PlanStyle extends GivenFor {
  readonly paint: (sign: string, text: string) => string;
  /** Columns of the terminal; long values are cut to it. `Infinity` cuts nothing. */
  readonly width: number;
}

const MAX_ARGUMENT_LINES = 24;
/** Longer lines of nested values are taken apart, however wide the terminal is. */
const READABLE_WIDTH = 100;
const KNOWN_AFTER_APPLY = "(known after apply)";

/** A plan as people read it: one block an effect, one line of totals. Everything that came from a server is escaped, and what it has of blanks folded. */
export function planText(plan: Plan, style: PlanStyle): string {
  const lines = plan.effects.flatMap((effect) => [...effectLines(effect, plan, style), ""]);
  return foldBlanks([...lines, totalLine(plan), ...notes(plan)]).join("\n");
}

function effectLines(effect: PlannedEffect, plan: Plan, style: PlanStyle): readonly string[] {
  const signs = `${effect.certainty === "sure" ? "" : "?"}${effect.sign}${effect.undo === "none" ? "!" : ""}`.padStart(3);
  const many = effect.certainty === "may-many" ? " × ?" : "";
  const head = style.paint(effect.sign, `${signs} ${labelText(effect.label)}${many}`);
  const [call = "", ...args] = callLines(effect, style.width);
  return [
    `${head}  ${call}`,
    ...args,
    `      # ${identityText(effect)}${afterText(effect, plan, style)}`,
  ];
}

/** What a write is called. A key of a stranger's may be part of it: what does not read as words alone is quoted, so that none looks like what stands beside it. */
export function labelText(label: string): string {
  const text = escapeControls(label);
  return /^[^\s"]\S*(?: \S+)*$/.test(text) ? text : escapeControls(JSON.stringify(label));
}

/** Which call it is and where it goes; below it, its arguments. */
export function callLines(call: Pick<PlannedEffect, "server" | "tool" | "target" | "args">, width: number): readonly string[] {
  const name = call.tool === null ? `${call.server} (no call)` : `${call.server}.${call.tool}`;
  return [`${name} on ${targetText(call)}`, ...argumentLines(call.tool === null ? adopted(call.args) : call.args, width - 8).map((line) => `        ${line}`)];
}

/** Where a write goes, for people. A target names variables of its server, `JIRA_BASE_URL=https://…`: the values alone tell where; a server that names none is the place itself. */
export function targetText({ server, target }: Pick<PlannedEffect, "server" | "target">): string {
  const values = target.split(" ").map((part) => part.replace(/^[A-Za-z_][A-Za-z0-9_]*=/, "")).filter((value) => value !== "");
  return values.length === 0 ? server : escapeControls(values.join(", "));
}

/** What an adoption will remember says which target it takes over; its target key says nothing to people. */
function adopted(args: PartialData): PartialData {
  const { kept } = args.value as { readonly kept?: Data };
  return typeof kept === "object" && kept !== null && !Array.isArray(kept) ? { value: kept, unknown: [] } : { value: { kept: kept ?? null }, unknown: [] };
}

function argumentLines({ value, unknown }: PartialData, width: number): readonly string[] {
  if (unknown.some((part) => part.path.length === 0)) return [KNOWN_AFTER_APPLY];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  const entries = Object.entries(value as { readonly [key: string]: Data });
  const longest = Math.max(0, ...entries.map(([key]) => key.length));
  const lines = entries.flatMap(([key, one]) => {
    const [first = "", ...rest] = valueLines({ value: one, unknown: within(unknown, key) }, Math.min(width, READABLE_WIDTH) - longest - 3);
    return [`${escapeControls(key).padEnd(longest)} = ${first}`, ...rest].map((line) => cut(line, width));
  });
  return width === Infinity || lines.length <= MAX_ARGUMENT_LINES ? lines : [...lines.slice(0, MAX_ARGUMENT_LINES), `… ${lines.length - MAX_ARGUMENT_LINES} more lines (--full shows all)`];
}

/** A value on one line where it fits or has no parts, else a line for each of its parts. */
function valueLines(part: PartialData, room: number): readonly string[] {
  const short = escapeControls(partialJson(part, ""));
  if (short.length <= room || typeof part.value !== "object" || part.value === null) return [short];
  return partialJson(part, "  ").split("\n").map((line) => escapeControls(line));
}

/** JSON as `JSON.stringify` writes it; what is not known yet stands in its place without quotes, so that no string looks like it. */
function partialJson({ value, unknown }: PartialData, indent: string): string {
  if (unknown.some((part) => part.path.length === 0)) return KNOWN_AFTER_APPLY;
  if (unknown.length === 0) return JSON.stringify(value, null, indent);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const [line, space] = indent === "" ? ["", ""] : ["\n", " "];
  const parts = Object.entries(value as { readonly [key: string]: Data }).map(([key, one]) => `${open === "[" ? "" : `${JSON.stringify(key)}:${space}`}${partialJson({ value: one, unknown: within(unknown, key) }, indent)}`);
  return `${open}${parts.map((part) => `${line}${part}`).join(",").replaceAll("\n", `\n${indent}`)}${line}${close}`;
}

/** What is not known below a member or an item. */
function within(unknown: PartialData["unknown"], key: string): PartialData["unknown"] {
  return unknown.filter(({ path: [first] }) => String(first) === key).map(({ path, from }) => ({ path: path.slice(1), from }));
}

function identityText(effect: PlannedEffect): string {
  if (!effect.identityKnown) return `identity ${KNOWN_AFTER_APPLY}: this plan cannot permit it`;
  const { identity } = effect;
  switch (identity.kind) {
    case "record":
      return escapeControls(`identity ${identity.scope}/${identity.record}/${identity.key}, generation ${identity.generation}, ${identity.action}${identity.revision === 0 ? "" : `, revision ${identity.revision}`}`);
    case "once":
      return escapeControls(`identity ${identity.scope}/once/${identity.key}${identity.window === null ? "" : `, window ${identity.window}`}`);
    case "start":
      return escapeControls(`identity ${identity.scope}/start/${identity.key}; a run of its own: what it writes is not in this plan`);
    case "step":
      return escapeControls(`identity: this run only, ${identity.step}`);
  }
}

function afterText(effect: PlannedEffect, plan: Plan, io: GivenFor): string {
  // In a run it would wait for a person; applying this plan is one's word.
  if ("detail" in effect.why) return `; ${escapeControls(inProject(io, effect.why.detail))}`;
  if (effect.why.kind !== "after") return "";
  const { effect: before } = effect.why;
  const label = plan.effects.find((other) => other.id === before)?.label;
  return label === undefined ? "" : `; after: ${labelText(label)}`;
}

function totalLine(plan: Plan): string {
  const sure = plan.effects.filter((effect) => effect.certainty === "sure");
  const count = (sign: string): number => sure.filter((effect) => effect.sign === sign).length;
  const may = plan.effects.length - sure.length;
  if (plan.effects.length === 0) return plan.unchanged === 0 ? "No changes." : `No changes. ${plan.unchanged} already as ${plan.unchanged === 1 ? "it" : "they"} should be.`;
  const parts = [`${count("+")} to create`, `${count("=")} to adopt`, `${count("~")} to update`, `${count("-")} to release`];
  return `Plan: ${parts.join(", ")}${may === 0 ? "" : `, ${may} maybe`}; ${plan.unchanged} already done.`;
}

function notes(plan: Plan): readonly string[] {
  const notes: string[] = [];
  if (plan.effects.some((effect) => effect.undo === "none")) notes.push("! cannot be undone");
  if (plan.effects.some((effect) => effect.certainty !== "sure")) notes.push("? only if what is known after apply says so: then it is part of this plan");
  return notes.length === 0 ? [] : ["", ...notes];
}

function cut(text: string, width: number): string {
  return width < 20 || text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** A plan with what went wrong while planning, and what to do next. `applies`: its file or id, and null where code of its owner's keeps it from being applied here; besides for which project. */
export function planAnswerText(plan: Plan, run: Run, terminal: Pick<Terminal, "width" | "paint">, given: GivenFor & { readonly applies: string | null }): string {
  const colors: Readonly<Record<string, Color>> = { "+": "green", "=": "cyan", "~": "yellow", "-": "red" };
  const text = planText(plan, { ...given, width: terminal.width, paint: (sign, line) => terminal.paint(colors[sign] ?? "bold", line) });
  const troubles = troubleLines(run);
  // Nothing to show is not nothing to do while an earlier write is in doubt.
  const quiet = plan.effects.length === 0 && troubles.length > 0;
  return [
    quiet ? `Nothing can be planned for what is told below; ${plan.unchanged} already as ${plan.unchanged === 1 ? "it" : "they"} should be.` : text,
    ...troubles,
    ...(plan.effects.length === 0 ? [] : appliesLines(given)),
  ].join("\n");
}

/** A session says itself how its plan is applied: there a person is asked. */
function appliesLines({ applies, ...given }: GivenFor & { readonly applies: string | null }): readonly string[] {
  if (applies === null) return ["", "It cannot be applied here: only an exported package executes its owner's code in an apply."];
  return isForModel(given) ? [] : ["", `To perform exactly this: ${commandLine(given, "apply", applies)}`];
}

/** A plan as whoever is to say yes to it is shown it: whole, with what went wrong while planning. */
export function askedPlanText(plan: Plan, run: Pick<Run, "failures" | "ambiguous">, given: GivenFor): string {
  return [planText(plan, { ...given, width: Infinity, paint: (_sign, line) => line }), ...troubleLines(run)].join("\n");
}

function troubleLines({ failures, ambiguous }: Pick<Run, "failures" | "ambiguous">): readonly string[] {
  const faults = failures.map(({ step, error }) => `  ${escapeControls(step)}: ${error.code}: ${escapeControls(error.message)}`);
  const blocked = ambiguous.map((hold) => `  ${holdLine(hold)}`);
  return foldBlanks([
    ...(faults.length === 0 ? [] : ["", "Failed while planning:", ...faults]),
    ...(blocked.length === 0 ? [] : ["", "Blocked, because it cannot be known whether an earlier write happened:", ...blocked]),
  ]);
}
