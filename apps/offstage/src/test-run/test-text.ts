import type { GivenFor } from "../command-line.ts";
import { diagnosticText, inItsProject } from "../errors.ts";
import { counted } from "../output/counted.ts";
import { elapsed } from "../output/run-text.ts";
import { escapeControls, type Terminal } from "../terminal.ts";
import { type FileResult, isGood, type TestFailure } from "./test-result.ts";

/** What a run of tests found, as people read it. `tookMs` is from the first to the last. */
export function testsText(files: readonly FileResult[], tookMs: number, { terminal, ...given }: GivenFor & { readonly terminal: Pick<Terminal, "paint" | "width"> }): string {
  const told = <One extends { readonly failure: TestFailure | null }>(one: One): One => (one.failure === null ? one : { ...one, failure: inItsProject(one.failure, given) });
  return [...files.flatMap((file) => [...fileLines(told({ ...file, tests: file.tests.map(told) }), terminal), ""]), totalLine(files, tookMs, terminal)].join("\n");
}

function fileLines({ file, tests, failure }: FileResult, terminal: Pick<Terminal, "paint" | "width">): readonly string[] {
  return [
    terminal.paint("bold", file),
    ...tests.flatMap((test) => [
      `  ${test.ok ? terminal.paint("green", "✓") : terminal.paint("red", "✗")} ${escapeControls(test.name)}  ${terminal.paint("dim", elapsed(test.tookMs))}`,
      ...test.warnings.map((warning) => `      ${terminal.paint("yellow", "warning:")} ${escapeControls(warning)}`),
      ...(test.failure === null ? [] : failureLines(test.failure, terminal).map((line) => `      ${line}`)),
    ]),
    ...(failure === null ? [] : failureLines(failure, terminal).map((line, index) => (index === 0 ? `  ${terminal.paint("red", "✗")} ${line}` : `      ${line}`))),
  ].map((line) => line.trimEnd());
}

function failureLines({ code, message, hint, at, diagnostics }: TestFailure, terminal: Pick<Terminal, "paint" | "width">): readonly string[] {
  const onStdout = { width: terminal.width, paintNote: terminal.paint };
  const lines = [
    `${code === undefined ? "" : `${terminal.paint("red", code)}: `}${escapeControls(message.trimEnd(), "keep")}`,
    ...(diagnostics ?? []).map((one) => diagnosticText(one, onStdout)),
    ...(hint === undefined ? [] : [`${terminal.paint("cyan", "hint:")} ${escapeControls(hint, "keep")}`]),
    ...(at === undefined ? [] : [terminal.paint("dim", `at ${at}`)]),
  ];
  return lines.flatMap((line) => line.split("\n"));
}

function totalLine(files: readonly FileResult[], tookMs: number, terminal: Pick<Terminal, "paint" | "width">): string {
  const tests = files.flatMap((file) => file.tests);
  const failed = tests.filter((test) => !test.ok).length;
  const broken = files.filter((file) => file.failure !== null).length;
  const parts = [`${tests.length - failed} passed`, ...(failed === 0 ? [] : [`${failed} failed`]), ...(broken === 0 ? [] : [`${counted(broken, "file")} broken`])];
  return `${terminal.paint(files.every(isGood) ? "green" : "red", parts.join(", "))} in ${elapsed(tookMs)}`;
}
