import { readdirSync, readFileSync } from "node:fs";
import { createRedactor } from "offstage/base";
import { expect, test } from "vitest";
import { createSystemClock } from "../system-clock.ts";
import { lazyModels } from "./lazy-models.ts";

const SOURCES = new URL("../", import.meta.url);

test("the SDK of the models is imported nowhere but by the first question", () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  const imports = files.flatMap((name) => readFileSync(new URL(name, SOURCES), "utf8").split("\n").filter((line) => line.includes('"offstage/models"') && !line.startsWith("import type ")).map(() => name));
  expect(imports).toEqual(["project/lazy-models.ts"]);
});

test("no model configured is told by the question, without loading it", async () => {
  const missing = new Error("no model");
  const models = lazyModels({ models: () => { throw missing; }, redactor: createRedactor() }, createSystemClock(), new AbortController().signal);
  await expect(models.ask({ prompt: "x", schema: {}, maxTokens: 1, model: null })).rejects.toBe(missing);
});
