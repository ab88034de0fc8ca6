import { createRedactor } from "offstage/base";
import { expect, test } from "vitest";
import type { Sources } from "./references.ts";
import { requestSettings } from "./requests-settings.ts";
import { resolveRequests } from "./resolve-requests.ts";

const SOURCES: Sources = { env: { SIZE: "large", PIN_TOKEN: "swordfish-1234" }, folder: "/project", inputs: { declared: new Map(), values: {} }, isSecret: (name) => name.endsWith("TOKEN"), run: null };
const model = () => Promise.reject(new Error("not asked"));
const person = () => Promise.resolve(null);
const resolved = (fields: Parameters<typeof requestSettings>[0], redactor = createRedactor()) => resolveRequests("shop", requestSettings(fields), SOURCES, redactor)({ model, person });

test("where nothing is said, questions are declined, models not asked and folders not told", () => {
  expect(resolved(undefined)).toEqual({ elicitation: { kind: "decline" }, sampling: null, roots: [] });
});

test("answers are what their references stand for, and their secrets are kept out of texts", () => {
  const redactor = createRedactor();
  expect(resolved({ elicitation: { answer: { size: "${env:SIZE}", pin: "${env:PIN_TOKEN}", count: 3, kinds: ["a"] } } }, redactor).elicitation).toEqual({ kind: "answer", fields: { size: "large", pin: "swordfish-1234", count: 3, kinds: ["a"] } });
  expect(redactor.redact("swordfish-1234")).toBe("[redacted PIN_TOKEN]");
  expect(() => resolved({ elicitation: { answer: { size: "${env:GONE}" } } })).toThrow(/the answer size for the server shop/);
});

test("a person is asked where the settings say so", () => {
  expect(resolved({ elicitation: "ask" }).elicitation).toEqual({ kind: "ask", ask: person });
});

test("the model is asked within the limits; folders are told as URLs", () => {
  expect(resolved({ elicitation: "none", sampling: "allow", roots: [".", "/srv/my data"] })).toEqual({ elicitation: { kind: "none" }, sampling: { maxTokens: 1_000, perHour: 60, ask: model }, roots: ["file:///project", "file:///srv/my%20data"] });
});
