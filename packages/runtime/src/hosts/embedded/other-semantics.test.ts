import { expect, test } from "vitest";
import { SEMANTICS } from "../../program/index.ts";
import { programOf } from "../../testing/compile-source.ts";
import { createHostWorld } from "../../testing/host-world.ts";
import { sampleEntry, sampleOnce } from "../../testing/store-samples.ts";

test("a run that another version's semantics began stays as it is, says which version it needs, and holds nobody up", async () => {
  const world = await createHostWorld();
  const program = programOf(`import { once, workflow } from "offstage"; import { world } from "#servers";
export default workflow({ name: "greet", on: [] }, async () => { await once.perRun(() => world.send({})); return 1; });`);
  const host = world.host(1);
  const before = host.start({ program: { ...program, semantics: SEMANTICS + 1 }, inputs: {}, event: { kind: "call" } });
  await expect(before.then(({ finished }) => finished)).rejects.toMatchObject({ code: "NOT_YET", message: expect.stringContaining(`semantics ${SEMANTICS + 1}`) as string, hint: expect.stringMatching(/^Finish it with the version that began it, or end it.*offstage cancel /) as string });
  const { finished } = await host.start({ program, inputs: {}, event: { kind: "call" } });
  expect((await finished).status).toBe("succeeded");
  expect((await world.runs()).map(({ status }) => status).toSorted()).toEqual(["running", "succeeded"]);
  expect(world.called).toEqual(["send {}"]);
  expect(world.news).toContainEqual({ kind: "run-waiting", why: expect.stringContaining("stays as it is") as string });
  await world.close();
});

test("a run of other semantics ends when a person asks for that, at once, also under a process that left it already: it writes nothing, gives its turn back, and tells what was under way", async () => {
  const world = await createHostWorld();
  const program = { ...programOf(`import { once, workflow } from "offstage"; import { world } from "#servers";
export default workflow({ name: "greet", on: [] }, async () => { await once.perRun(() => world.send({})); return 1; });`), semantics: SEMANTICS + 1 };
  const host = world.host(1);
  const { id, finished } = await host.start({ program, inputs: {}, event: { kind: "call" } });
  await expect(finished).rejects.toMatchObject({ code: "NOT_YET" });
  await world.store.transact({ durable: true }, async (tx) => {
    const run = await tx.getRun(id);
    if (run !== null) await tx.putRun({ ...run, turn: "key" });
    await tx.putEffect(sampleEntry(sampleOnce("greet"), { runId: id, rootRunId: id }), null);
  });
  const goingRun = (): Promise<string | null> => world.store.transact({ durable: false }, (tx) => tx.goingRun("greet", "key"));
  expect(await goingRun()).toBe(id);
  // Nothing of the clock passes: it is not waited for until it would be tried again.
  await host.askToEnd(id);
  await host.work();
  expect(await host.get(id)).toMatchObject({ status: "cancelled", error: { code: "CANCELLED" }, ambiguous: [{ why: expect.stringContaining("under way") as string }], counts: { writes: 0 } });
  expect([await goingRun(), world.called]).toEqual([null, []]);
  await world.close();
});
