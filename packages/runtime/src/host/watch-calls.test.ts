import { afterEach, beforeEach, expect, test } from "vitest";
import { bodyProgram } from "../testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../testing/host-world.ts";
import type { IsUnlike } from "./watch-calls.ts";

const CALL = { kind: "call" } as const;
const DAY = 86_400_000;

/** Whatever is no number is not as it was learnt. */
const isUnlike: IsUnlike = (_, value) => typeof value !== "number";

let world: HostWorld;
beforeEach(async () => {
  world = await createHostWorld({ get: ({ n }) => n ?? "none", list: () => 1, send: () => "sent" });
});
afterEach(() => world.close());

test("a run's record counts what it read, and the answers that were not as learnt, of each tool, reads and writes alike", async () => {
  const program = bodyProgram('await world.list({}); await world.get({ n: 1 }); await world.get({ n: "a" }); await world.get({ n: "b" }); await once("k", () => world.send({}));');
  const { finished, id } = await world.host(1, { isUnlike }).start({ program, inputs: { any: "" }, event: CALL });
  expect((await finished).counts).toEqual({ calls: 5, writes: 1, replayed: 0, reads: { "world.get": 3, "world.list": 1 }, unlike: { "world.get": 2, "world.send": 1 } });
  expect(await world.host(2).get(id)).toEqual(await finished);
});

test("what was counted before a run was parked stays, and what is answered from the journal does not count again", async () => {
  const program = bodyProgram('await world.get({ n: "a" }); await sleep("2d"); await world.get({ n: "b" }); await world.get({ n: 1 });');
  const { finished, id } = await world.host(1, { isUnlike }).start({ program, inputs: { any: "" }, event: CALL });
  expect((await finished).counts.unlike).toEqual({ "world.get": 1 });
  world.kill(1);
  await world.clock.advance(2 * DAY);
  expect((await (await world.host(2, { isUnlike }).continue(id)).finished).counts).toMatchObject({ reads: { "world.get": 3 }, unlike: { "world.get": 2 } });
});

test("where all is as it was learnt, an error came instead, or nobody watches, nothing is counted", async () => {
  const failing = bodyProgram('try { await world.get({}); } catch { return 1; }');
  const program = bodyProgram('await world.get({ n: 1 }); await world.list({});');
  const counts = async (host: ReturnType<HostWorld["host"]>, one: typeof program) => (await (await host.start({ program: one, inputs: { any: "" }, event: CALL })).finished).counts;
  expect(await counts(world.host(1, { isUnlike }), program)).not.toHaveProperty("unlike");
  expect(await counts(world.host(2), bodyProgram('await world.get({ n: "a" });'))).not.toHaveProperty("unlike");
  await world.close();
  world = await createHostWorld({ get: () => { throw new Error("no"); } });
  expect(await counts(world.host(3, { isUnlike }), failing)).not.toHaveProperty("unlike");
});
