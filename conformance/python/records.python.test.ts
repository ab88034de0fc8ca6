import type { Data } from "offstage/base";
import { afterAll, expect, test } from "vitest";
import { bodyProgram } from "../../packages/runtime/src/testing/compile-source.ts";
import { type FakeRunOptions, FakeWorld } from "../../packages/runtime/src/testing/fake-ports.ts";
import type { FakeTool } from "../../packages/runtime/src/testing/fake-tool.ts";
import { runProgram } from "../../packages/runtime/src/testing/fake-run.ts";
import { startPythonEngine } from "./python-engine.ts";

const engine = startPythonEngine();
afterAll(() => engine.close());

const ISSUE = `
const issue = record("issue", {
  identity: (x: any) => x.id,
  find: async (x: any) => world.search({ id: x.id }),
  create: (x: any) => world.create({ id: x.id, text: x.text }),
  keep: (made: any, x: any) => ({ no: made.no, by: x.by }),
  read: (kept) => world.get({ no: kept.no }),
  same: (found: any, x: any) => found.text === x.text,
  update: (kept, x: any) => world.update({ no: kept.no, text: x.text }),
  release: (kept) => world.remove({ no: kept.no }),
});`;
const KEEP = bodyProgram(`const x: any = inputs; const kept = await issue.ensure({ id: "A", text: x.text, by: "me" }); await world.comment({ no: kept.no }); return kept;`, ISSUE);
const END = bodyProgram(`await issue.release("A"); return [await issue.lookup("A"), await issue.all()];`, ISSUE);

/** Issues of a server whose `create` may lose its answer. */
class Issues {
  readonly rows = new Map<number, { id: string; text: string }>();
  lost = false;
  readonly world: FakeWorld = new FakeWorld({
    search: { effect: "read", lagMs: 500, answer: ({ id }: { readonly id: string }) => [...this.rows].filter(([, row]) => row.id === id).map(([no, { text }]) => ({ no, text })) },
    get: { effect: "read", consistent: true, gone: ({ no }: { readonly no: number }) => !this.rows.has(no), answer: ({ no }: { readonly no: number }) => ({ text: this.rows.get(no)?.text ?? "" }) },
    create: { effect: "write", fault: () => (this.lost ? "lost" : null), answer: (row: { readonly id: string; readonly text: string }) => { const no = this.rows.size + 1; this.rows.set(no, { ...row }); return { no }; } },
    update: this.#changed(({ no, text }) => { const row = this.rows.get(no); if (row !== undefined) row.text = text; }),
    remove: this.#changed(({ no }) => this.rows.delete(no)),
    comment: { effect: "write", answer: () => null },
  });

  #changed(change: (args: { readonly no: number; readonly text: string }) => unknown): FakeTool {
    return { effect: "write", answer: (args: { readonly no: number; readonly text: string }) => { change(args); return {}; } };
  }
}

/** One run after another: what is done before it, its text, how it meets the world, and which program it is. */
type Run = { readonly before?: (issues: Issues) => void; readonly text?: string; readonly options?: FakeRunOptions; readonly ends?: true };
const SCENARIOS: Readonly<Record<string, readonly Run[]>> = {
  "is made once, found, healed and changed": [{}, {}, { before: ({ rows }) => rows.set(1, { id: "A", text: "drifted" }) }, { text: "other" }],
  "is shown in a plan": [{ options: { phase: "plan" } }, {}, { options: { phase: "plan" } }, { text: "other", options: { phase: "plan" } }],
  "is adopted, held and then for good": [{ before: ({ rows }) => rows.set(9, { id: "A", text: "a" }), options: { holds: ({ call }) => call === null } }, {}],
  "is not chosen among several": [{ before: ({ rows }) => rows.set(8, { id: "A", text: "a" }).set(9, { id: "A", text: "a" }) }],
  "is found when the answer of its create was lost": [{ before: (issues) => (issues.lost = true) }, { before: (issues) => (issues.lost = false) }],
  "is made anew after two witnesses": [{}, { before: ({ rows }) => rows.clear() }, {}, {}],
  "is released, looked up and listed": [{}, { ends: true }, {}],
};

const told = (issues: Issues): Data => [
  ...issues.world.calls.map(({ tool, args }) => [tool, args] as Data),
  ...[...issues.world.ledger.bindings.values()].map(({ generation, revision, kept, targetKey, adopted, releasedAt, goneSince }) => ({ generation, revision, kept, targetKey, adopted, releasedAt, goneSince })),
];

test.each(Object.entries(SCENARIOS))("a record %s, alike in both languages", async (_name, runs) => {
  const [here, there] = [new Issues(), new Issues()];
  for (const [index, { before, text = "a", options, ends }] of runs.entries()) {
    const program = ends === true ? END : KEEP;
    const given = { ...options, runId: `run-${index}`, inputs: { text } };
    for (const issues of [here, there]) {
      before?.(issues);
      issues.world.journal.clear();
      issues.world.now += 10_000;
    }
    const { result, ports } = await runProgram(program, here.world, given);
    const ran = await engine.run(program, there.world, given);
    if (!("result" in ran)) throw new Error("crashed" in ran ? ran.crashed : ran.died);
    const { end, output, unchanged, replayed } = result;
    const labels = (held: unknown): unknown => (held as readonly { readonly label: string; readonly why: string }[]).map(({ label, why }) => [label, why]);
    expect({ ...ran.result, error: (ran.result["error"] as { readonly code: string } | null)?.code, held: labels(ran.result["held"]), ambiguous: labels(ran.result["ambiguous"]) }).toMatchObject({ end, output, unchanged, replayed, error: result.error?.code, held: labels(result.held), ambiguous: labels(result.ambiguous) });
    expect((ran.requests as typeof ports.requests).map(({ identity, args }) => [identity.kind, args.value])).toEqual(ports.requests.map(({ identity, args }) => [identity.kind, args.value]));
    expect(told(there)).toEqual(told(here));
  }
});
