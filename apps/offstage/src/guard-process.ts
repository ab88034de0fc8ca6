import { writeSync } from "node:fs";
import type { Redactor } from "offstage/base";
import { failureOf } from "./errors.ts";
import { EXIT } from "./exit-code.ts";
import { ownCodeScope } from "./own-code-scope.ts";
import { escapeControls } from "./terminal.ts";

/** What nobody in this process catches, or is warned of, goes out without secrets. For as long as it lives: what a command leaves behind, a connection that breaks late, may fail after its end. */
export function guardProcess(redactor: Redactor): void {
  process.on("uncaughtException", (error) => (ownCodeScope.getStore()?.stray ?? ((thrown) => crashed(thrown, redactor)))(error));
  process.on("exit", tellOwnExit);
  // Before Node writes it.
  process.prependListener("warning", (warning) => redactWarning(warning, redactor));
}

/** What a library warns of may quote a secret too, and is a stranger's words. */
function redactWarning(warning: Error & { detail?: unknown }, redactor: Redactor): void {
  const harmless = (text: string): string => escapeControls(redactor.redact(text), "keep");
  warning.message = harmless(warning.message);
  warning.stack = harmless(warning.stack ?? "");
  if (typeof warning.detail === "string") warning.detail = harmless(warning.detail);
}

/** What nobody caught may quote a secret, a URL with its password: Node would write it out as it is. */
function crashed(error: unknown, redactor: Redactor): never {
  const { message, hint = "", stack = "" } = failureOf(error);
  writeSync(2, escapeControls(redactor.redact(`${stack}\nerror BUG: ${message}\nhint: ${hint}\n`), "keep"));
  process.exit(EXIT.failed);
}

/** Its owner's code may end the process, and no run with it: whoever started the command is not to take that for success. */
function tellOwnExit(): void {
  const call = ownCodeScope.getStore();
  if (call === undefined) return;
  process.exitCode = EXIT.failed;
  writeSync(2, `error OWN_CODE_FAILED: ${call.place} ended this process, and the run with it stays where it was.\nhint: Let it return, or throw. Whoever drives the store next goes on with the run, and calls it again.\n`);
}
