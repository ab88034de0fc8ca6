import { expect, test } from "vitest";
import { createRedactor } from "offstage/base";
import type { Run } from "offstage/model";
import { createFakeClock } from "../../../../packages/runtime/src/testing/fake-clock.ts";
import { sampleArrival, sampleRun } from "../../../../packages/runtime/src/testing/store-samples.ts";
import { createLiveEvents } from "./live-events.ts";

test("what a run asks is told once, however often it is parked; arrivals with why they start nothing; nothing else, no secret and no payload", async () => {
  const redactor = createRedactor();
  redactor.register("a-secret-of-the-project", "canary");
  const live = createLiveEvents({ clock: createFakeClock(), redactor, boot: "b" });
  const reader = live.log.read(null)?.getReader();
  await reader?.read();
  const run: Run = sampleRun({ id: "r", status: "parked", output: "the payload", waits: [{ id: "w", kind: "approval", step: "approve#1", label: "Go on with a-secret-of-the-project?", since: 0, until: null }, { id: "s", kind: "sleep", step: "sleep#1", label: "5m", since: 0, until: 1 }] });
  live.observe({ kind: "run-parked", run });
  live.observe({ kind: "run-parked", run });
  live.observe({ kind: "dropped", arrival: sampleArrival("1", { status: "dropped", why: "x".repeat(9_999) }) });
  live.observe({ kind: "log", runId: "r", text: "the payload" });
  live.observe({ kind: "open", url: "http://x", paths: [] });
  const text = new TextDecoder().decode((await reader?.read())?.value);
  expect([...text.matchAll(/^event: (.+)$/gm)].map(([, kind]) => kind)).toEqual(["run-parked", "approval-opened", "run-parked", "arrival-dropped"]);
  expect(text).toContain('"label":"Go on with [redacted canary]?"');
  expect(text).not.toMatch(/payload|a-secret/);
  expect(text.length).toBeLessThan(3_000);
});
