import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { PSTEST, startPubsub } from "../../../../packages/runtime/src/testing/pubsub-broker.ts";
import type { TestBroker } from "../../../../packages/runtime/src/testing/test-broker.ts";
import { startNats } from "../../../../packages/runtime/src/testing/nats-broker.ts";
import { startRedis } from "../../../../packages/runtime/src/testing/redis-broker.ts";
import { startSqs } from "../../../../packages/runtime/src/testing/sqs-broker.ts";
import { type CommandProcess, startCommand } from "../testing/command-process.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

// A stream of messages over a real broker, while `serve`, or the broker, is killed again and again.

const MESSAGES = 300;
const KILLS = 6;
/** Runs that go on at once: a kill may leave a write of each in doubt. */
const SIDE_BY_SIDE = 8;
const HEAR = `import { once, queue, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "hear", on: [queue("orders", { key: (event) => String(event.body.n) })], limits: { writes: 5 } }, async ({ event }) => {
  if (event?.kind !== "queue") return;
  const n = String(event.body.n);
  await once(n, () => desk.say({ text: n }));
});
`;

/** `lasts`: what it was given is there when it was killed. */
const BROKERS: readonly { readonly name: string; readonly lasts: boolean; readonly start: () => Promise<TestBroker> }[] = [
  { name: "Redis", lasts: true, start: startRedis }, { name: "NATS", lasts: true, start: startNats }, { name: "SQS", lasts: false, start: startSqs },
  ...(existsSync(PSTEST) ? [{ name: "Pub/Sub", lasts: false, start: startPubsub }] : []),
];

describe.each(BROKERS)("$name", ({ lasts, start }) => {
  let desk: DeskProject;
  let broker: TestBroker;
  const served: CommandProcess[] = [];
  const lines: string[] = [];
  beforeAll(async () => {
    broker = await start();
    desk = await createDeskProject();
    desk.write("workflows/hear.ts", HEAR);
    desk.write("offstage.yaml", `queues:\n  orders: ${broker.entry("orders", "${env:QUEUE_PASSWORD}")}\n`);
    await desk.run("check");
  }, 60_000);
  afterAll(async () => {
    for (const { child } of served) child.kill("SIGKILL");
    await Promise.all(served.map(({ ended }) => ended));
    desk.remove();
    await broker.close();
  });

  const serve = (at = served.length): void => {
    const process = startCommand(desk.folder, ["serve", "hear"], null, { QUEUE_PASSWORD: broker.password });
    process.child.stderr.on("data", (text: string) => void lines.push(text));
    served[at] = process;
  };
  const stop = async (signal: "SIGKILL" | "SIGTERM", at = 0): Promise<number | null> => {
    served[at]?.child.kill(signal);
    return (await served[at]?.ended)?.code ?? null;
  };
  const statuses = async (): Promise<readonly string[]> => (await desk.json("runs", "--limit", "5000")).document.result.runs.map(({ status }) => status);
  /** Sends so many messages, again where it is not sure, and tells how far it is. */
  const send = async (from: number, sent: { count: number }): Promise<void> => {
    for (let n = from; n < from + MESSAGES; n++) {
      await vi.waitFor(() => broker.send("orders", JSON.stringify({ n })), { timeout: 60_000, interval: 20 });
      sent.count += 1;
      await wait(5);
    }
  };
  const killPoints = (): readonly number[] => Array.from({ length: KILLS }, () => Math.floor(Math.random() * MESSAGES)).toSorted((a, b) => a - b);
  /** One run for each message that the queue was given, and one write for each number. */
  const settled = async (kills: number): Promise<void> => {
    const given = await broker.given("orders");
    await vi.waitFor(async () => {
      const all = await statuses();
      expect(all).toHaveLength(given);
      expect(all.filter((status) => status !== "succeeded" && status !== "needs-attention")).toEqual([]);
    }, { timeout: 90_000, interval: 500 });
    const said = desk.writes();
    expect(new Set(said).size).toBe(said.length);
    const inDoubt = (await statuses()).filter((status) => status === "needs-attention").length;
    expect(inDoubt).toBeLessThanOrEqual(kills * SIDE_BY_SIDE);
    expect(await broker.aside("orders")).toEqual([]);
  };

  test("two processes that are killed at random lose no message and make none twice; those in hand come again", async () => {
    serve();
    serve();
    const sent = { count: 0 };
    const sending = send(0, sent);
    for (const [index, point] of killPoints().entries()) {
      await vi.waitFor(() => expect(sent.count).toBeGreaterThan(point), { timeout: 60_000, interval: 2 });
      const at = index % 2;
      await stop("SIGKILL", at);
      serve(at);
    }
    await sending;
    await settled(KILLS);
  }, 200_000);

  // The setup says why two are skipped.
  test.runIf(lasts)("a broker that is killed at random and started again costs nothing; both are told of, without its password", async () => {
    lines.length = 0;
    const sent = { count: 0 };
    const sending = send(MESSAGES, sent);
    for (const point of killPoints()) {
      await vi.waitFor(() => expect(sent.count).toBeGreaterThanOrEqual(point), { timeout: 60_000, interval: 2 });
      await broker.kill();
      // As long as it takes until somebody notices.
      await vi.waitFor(() => expect(lines.join("").match(/problem {2}orders/g)).not.toBeNull(), { timeout: 30_000, interval: 20 });
      await broker.start();
      await vi.waitFor(() => expect(lines.join("")).toMatch(/problem {2}orders: [^]*queue {4}orders: connected/), { timeout: 30_000, interval: 20 });
      lines.length = 0;
    }
    await sending;
    await settled(KILLS);
  }, 200_000);

  test("what is no JSON goes aside, and SIGTERM ends both processes with nothing in hand", async () => {
    await broker.send("orders", "{broken");
    await broker.send("orders", JSON.stringify({ n: MESSAGES * 2 }));
    await vi.waitFor(async () => expect(await broker.aside("orders")).toEqual([{ text: "{broken", why: expect.stringContaining("it is no JSON that can be read") as string }]), { timeout: 30_000, interval: 100 });
    await vi.waitFor(() => expect(desk.writes().at(-1)).toContain(String(MESSAGES * 2)), { timeout: 30_000, interval: 100 });
    expect(await Promise.all([stop("SIGTERM", 0), stop("SIGTERM", 1)])).toEqual([0, 0]);
    const told = (await Promise.all(served.map(({ ended }) => ended))).map(({ err }) => err).join("");
    expect(told).toMatch(/aside {4}orders, .*: it is no JSON/);
    expect(told).not.toContain(broker.password);
  }, 60_000);
});
