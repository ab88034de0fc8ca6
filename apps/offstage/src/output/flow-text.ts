import type { Flow, FlowStep } from "offstage/program";
import { escapeControls } from "../terminal.ts";

/** A workflow step by step: each in a line behind its number in the text, those inside another one below it. */
export function flowText({ triggers, steps }: Flow): string {
  const width = String(highestLine(steps)).length;
  const starts = triggers.length === 0 ? "by hand" : triggers.join("; ");
  return [`${" ".repeat(width)}  starts ${escapeControls(starts)}`, ...stepLines(steps, width, "")].join("\n");
}

function stepLines(steps: readonly FlowStep[], width: number, indent: string): readonly string[] {
  return steps.flatMap(({ words, line, writes, does, branches }) => [
    `${String(line).padStart(width)}  ${indent}${escapeControls(words)}${writes && does !== "tool" && does !== "pages" ? "  (writes)" : ""}`,
    ...branches.flatMap(({ label, steps: inside }) => (label === "" || (branches.length === 1 && label === "then") ? stepLines(inside, width, `${indent}  `) : [`${" ".repeat(width)}  ${indent}  ${label}:`, ...stepLines(inside, width, `${indent}    `)])),
  ]);
}

function highestLine(steps: readonly FlowStep[]): number {
  return steps.reduce((highest, { line, branches }) => branches.reduce((most, inside) => Math.max(most, highestLine(inside.steps)), Math.max(highest, line)), 0);
}
