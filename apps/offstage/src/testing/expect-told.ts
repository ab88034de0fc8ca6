import { expect } from "vitest";
import type { CommandEnd } from "./command-line.ts";

/** The one shape of every failure: a code, what happened, what to do; never a stack. */
export function expectTold(end: CommandEnd, code: string, exit: number): void {
  expect(end.err).toMatch(new RegExp(`^error ${code}: \\S`, "m"));
  expect(end.err).toMatch(/^hint: \S/m);
  expect(end.err + end.out).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(end.out).toBe("");
  expect(end.code).toBe(exit);
}
