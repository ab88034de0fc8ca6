import { createNativeExecutor } from "offstage/native";
import { describe, test } from "vitest";
import { nativeImport } from "../packages/runtime/src/testing/native-import.ts";
import { CASES } from "./cases.ts";
import { playEmbedded } from "./embedded-stage.ts";

describe("on the embedded host", () => {
  test.each(CASES)("$id: $promise", (one) => playEmbedded(one));
});

describe("natively, on the embedded host", () => {
  const execute = createNativeExecutor({ importModule: nativeImport });
  test.each(CASES)("$id: $promise", (one) => playEmbedded(one, execute));
});
