import { describe, expect, test } from "vitest";
import { readFences } from "./fences.ts";
import { missingFrom, readCommands, withoutChanging } from "./quoted-output.ts";

const REAL = ["asking github …", "+ github", "    26 tools", "", "Locked 2 servers in 412ms.", "Run 1m82rhtsn-q304py8b succeeded in 3.5s: 28 writes."].join("\n");

describe("what a page quotes", () => {
  test("is found where it stands together, whatever changes from run to run", () => {
    expect(missingFrom(REAL, "+ github\n    26 tools")).toBeNull();
    expect(missingFrom(REAL, "Run 1m82zzzzz-aaaaaaaa succeeded in 12ms: 28 writes.")).toBeNull();
  });

  test("may leave lines out only where it says so", () => {
    expect(missingFrom(REAL, "+ github\nLocked 2 servers in 1ms.")).toBe("+ github\nLocked 2 servers in 0s.");
    expect(missingFrom(REAL, "+ github\n…\nLocked 2 servers in 1ms.\n…")).toBeNull();
    expect(missingFrom(REAL, "Locked 2 servers in 1ms.\n…\n+ github")).toBe("+ github");
  });

  test("that is not there is told", () => {
    expect(missingFrom(REAL, "+ github\n    27 tools")).toBe("  27 tools");
    expect(missingFrom(REAL, "Run 1m82rhtsn-q304py8b succeeded in 3.5s: 29 writes.")).toBe("Run RUN succeeded in 0s: 29 writes.");
  });
});

test("what changes is taken out, and numbers that mean something are not", () => {
  expect(withoutChanging("http://127.0.0.1:45849/browse/PROD-14 at 2026-11-22T21:23:00.500Z, 7f1692cd8043")).toBe("http://127.0.0.1:0/browse/PROD-0 at 0000-00-00T00:00:00Z, EFFECT");
  expect(withoutChanging("Plan: 28 to create; exit code 4")).toBe("Plan: 28 to create; exit code 4");
});

test("blocks are read with their words, commands with their output", () => {
  const [first, second] = readFences("text\n```console run\n$ a b\nout\n\n$ c\n```\n```\nplain\n```");
  expect(first).toEqual({ language: "console", words: ["run"], text: "$ a b\nout\n\n$ c", line: 3 });
  expect(second).toMatchObject({ language: "", text: "plain" });
  expect(readCommands(first?.text ?? "")).toEqual([{ command: "a b", output: "out" }, { command: "c", output: "" }]);
  expect(() => readFences("```ts\nconst a = 1;")).toThrow("line 1");
});
