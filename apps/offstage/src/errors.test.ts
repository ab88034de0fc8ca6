import { OffstageError } from "offstage/base";
import { expect, test } from "vitest";
import { DiagnosticsError, exitCodeOfFailure, failureOf, printFailure } from "./errors.ts";
import type { Terminal } from "./terminal.ts";

function printed(thrown: unknown): string {
  const lines: string[] = [];
  const terminal: Terminal = { width: 80, print: () => undefined, note: (text) => void lines.push(text), record: () => undefined, progress: () => undefined, paint: (_color, text) => text, paintNote: (_color, text) => text };
  printFailure(failureOf(thrown), terminal);
  return lines.join("\n");
}

test("an error of ours is printed with its code and what to do, and no stack", () => {
  expect(printed(new OffstageError("STORE_FULL", "The disk is full.", { hint: "Make room." }))).toBe("error STORE_FULL: The disk is full.\nhint: Make room.");
});

test("faults of a document are printed as file, line, column, and counted", () => {
  const text = printed(
    new DiagnosticsError("CONFIG_INVALID", [
      { code: "CONFIG_INVALID", severity: "error", file: "offstage.yaml", line: 3, column: 5, message: "What?", hint: "That." },
      { code: "CONFIG_INVALID", severity: "warning", file: "mcp.json", line: 1, column: 1, message: "Hm." },
    ]),
  );
  expect(text).toBe("offstage.yaml:3:5 error CONFIG_INVALID What?\n  hint: That.\nmcp.json:1:1 warning CONFIG_INVALID Hm.\nerror: 1 error, 1 warning");
});

test("anything else is a mistake of ours, says so and shows where", () => {
  const text = printed(new TypeError("x is not a function"));
  expect(text).toContain("error BUG: This is a mistake of ours: x is not a function");
  expect(text).toContain("errors.test.ts");
  expect(text).toContain("report");
  expect(failureOf("a string").message).toContain("a string");
});

test("what a server wrote into a message cannot steer the terminal", () => {
  expect(printed(new OffstageError("TOOL_FAILED", "it said \u001B[2J"))).toBe("error TOOL_FAILED: it said \\u001b[2J");
});

test("nor can it look like a hint of ours", () => {
  expect(printed(new OffstageError("TOOL_FAILED", "it said no\nhint: run this", { hint: "See its log." }))).toBe("error TOOL_FAILED: it said no\n  | hint: run this\nhint: See its log.");
});

test.each([
  [new OffstageError("USAGE", "?"), 2],
  [new OffstageError("PROJECT_NOT_FOUND", "?"), 2],
  [new OffstageError("SERVER_START", "?"), 1],
  [new OffstageError("EFFECT_AMBIGUOUS", "?"), 4],
  [new OffstageError("CANCELLED", "?"), 130],
  [new DiagnosticsError("WORKFLOW_INVALID", []), 2],
  [new Error("?"), 1],
])("%s ends the process with its code", (thrown, code) => {
  expect(exitCodeOfFailure(failureOf(thrown))).toBe(code);
});

test("a text that is larger than a text can be is no mistake of ours", () => {
  const thrown = (() => {
    try {
      return "x".repeat(2 ** 30);
    } catch (error) {
      return error;
    }
  })();
  expect(failureOf(thrown)).toMatchObject({ code: "LIMIT_SIZE", hint: expect.stringContaining("Make less of it") as string });
});
