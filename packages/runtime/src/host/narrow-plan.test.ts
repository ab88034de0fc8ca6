import { afterEach, expect, test } from "vitest";
import { bodyProgram } from "../testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../testing/host-world.ts";
import { narrowPlan } from "./narrow-plan.ts";

const THREE = bodyProgram('const a = await once("a", () => world.send({ n: 1 })) as { key: string }; await once("b", () => world.comment({ key: a.key })); await once("c", () => world.comment({ key: "c" }));');

let world: HostWorld;
afterEach(() => world.close());

async function planned(): Promise<string> {
  world = await createHostWorld({ send: () => ({ key: "1" }) });
  return (await world.host(1).plan({ program: THREE, inputs: {}, event: { kind: "call" }, cancelled: new AbortController().signal })).plan.id;
}

const written = (): readonly string[] => world.called.filter((call) => /^(send|comment) /.test(call));

test("what is taken out of a plan is not made, nor what comes after it, by whichever process applies it", async () => {
  const id = await planned();
  await narrowPlan(world.store, id, ["once a"]);
  const run = await (await world.host(2).apply(id, THREE)).finished;
  expect(written()).toEqual([]);
  expect([run.status, run.held.map(({ label }) => label)]).toEqual(["pending", ["once a", "once b", "once c"]]);
});

test("the last one alone leaves the others", async () => {
  const id = await planned();
  const row = await world.store.transact({ durable: false }, (tx) => tx.getPlan(id));
  await narrowPlan(world.store, id, [row?.plan.effects[2]?.id.slice(0, 12) ?? ""]);
  await (await world.host(1).apply(id, THREE)).finished;
  expect(written()).toEqual(['send {"n":1}', 'comment {"key":"1"}']);
});

test("nothing changes where one of the names is none, or the plan was applied", async () => {
  const id = await planned();
  await expect(narrowPlan(world.store, id, ["once a", "once z"])).rejects.toMatchObject({ code: "EFFECT_UNKNOWN", hint: "It has: once a, once b, once c." });
  await expect(narrowPlan(world.store, id, [""])).rejects.toMatchObject({ code: "EFFECT_UNKNOWN" });
  await expect(narrowPlan(world.store, "elsewhere", ["once a"])).rejects.toMatchObject({ code: "PLAN_UNKNOWN" });
  await (await world.host(1).apply(id, THREE)).finished;
  expect(written()).toHaveLength(3);
  await expect(narrowPlan(world.store, id, ["once a"])).rejects.toMatchObject({ code: "PLAN_APPLIED" });
});
