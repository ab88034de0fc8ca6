import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createPacedProject, type PacedProject } from "./paced-project.ts";

const PER_SECOND = 10;
const CALLS = 20;
/** A process that the machine holds up between its turn and its call is late by one call. */
const LATE = 3;

/** Two processes of the command line over one store; `store` is that line of `offstage.yaml`. */
export function sharedRatesSuite(store: () => string): void {
  let paced: PacedProject;
  beforeAll(async () => {
    const rate = `{ rate: { perSecond: ${PER_SECOND}, concurrent: 1 } }`;
    paced = await createPacedProject(`${store()}servers: { near: ${rate}, far: ${rate} }\n`, CALLS);
    // The store is there before two processes make it at once.
    await paced.run("runs");
  }, 60_000);
  afterAll(() => paced.close());

  test("two processes, each by another entry with the same token, keep its rate and its slot together", async () => {
    // The first answer comes when the other process is there, and waits for it.
    paced.answer((call) => (call === 1 ? anotherWaits(paced) : Promise.resolve()));
    const ended = await Promise.all([paced.plan("nearby").ended, paced.plan("far-off").ended]);
    expect(ended.map(({ code, err }) => ({ code, err: code === 0 ? "" : err }))).toEqual([{ code: 0, err: "" }, { code: 0, err: "" }]);
    expect(paced.times).toHaveLength(2 * CALLS);
    expect(paced.most()).toBe(1);
    const inOneSecond = paced.times.map((from) => paced.times.filter((at) => at >= from && at < from + 1_000).length);
    expect(Math.max(...inOneSecond)).toBeLessThanOrEqual(PER_SECOND + LATE);
  }, 60_000);

  test("one that is killed with the slot in its hands does not keep the other waiting", async () => {
    const never = new Promise(() => undefined);
    paced.answer((call) => (call === 1 ? never : Promise.resolve()));
    const holder = paced.plan("nearby");
    await vi.waitFor(() => expect(paced.times).toHaveLength(1), { timeout: 30_000, interval: 20 });
    const other = paced.plan("far-off");
    await anotherWaits(paced);
    expect(paced.times).toHaveLength(1);
    holder.child.kill("SIGKILL");
    expect((await other.ended).code).toBe(0);
    expect(paced.times).toHaveLength(1 + CALLS);
  }, 60_000);
}

async function anotherWaits(paced: PacedProject): Promise<void> {
  await vi.waitFor(async () => expect((await paced.lane("near"))?.uses.filter(({ waits }) => waits !== null)).toHaveLength(1), { timeout: 30_000, interval: 50 });
}
