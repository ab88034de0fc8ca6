import { afterAll, expect, test } from "vitest";
import { bodyProgram } from "../../packages/runtime/src/testing/compile-source.ts";
import { FakeWorld } from "../../packages/runtime/src/testing/fake-ports.ts";
import { runProgram } from "../../packages/runtime/src/testing/fake-run.ts";
import { RESUMED_BODY, RESUMED_TOOLS, RESUMED_TOP } from "../../packages/runtime/src/testing/resumed-program.ts";
import { startPythonEngine } from "./python-engine.ts";

const engine = startPythonEngine();
afterAll(() => engine.close());

const program = bodyProgram(RESUMED_BODY, RESUMED_TOP);
type Result = Readonly<Record<string, unknown>>;
/** What was written, order aside: parallel items may be written in another order. */
const writesOf = (world: FakeWorld): readonly string[] => world.calls.filter(({ tool }) => tool === "create" || tool === "comment").map(({ tool, args }) => `${tool} ${JSON.stringify(args)}`).toSorted();

/** One process that dies at a visit of a port; null when it did. */
async function once(world: FakeWorld, diesAt?: number): Promise<Result | null> {
  const ran = await engine.run(program, world, diesAt === undefined ? {} : { diesAt });
  if ("crashed" in ran) throw new Error(ran.crashed);
  if ("result" in ran) return ran.result;
  expect(ran.died).toBe("LEASE_LOST");
  // An intent of which nothing more is known belongs to a process that died: here nothing was sent.
  for (const [id, entry] of world.ledger.entries) if (entry.status === "intended") world.ledger.entries.delete(id);
  world.now += 60_000;
  return null;
}

test("a run in Python that is killed at any visit of a port and resumed comes to the same result and repeats no write", async () => {
  const undisturbed = new FakeWorld(RESUMED_TOOLS);
  const result = await once(undisturbed);
  const interpreted = await runProgram(program, new FakeWorld(RESUMED_TOOLS));
  expect(result?.["output"]).toEqual(interpreted.result.output);
  expect(writesOf(undisturbed)).toEqual(writesOf(interpreted.world));
  expect([...undisturbed.journal.keys()].toSorted()).toEqual([...interpreted.world.journal.keys()].toSorted());
  let at = 1;
  for (; ; at++) {
    const world = new FakeWorld(RESUMED_TOOLS);
    const first = await once(world, at);
    const resumed = first ?? (await once(world));
    expect({ at, ...resumed, replayed: 0 }).toEqual({ at, ...result, replayed: 0 });
    expect(writesOf(world)).toEqual(writesOf(undisturbed));
    if (first !== null) break;
  }
  expect(at).toBeGreaterThan(60);
}, 300_000);

test("a run in Python that asks for something else than before stops", async () => {
  const world = new FakeWorld(RESUMED_TOOLS);
  await engine.run(bodyProgram(`await world.get({ id: "i1" });`), world);
  expect(await engine.run(bodyProgram(`await world.get({ id: "i3" });`), world)).toMatchObject({ result: { error: { code: "JOURNAL_MISMATCH" } } });
});
