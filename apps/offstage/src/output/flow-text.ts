import type { Flow, FlowStep } from "offstage/program";
import { escapeControls } from "../terminal.ts";

/** A workflow step by step: each in a line behind its number in the text, those inside another one below it. */
export function flowText({ triggers, steps }: Flow): string {
  const width = String(Math.max(0, ...lineNumbers(steps))).length;
  const starts = triggers.length === 0 ? "by hand" : triggers.join("; ");
  return [`${" ".repeat(width)}  starts ${escapeControls(starts)}`, ...stepLines(steps, width, "")].join("\n");
}

function stepLines(steps: readonly FlowStep[], width: number, indent: string): readonly string[] {
  return steps.flatMap(({ words, line, uses, does, branches }) => [
    `${String(line).padStart(width)}  ${indent}${escapeControls(words)}${does !== "tool" && uses.some(({ writes }) => writes) ? "  (writes)" : ""}`,
    ...branches.flatMap(({ label, steps: inside }) => (label === "" || (branches.length === 1 && label === "then") ? stepLines(inside, width, `${indent}  `) : [`${" ".repeat(width)}  ${indent}  ${label}:`, ...stepLines(inside, width, `${indent}    `)])),
  ]);
}

function lineNumbers(steps: readonly FlowStep[]): readonly number[] {
  return steps.flatMap(({ line, branches }) => [line, ...branches.flatMap((branch) => lineNumbers(branch.steps))]);
}
