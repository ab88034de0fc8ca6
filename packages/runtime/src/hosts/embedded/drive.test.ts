import { expect, onTestFinished, test } from "vitest";
import { OffstageError } from "../../base/index.ts";
import type { Run } from "../../model/index.ts";
import { hashProgram } from "../../program/index.ts";
import type { Store, StoreTx } from "../../state/index.ts";
import { bodyProgram } from "../../testing/compile-source.ts";
import { createHostWorld, newsOf } from "../../testing/host-world.ts";
import { sampleRun } from "../../testing/store-samples.ts";

test("a run whose program is not in the store is told so, stays as it is, and keeps nobody waiting", async () => {
  const world = await createHostWorld({});
  onTestFinished(() => world.close());
  await world.store.transact({ durable: true }, (tx) => tx.putRun(sampleRun({ id: "orphan", status: "queued", programHash: "gone" })));
  const host = world.host(1);
  const next = await host.start({ program: bodyProgram('return "fine";'), inputs: {}, event: { kind: "call" } });
  expect(await next.finished).toMatchObject({ status: "succeeded", output: "fine" });
  expect(newsOf(world, "run-waiting")[0]).toContain("Run orphan of leaks stays as it is. The store has run orphan without its program gone");
  await expect((await host.continue("orphan")).finished).rejects.toMatchObject({ code: "RUN_BROKEN" });
  expect(await host.get("orphan")).toMatchObject({ status: "queued" });
});

test("a run that could not be driven is tried again after a minute, and then ever more rarely", async () => {
  const world = await createHostWorld({});
  onTestFinished(() => world.close());
  let tries = 0;
  const host = world.host(1, { connect: () => ((tries += 1) < 3 ? Promise.reject(new OffstageError("LOCK_INVALID", "It is made of another package.")) : Promise.resolve()) });
  const { id, finished } = await host.start({ program: bodyProgram('return "fine";'), inputs: {}, event: { kind: "call" } });
  await expect(finished).rejects.toMatchObject({ code: "LOCK_INVALID" });
  for (const [ms, expected] of [[0, 1], [59_999, 1], [1, 2], [119_999, 2]] as const) {
    await world.clock.advance(ms);
    await host.work();
    expect([tries, (await host.get(id))?.status]).toEqual([expected, "running"]);
  }
  await world.clock.advance(1);
  await host.work();
  expect([tries, (await host.get(id))?.status]).toEqual([3, "succeeded"]);
});

test("a run that came to its end since it was listed is not driven again", async () => {
  const world = await createHostWorld({});
  onTestFinished(() => world.close());
  const ended = await (await world.host(1).start({ program: bodyProgram('return "fine";'), inputs: {}, event: { kind: "call" } })).finished;
  let stale: readonly Run[] = [{ ...ended, status: "running" }];
  const begunRuns = async (tx: StoreTx, limit: number): Promise<readonly Run[]> => {
    const runs = [...stale, ...(await tx.begunRuns(limit))];
    stale = [];
    return runs;
  };
  const store: Store = { ...world.store, transact: (how, body) => world.store.transact(how, (tx) => body({ ...tx, begunRuns: (limit) => begunRuns(tx, limit) })) };
  await world.host(2, {}, store).work();
  expect(stale).toEqual([]);
  expect(await world.store.transact({ durable: false }, (tx) => tx.getRun(ended.id))).toEqual(ended);
  expect(newsOf(world, "run-started")).toHaveLength(1);
});

test("who lost the lease knows it at the first transaction that is refused: it begins nothing again and again, and does not lead", async () => {
  const world = await createHostWorld({});
  onTestFinished(() => world.close());
  const [first, second] = [world.host(1, { concurrency: 4 }), world.host(2)];
  expect(await first.lead()).toBe(true);
  world.mistakeForDead(1);
  expect(await second.lead()).toBe(true);
  const program = bodyProgram('return "fine";');
  await world.store.transact({ durable: true }, async (tx) => {
    await tx.putProgram(hashProgram(program), program);
    await tx.putRun(sampleRun({ id: "waiting", status: "queued", programHash: hashProgram(program) }));
  });
  await first.work();
  expect((await first.get("waiting")).status).toBe("queued");
  expect(await first.lead()).toBe(false);
  await second.work();
  expect((await second.get("waiting")).status).toBe("succeeded");
  await first.work();
});
