import { expect, test } from "vitest";
import { answerRequests } from "../effects/index.ts";
import type { ApprovalRequest } from "../model/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createMemoryStore } from "../testing/memory-store.ts";
import { sampleRequest } from "../testing/store-samples.ts";
import { keepTimeouts, TIMED_OUT } from "./keep-timeouts.ts";
import type { RunNews } from "./run-host.ts";

const HOUR = 3_600_000;

test("what nobody answered in time is refused, with its way, by whoever leads; a person can permit it after all, and what was answered stays", async () => {
  const [store, clock, news, stop] = [createMemoryStore(), createFakeClock(), [] as RunNews[], new AbortController()];
  let leads = false;
  let timeoutMs: number | undefined = HOUR;
  const start = clock.now();
  const put = (id: string, openedAt: number): Promise<void> => store.transact({ durable: true }, (tx) => tx.putRequest(sampleRequest(id, { effect: id.padEnd(64, "0"), openedAt, status: "open", answers: [] })));
  const get = (id: string): Promise<ApprovalRequest | null> => store.transact({ durable: false, reads: true }, (tx) => tx.getRequest(id));
  await put("a1", start - HOUR);
  await put("b1", start + 10 * 60_000);
  await put("c1", start - HOUR);
  await answerRequests(store, ["c1"], { verdict: "approve", by: "ada", now: start, maxAgeMs: HOUR });
  const kept = keepTimeouts({ store, environment: { clock, news: (one) => void news.push(one) }, timeoutMs: () => timeoutMs, leads: () => leads, stopping: stop.signal });
  await clock.advance(60_000);
  expect((await get("a1"))?.status).toBe("open");
  leads = true;
  await clock.advance(60_000);
  expect(await get("a1")).toMatchObject({ status: "denied", answeredBy: TIMED_OUT, answers: [{ verdict: "deny", by: TIMED_OUT, way: "timeout", why: null }] });
  expect([(await get("b1"))?.status, (await get("c1"))?.status, news.length]).toEqual(["open", "approved", 1]);
  expect(news[0]).toMatchObject({ kind: "run-waiting", why: expect.stringContaining("offstage approve a1") as string });
  expect(await answerRequests(store, ["a1"], { verdict: "approve", by: "ada", now: clock.now(), maxAgeMs: HOUR })).toMatchObject([{ status: "approved" }]);
  timeoutMs = undefined;
  await clock.advance(2 * HOUR);
  expect((await get("b1"))?.status).toBe("open");
  timeoutMs = HOUR;
  await clock.advance(600_000);
  expect((await get("b1"))?.status).toBe("denied");
  stop.abort();
  await kept;
});

test("in a dry run nobody is told, and nothing is refused for nobody's answer", async () => {
  const [store, clock, stop] = [createMemoryStore(), createFakeClock(), new AbortController()];
  await store.transact({ durable: true }, (tx) => tx.putRequest(sampleRequest("a1", { openedAt: clock.now() - HOUR, status: "open", answers: [] })));
  const kept = keepTimeouts({ store, environment: { clock, news: () => undefined, dryRun: true }, timeoutMs: () => HOUR, leads: () => true, stopping: stop.signal });
  await clock.advance(60_000);
  stop.abort();
  await kept;
  expect((await store.transact({ durable: false, reads: true }, (tx) => tx.getRequest("a1")))?.status).toBe("open");
});
