import { describe, expect, it } from "vitest";
import { isOffstageError } from "../base/index.ts";
import { bodyProgram } from "../testing/compile-source.ts";
import { commitStaged, FakeWorld } from "../testing/fake-ports.ts";
import type { FakeTool } from "../testing/fake-tool.ts";
import { runProgram } from "../testing/fake-run.ts";
import type { EngineResult } from "./index.ts";

const TOOLS: { readonly [name: string]: FakeTool } = {
  list: { effect: "read", answer: () => [1, 2, 3].map((n) => ({ id: `i${n}`, n })) },
  get: { effect: "read", answer: ({ id }: { readonly id: string }) => { if (id === "i2") throw new Error("gone"); return { id, note: `n-${id}` }; } },
  create: { effect: "write", answer: ({ id }: { readonly id: string }, world) => ({ key: `K-${id}-${world.called().filter((tool) => tool === "create").length}` }), fault: ({ id }: { readonly id: string }) => (id === "i3" ? "failed" : null) },
  comment: { effect: "write", answer: () => ({ ok: true }) },
  search: { effect: "read", consistent: true, answer: () => [] },
};

const TOP = `
const cursor = state("cursor", [] as string[]);
const ticket = record("ticket", { identity: (x: any) => x.id, find: () => world.search({}), create: (x: any) => world.create({ id: "r-" + x.id }), keep: (t: any) => ({ key: t.key }) });
const title = async (id: string) => { try { return (await world.get({ id })).note; } catch (e) { return "none"; } };`;

const BODY = `
const started = now();
const items: any[] = await world.list({});
const serial = await each(items, { key: (x: any) => x.id, onError: "continue" }, async (x: any) => {
  const t = await title(x.id);
  await cursor.set([...(await cursor.get()), x.id]);
  const kept = await ticket.ensure(x);
  const w = await once("c:" + x.id, () => world.create({ id: x.id }));
  return { t, w: w.key, kept, at: started };
});
const wide = await each(items, { key: (x: any) => x.id, parallel: 2 }, async (x: any) => (await world.comment({ on: x.n })).ok);
let total = 0;
for (const x of items) { const r = await title(x.id); total += r.length; }
return { serial, wide, total, cursor: await cursor.get(), started };`;

const program = bodyProgram(BODY, TOP);

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
    const undisturbed = new FakeWorld(TOOLS);
    const { result, ports } = await runProgram(program, undisturbed);
    expect(result).toMatchObject({ end: "completed", failures: [{ error: { code: "TOOL_FAILED" } }] });
    const visits = ports.visits();
    expect(visits).toBeGreaterThan(60);
    for (let at = 1; at <= visits; at++) {
      const world = new FakeWorld(TOOLS);
      const resumed = await untilDone(world, [at]);
      expect({ at, ...resumed, replayed: 0 }).toEqual({ at, ...result, replayed: 0 });
      expect(writesOf(world)).toEqual(writesOf(undisturbed));
    }
  });

  it("also when it is killed again and again, a little further each time", async () => {
    const { result } = await runProgram(program, new FakeWorld(TOOLS));
    const world = new FakeWorld(TOOLS);
    const resumed = await untilDone(world, Array.from({ length: 300 }, (_, index) => 2 + index));
    expect({ ...resumed, replayed: 0 }).toEqual({ ...result, replayed: 0 });
  });

  it("stages again what compacted items had staged", async () => {
    const world = new FakeWorld(TOOLS);
    const resumed = await untilDone(world, [70]);
    commitStaged(world, resumed.staged);
    expect(world.states.get("cursor/")?.value).toEqual(["i1", "i2", "i3"]);
    expect([...world.journal.keys()].some((key) => key.endsWith("="))).toBe(true);
  });

  it("stops when it asks for something else than before", async () => {
    const world = new FakeWorld(TOOLS);
    await runProgram(bodyProgram(`await world.get({ id: "i1" });`), world);
    const { result } = await runProgram(bodyProgram(`await world.get({ id: "i3" });`), world);
    expect(result.error?.code).toBe("JOURNAL_MISMATCH");
  });
});

/** What was written, order aside: parallel items may be written in another order. */
function writesOf(world: FakeWorld): readonly string[] {
  return world.calls.filter(({ tool }) => tool === "create" || tool === "comment").map(({ tool, args }) => `${tool} ${JSON.stringify(args)}`).toSorted();
}
