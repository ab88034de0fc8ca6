import { type Diagnostic, type ErrorCode, isOffstageError, OffstageError } from "offstage/base";
import { type GivenFor, inProject } from "./command-line.ts";
import { EXIT, type ExitCode, exitCodeOf } from "./exit-code.ts";
import { codeFrame } from "./output/code-frame.ts";
import { counted } from "./output/counted.ts";
import { escapeControls, type Terminal } from "./terminal.ts";

/**
 * Carries the faults of documents to the one catch of the command line. Functions that check return diagnostics as values;
 * only the step of a command that cannot go on without the document throws this.
 */
export class DiagnosticsError extends Error {
  readonly code: ErrorCode;
  readonly diagnostics: readonly Diagnostic[];

  constructor(code: "CONFIG_INVALID" | "LOCK_INVALID" | "WORKFLOW_INVALID", diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`).join("\n"));
    this.name = "DiagnosticsError";
    this.code = code;
    this.diagnostics = diagnostics;
  }
}

/** How a call by hand ended. Ctrl-C does not hide it, pressed before its end or after. */
export class CallEndError extends OffstageError {}

/** Everything the command line says about one failure, as data; `--json` prints it as it is. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly diagnostics?: readonly Diagnostic[];
  /** Only for mistakes of ours. */
  readonly stack?: string;
}

/** Reads anything that was thrown. What we did not throw ourselves is a mistake of ours, and says so. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof DiagnosticsError) {
    return { code: thrown.code, message: faultCount(thrown.diagnostics), diagnostics: thrown.diagnostics };
  }
  if (isOffstageError(thrown) && thrown.code !== "BUG") {
    return { code: thrown.code, message: thrown.message, ...(thrown.hint === undefined ? {} : { hint: thrown.hint }) };
  }
  if (thrown instanceof RangeError && thrown.message === "Invalid string length") return { code: "LIMIT_SIZE", message: "What was made is larger than one text can be, half a gigabyte.", hint: "Make less of it: fewer items, shorter texts." };
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return {
    code: "BUG",
    message: `This is a mistake of ours: ${error.message}`,
    hint: "Nothing you did should lead here. Please report the command and the lines above. What was written is in the store: `offstage runs` shows it.",
    ...(error.stack === undefined ? {} : { stack: error.stack }),
  };
}

/** What may name commands to give next. */
interface Told {
  readonly hint?: string;
  readonly diagnostics?: readonly Diagnostic[];
}

/** A failure whose hints can be followed as they stand: in the project that the command was given for. */
export function inItsProject<T extends Told>(failure: T, io: GivenFor): T {
  const mend = <One extends { readonly hint?: string }>(one: One): One => (one.hint === undefined ? one : { ...one, hint: inProject(io, one.hint) });
  return { ...mend(failure), ...(failure.diagnostics === undefined ? {} : { diagnostics: failure.diagnostics.map(mend) }) };
}

/** What the process ends with after a failure. */
export function exitCodeOfFailure(failure: Failure): ExitCode {
  return failure.diagnostics === undefined ? exitCodeOf(failure.code) : EXIT.usage;
}

/** Prints a failure for people, on stderr. Messages can quote servers: controls are escaped. */
export function printFailure(failure: Failure, terminal: Terminal): void {
  for (const diagnostic of failure.diagnostics ?? []) terminal.note(diagnosticText(diagnostic, terminal));
  if (failure.stack !== undefined) terminal.note(terminal.paintNote("dim", escapeControls(failure.stack, "keep")));
  terminal.note(`${terminal.paintNote("red", failure.diagnostics === undefined ? `error ${failure.code}:` : "error:")} ${escapeControls(failure.message, "mark")}`);
  if (failure.hint !== undefined) terminal.note(`${terminal.paintNote("cyan", "hint:")} ${escapeControls(failure.hint, "mark")}`);
}

/**
 * `file:line:column code message`, which editors and terminals link; with the file's text the line itself and a caret under
 * the fault; the hint, and the fix where there is one, on lines of their own.
 */
export function diagnosticText(diagnostic: Diagnostic, terminal: Pick<Terminal, "paintNote" | "width">, source?: string): string {
  const color = diagnostic.severity === "error" ? "red" : "yellow";
  const head = `${diagnostic.file}:${diagnostic.line}:${diagnostic.column} ${terminal.paintNote(color, `${diagnostic.severity} ${diagnostic.code}`)}`;
  const frame = source === undefined ? [] : codeFrame(source, diagnostic, terminal.width);
  const lines = [`${head} ${escapeControls(diagnostic.message, "keep")}`, ...frame.map((line, index) => terminal.paintNote(index === 0 ? "dim" : color, line))];
  if (diagnostic.hint !== undefined) lines.push(`  ${terminal.paintNote("cyan", "hint:")} ${escapeControls(diagnostic.hint, "keep")}`);
  if (diagnostic.fix !== undefined) lines.push(`  ${terminal.paintNote("green", "fix:")} ${escapeControls(diagnostic.fix.title)}`);
  return lines.join("\n");
}

/** `2 errors, 1 warning`. */
export function faultCount(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const warnings = diagnostics.length - errors;
  const parts = [...(errors > 0 ? [counted(errors, "error")] : []), ...(warnings > 0 ? [counted(warnings, "warning")] : [])];
  return parts.join(", ") || "no faults";
}
