import { expect, test } from "vitest";
import { SEMANTICS } from "../../program/index.ts";
import { programOf } from "../../testing/compile-source.ts";
import { createHostWorld } from "../../testing/host-world.ts";

test("a run that another version's semantics began stays as it is, says which version it needs, and holds nobody up", async () => {
  const world = await createHostWorld();
  const program = programOf(`import { once, workflow } from "offstage"; import { world } from "#servers";
export default workflow({ name: "greet", on: [] }, async () => { await once.perRun(() => world.send({})); return 1; });`);
  const host = world.host(1);
  const before = host.start({ program: { ...program, semantics: SEMANTICS + 1 }, inputs: {}, event: { kind: "call" } });
  await expect(before.then(({ finished }) => finished)).rejects.toMatchObject({ code: "NOT_YET", message: expect.stringContaining(`semantics ${SEMANTICS + 1}`) as string, hint: "Finish it with the version that began it." });
  const { finished } = await host.start({ program, inputs: {}, event: { kind: "call" } });
  expect((await finished).status).toBe("succeeded");
  expect((await world.runs()).map(({ status }) => status).toSorted()).toEqual(["running", "succeeded"]);
  expect(world.called).toEqual(["send {}"]);
  expect(world.news).toContainEqual({ kind: "run-waiting", why: expect.stringContaining("stays as it is") as string });
  await world.close();
});
