import { expect, onTestFinished, test } from "vitest";
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
