import { expect, test } from "vitest";
import { sampleRequest } from "../../../../packages/runtime/src/testing/store-samples.ts";
import { requestText } from "./request-text.ts";

test("why somebody said no is told in their words, what a policy asks for with its commands", () => {
  const given = { projectFolder: "/p" };
  expect(requestText(sampleRequest("r1", { status: "denied", answeredBy: "ada", answeredWhy: "see `offstage runs`" }), given)).toContain("see `offstage runs`");
  expect(requestText(sampleRequest("r1", { reason: "nobody knows (`offstage resolve`)" }), given)).toContain("`offstage resolve --project /p`");
});

test("what several people have to permit says who has", () => {
  const text = requestText(sampleRequest("r1", { by: ["oncall"], count: 2, answers: [{ verdict: "approve", by: "ada", why: null, at: 5, way: "api" }] }), { projectFolder: null });
  expect(text).toContain("policy, since 1970-01-01T00:00:01.000Z; ada permitted it, 1 of 2");
});
