import { createNativeExecutor } from "offstage/native";
import { describe, test } from "vitest";
import { nativeImport } from "../packages/runtime/src/testing/native-import.ts";
import { playEmbedded } from "./embedded-stage.ts";
import { UNLIKE_CASES } from "./unlike-answers.ts";

/** Functions, methods and conditions of JavaScript convert what the language refuses (20.6): `Math.max(true, 2)`, `"abc".startsWith(["a"])`, a number that decides. */
const CONVERTED: ReadonlySet<string> = new Set(["unlike-boolean", "unlike-zero", "unlike-list"]);

describe("what runs looks at the value, not at its type", () => {
  test.each(UNLIKE_CASES)("$id: $promise", (one) => playEmbedded(one));
  test.each(UNLIKE_CASES.filter(({ id }) => !CONVERTED.has(id)))("natively, $id: $promise", (one) => playEmbedded(one, createNativeExecutor({ importModule: nativeImport })));
});
