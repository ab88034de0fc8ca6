import { expect, test } from "vitest";
import type { NativeSteps, Strand } from "../engine/index.ts";
import { createCrossing } from "./crossing.ts";

/** A crossing whose steps end when the test says so. */
function crossingOf() {
  const ends: { readonly resolve: (value: null) => void; readonly reject: (error: Error) => void }[] = [];
  const body = { run: { held: [], ambiguous: [] } } as unknown as Strand;
  const steps: NativeSteps = { body, take: () => new Promise((resolve, reject) => void ends.push({ resolve, reject })), builtin: () => null, operator: () => null, sign: () => null, index: () => null, text: String };
  return { crossing: createCrossing(steps), ends, body };
}

test("what the body began and did not wait for ends before it does, and is its fault", async () => {
  const { crossing, ends, body } = crossingOf();
  let ended = false;
  const run = Promise.resolve(crossing.body(async () => { void crossing.take("a#1", []); return 1; })(body, [])).finally(() => (ended = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(ended).toBe(false);
  ends[0]?.resolve(null);
  await expect(run).rejects.toMatchObject({ code: "TYPE_ERROR", message: expect.stringContaining("did not wait") as string });
});

test("one of them that fails is no rejection that nobody handles, and the body's own error stays its error", async () => {
  const { crossing, ends, body } = crossingOf();
  const run = Promise.resolve(crossing.body(async () => { void crossing.take("a#1", []); throw new Error("mine"); })(body, []));
  const failure = run.then(() => null, (error: unknown) => error);
  ends[0]?.reject(new Error("nobody waits for this"));
  expect(await failure).toMatchObject({ message: "mine" });
});

test("a body that waited for all its steps gives its value", async () => {
  const { crossing, ends, body } = crossingOf();
  const run = Promise.resolve(crossing.body(async () => { await crossing.take("a#1", []); return "done"; })(body, []));
  await new Promise((resolve) => setImmediate(resolve));
  ends[0]?.resolve(null);
  expect(await run).toBe("done");
});
