import { expect, test } from "vitest";
import { createFakeClock } from "../../testing/fake-clock.ts";
import type { SamplingPolicy } from "./request-policy.ts";
import { createSampling } from "./sampling.ts";

const QUESTION = { messages: [{ role: "user", content: { type: "text", text: "hello" } }], maxTokens: 10 };

test("so many questions an hour are a server's, however often it ends and is started anew", async () => {
  const clock = createFakeClock();
  const policy: SamplingPolicy = { maxTokens: 10, perHour: 2, ask: () => Promise.resolve({ text: "hi", model: "m", cut: false }) };
  const ask = async (own = policy): Promise<string> => createSampling(own, clock, (text) => text)(QUESTION, new AbortController().signal).then(() => "answered", (error: Error) => error.message);
  expect([await ask(), await ask(), await ask()]).toEqual(["answered", "answered", "the model answers this server 2 times an hour"]);
  expect(await ask({ ...policy })).toBe("answered");
  await clock.advance(3_600_000);
  expect(await ask()).toBe("answered");
});
