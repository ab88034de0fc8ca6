import { expect, test } from "vitest";
import { sampleRequest } from "../../../../packages/runtime/src/testing/store-samples.ts";
import { requestText } from "./request-text.ts";

test("what several people have to permit says who has", () => {
  const text = requestText(sampleRequest("r1", { by: ["oncall"], count: 2, answers: [{ verdict: "approve", by: "ada", why: null, at: 5, way: "api" }] }), { terminal: { width: 100 }, projectFolder: null });
  expect(text).toContain("policy, since 1970-01-01T00:00:01.000Z; ada permitted it, 1 of 2");
});
