import { describe, expect, it } from "vitest";
import { isOffstageError } from "../base/index.ts";
import { bodyProgram } from "../testing/compile-source.ts";
import { commitStaged, FakeWorld } from "../testing/fake-ports.ts";
import { runProgram } from "../testing/fake-run.ts";
import { RESUMED_BODY, RESUMED_TOOLS, RESUMED_TOP } from "../testing/resumed-program.ts";
import type { EngineResult } from "./index.ts";

const program = bodyProgram(RESUMED_BODY, RESUMED_TOP);

async function untilDone(world: FakeWorld, diesAt: readonly number[]): Promise<EngineResult> {
  for (const at of diesAt) {
    try {
      return (await runProgram(program, world, { diesAt: at })).result;
    } catch (error) {
      if (!isOffstageError(error) || error.code !== "LEASE_LOST") throw error;
      // An intent of which nothing more is known belongs to a process that died: here nothing was sent.
      for (const [id, entry] of world.ledger.entries) if (entry.status === "intended") world.ledger.entries.delete(id);
      world.now += 60_000;
    }
  }
  return (await runProgram(program, world)).result;
}

describe("a run that is killed and resumed", () => {
  it("comes to the same result and repeats no call, wherever it is killed", async () => {
    const undisturbed = new FakeWorld(RESUMED_TOOLS);
    const { result, ports } = await runProgram(program, undisturbed);
    expect(result).toMatchObject({ end: "completed", failures: [{ error: { code: "TOOL_FAILED" } }] });
    const visits = ports.visits();
    expect(visits).toBeGreaterThan(60);
    for (let at = 1; at <= visits; at++) {
      const world = new FakeWorld(RESUMED_TOOLS);
      const resumed = await untilDone(world, [at]);
      expect({ at, ...resumed, replayed: 0 }).toEqual({ at, ...result, replayed: 0 });
      expect(writesOf(world)).toEqual(writesOf(undisturbed));
    }
  });

  it("also when it is killed again and again, a little further each time", async () => {
    const { result } = await runProgram(program, new FakeWorld(RESUMED_TOOLS));
    const world = new FakeWorld(RESUMED_TOOLS);
    const resumed = await untilDone(world, Array.from({ length: 300 }, (_, index) => 2 + index));
    expect({ ...resumed, replayed: 0 }).toEqual({ ...result, replayed: 0 });
  });

  it("stages again what compacted items had staged", async () => {
    const world = new FakeWorld(RESUMED_TOOLS);
    const resumed = await untilDone(world, [70]);
    commitStaged(world, resumed.staged);
    expect(world.states.get("cursor/")?.value).toEqual(["i1", "i2", "i3"]);
    expect([...world.journal.keys()].some((key) => key.endsWith("="))).toBe(true);
  });

  it("stops when it asks for something else than before", async () => {
    const world = new FakeWorld(RESUMED_TOOLS);
    await runProgram(bodyProgram(`await world.get({ id: "i1" });`), world);
    const { result } = await runProgram(bodyProgram(`await world.get({ id: "i3" });`), world);
    expect(result.error?.code).toBe("JOURNAL_MISMATCH");
  });
});

/** What was written, order aside: parallel items may be written in another order. */
function writesOf(world: FakeWorld): readonly string[] {
  return world.calls.filter(({ tool }) => tool === "create" || tool === "comment").map(({ tool, args }) => `${tool} ${JSON.stringify(args)}`).toSorted();
}
