import type { Data } from "offstage/base";
import { field, isRecord, type LearntSchema, type LockedTool, type NamedTypes, signature, textField, toolWarnings } from "offstage/tools";
import { classText } from "../project/class-text.ts";
import { escapeControls, tableText } from "../terminal.ts";
import { warningText } from "./warning-text.ts";

/** One tool with what is known of it. */
export interface KnownTool {
  readonly server: string;
  readonly tool: string;
  readonly locked: LockedTool;
  /** What was learnt of its results, by case; none while nobody has called it, or when the server declares them. */
  readonly learnt: readonly LearntSchema[];
  /** What the types of its results are called in a workflow. */
  readonly types: readonly NamedTypes[];
}

/** UTF-16 units: nobody reads on beyond. */
const LONGEST_SIGNATURE = 1_000;

/** A tool as people need it to call it: how it is called, what its calls are, what it says of itself and of its arguments. */
export function toolText({ server, tool, locked, learnt, types }: KnownTool): string {
  const { definition } = locked;
  const [first] = learnt;
  const warnings = toolWarnings(server, tool, definition);
  const rows = argumentRows(definition["inputSchema"]);
  const result = definition["outputSchema"] !== undefined ? "declared by the server" : first === undefined ? "not known: nobody has called it yet" : `learnt from calls${learnt.length === 1 ? "" : `, ${learnt.length} cases`}`;
  const description = textField(definition, "description")?.trim() ?? "";
  return [
    `${escapeControls(server)}.${escapeControls(signature(definition, { maxLength: LONGEST_SIGNATURE, maxType: LONGEST_SIGNATURE, ...(first === undefined ? {} : { learnt: first }) }))}`,
    ...(description === "" ? [] : ["", escapeControls(description, "keep")]),
    "",
    tableText([["class", classesText(locked)], ["result", result], ...(types.length === 0 ? [] : [["type", typesText(types)]])]),
    ...(rows.length === 0 ? [] : ["", "Arguments:", tableText(rows)]),
    ...(warnings.length === 0 ? [] : ["", ...warnings.map((warning) => warningText(warning, "below"))]),
    ...(/^[A-Za-z_$][\w$]*$/.test(tool) ? [] : ["", `In a workflow: ${escapeControls(server)}[${escapeControls(JSON.stringify(tool))}]({ … })`]),
  ].join("\n");
}

/** The names of a tool's types, to be written where a workflow has to say one: `github.ListIssuesResult, of github.Issue`. */
export function typesText(types: readonly NamedTypes[]): string {
  return escapeControls(types.map(({ equals, result, item }) => {
    const when = equals.map(({ argument, equals: value }) => `${argument}=${String(value)}`).join(" ");
    const names = [...(result === null ? [] : [result]), ...(item === null ? [] : [`${result === null ? "" : "of "}${item}`])].join(", ");
    return `${when}${when === "" ? "" : ": "}${names}`;
  }).join("; "));
}

const SAID_BY = { profile: "its profile says so", policy: "policy.classes in offstage.yaml says so", hint: "its server says so, and the policy trusts that", default: "nobody says that it only reads" } as const;

function classesText(locked: LockedTool): string {
  const sources = [...new Set(locked.classes.map((entry) => SAID_BY[entry.from]))];
  return `${escapeControls(classText(locked))} (${sources.join("; ")})`;
}

function argumentRows(schema: Data | undefined): readonly (readonly string[])[] {
  const properties = field(schema, "properties");
  const required = field(schema, "required");
  if (!isRecord(properties)) return [];
  return Object.entries(properties).map(([name, property]) => {
    const needed = Array.isArray(required) && required.includes(name);
    return [`  ${escapeControls(name)}`, needed ? "required" : "optional", escapeControls((textField(property, "description") ?? "").trim().replace(/\s+/g, " "))];
  });
}
