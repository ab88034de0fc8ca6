import { expect, test } from "vitest";
import { codeFrame } from "./code-frame.ts";

const at = (line: number, column: number, endColumn?: number) => ({ line, column, ...(endColumn === undefined ? {} : { endLine: line, endColumn }) });

test("the line of a fault, and a caret under what it is about", () => {
  expect(codeFrame("a\nif (x == y) z();\n", at(2, 7, 9), 80)).toEqual(["  2 | if (x == y) z();", "    |       ^^"]);
  expect(codeFrame("if (x) {\n}\n", { line: 1, column: 1, endLine: 2, endColumn: 2 }, 80)).toEqual(["  1 | if (x) {", "    | ^^^^^^^^"]);
  expect(codeFrame("\tif (x)", at(1, 2, 4), 80)).toEqual(["  1 |   if (x)", "    |   ^^"]);
});

test("a long line is cut around the fault and fits", () => {
  const line = `const text = "${"a".repeat(200)}" == other + "${"b".repeat(200)}";`;
  const column = line.indexOf("==") + 1;
  const frame = codeFrame(line, at(1, column, column + 2), 60);
  expect(frame.every((one) => one.length <= 60)).toBe(true);
  expect(frame[0]?.indexOf("==")).toBe(frame[1]?.indexOf("^^"));
});

test("wide characters take two columns, and nothing steers the terminal", () => {
  expect(codeFrame(`"日本" == b`, at(1, 6, 8), 80)).toEqual([`  1 | "日本" == b`, "    |        ^^"]);
  expect(codeFrame("\u001B[2J == b", at(1, 6, 8), 80)[0]).toContain("\\u001b[2J == b");
});

test("a place that the text does not have gives no frame", () => {
  expect(codeFrame("a", at(7, 1), 80)).toEqual([]);
  expect(codeFrame("a", at(1, 40), 80)).toEqual([]);
});
