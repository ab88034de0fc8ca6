import { expect, test } from "vitest";
import type { JsonObject } from "../../base/index.ts";
import { requirementsText } from "./project-files.ts";

test.each<[string, JsonObject, boolean, string]>([
  ["nothing besides the library where the settings name nothing", {}, false, "./vendor/offstage.whl"],
  ["the clients of what the settings name", { store: { postgres: "${env:DB}" }, queues: { q: { kind: "redis", url: "${env:R}" } } }, false, "./vendor/offstage.whl[postgres,redis]"],
  ["none of a broker that the library does not know", { queues: { q: { kind: "sqs", url: "https://q" } } }, true, "./vendor/offstage.whl[postgres]"],
])("a package needs %s", (_, settings, postgres, line) => {
  expect(requirementsText({ settings }, "offstage.whl", postgres).split("\n")[1]).toBe(line);
});
