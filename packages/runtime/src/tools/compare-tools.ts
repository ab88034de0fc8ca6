import { type Data, OffstageError, shorten } from "../base/index.ts";
import { field, isRecord, type RawTool } from "./catalogue.ts";
import { compareSchemas, type Difference, sameData, shown, wordsChange } from "./compare-schemas.ts";
import { hashTool, type LockedTool } from "./lock.ts";
import { visibleLine } from "./visible-text.ts";

/** What became of one tool since it was locked. */
export type ToolChange =
  | { readonly kind: "added"; readonly tool: string }
  | { readonly kind: "removed"; readonly tool: string }
  | { readonly kind: "changed"; readonly tool: string; readonly differences: readonly Difference[] };

/** Compares one tool; null when it is as it was locked. */
export function compareTool(tool: string, locked: LockedTool | undefined, current: RawTool | undefined): ToolChange | null {
  if (locked === undefined) return current === undefined ? null : { kind: "added", tool };
  if (current === undefined) return { kind: "removed", tool };
  if (hashTool(current) === locked.hash) return null;
  return { kind: "changed", tool, differences: compareDefinitions(locked.definition, current) };
}

function compareDefinitions(before: RawTool, after: RawTool): readonly Difference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((name): readonly Difference[] => {
    const [old, now] = [field(before, name), field(after, name)];
    if (sameData(old, now)) return [];
    if (name === "inputSchema") return compareSchemas("argument", old, now);
    if (name === "outputSchema") return compareSchemas("result", old, now);
    if (name === "annotations") return compareAnnotations(old, now);
    if (name === "description" || name === "title") return [{ where: "tool", what: wordsChange(name, old, now), weight: "wording" }];
    return [{ where: visibleLine(name), what: `changed from ${shown(old)} to ${shown(now)}`, weight: "compatible" }];
  });
}

function compareAnnotations(before: Data | undefined, after: Data | undefined): readonly Difference[] {
  const names = new Set([before, after].flatMap((value) => (isRecord(value) ? Object.keys(value) : [])));
  const differences = [...names].sort().flatMap((name): readonly Difference[] => {
    const [old, now] = [field(before, name), field(after, name)];
    if (sameData(old, now)) return [];
    // A tool that stops calling itself harmless may have begun to write.
    const alarming = (name === "readOnlyHint" && old === true) || (name === "idempotentHint" && old === true) || (name === "destructiveHint" && old === false);
    return [{ where: `annotation ${visibleLine(name)}`, what: `changed from ${shown(old)} to ${shown(now)}`, weight: alarming ? "breaking" : "compatible" }];
  });
  return differences.length > 0 ? differences : [{ where: "annotations", what: `changed from ${shown(before)} to ${shown(after)}`, weight: "compatible" }];
}

/** The `TOOL_CHANGED` error for a tool that a run wants to call and that is not what was locked. */
export function toolChanged(server: string, change: ToolChange): OffstageError {
  const name = `${server}.${visibleLine(change.tool)}`;
  // A tool may be called anything, and this is pasted into a shell.
  const accepted = /^[\w.-]+$/.test(`${server}${change.tool}`) ? ` --accept ${server}.${change.tool}` : "";
  const hint = `Review it with \`offstage lock --check\`; \`offstage lock${accepted}\` accepts it.`;
  if (change.kind === "added") return new OffstageError("TOOL_CHANGED", `The tool ${name} is not the one that was locked: it is new.`, { hint });
  if (change.kind === "removed") return new OffstageError("TOOL_CHANGED", `The tool ${name} is in offstage.lock, but the server no longer has it.`, { hint });
  const told = [...change.differences].sort((a, b) => weigh(a) - weigh(b)).map((difference) => `${difference.where} ${difference.what}`).join("; ");
  return new OffstageError("TOOL_CHANGED", `The tool ${name} is not the one that was locked: ${shorten(told, 500)}.`, { hint });
}

function weigh(difference: Difference): number {
  return ["breaking", "compatible", "wording"].indexOf(difference.weight);
}
