import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DEFAULT_POLICY, type Run } from "../model/index.ts";
import { programOf } from "../testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../testing/host-world.ts";
import { answerApproval, openApprovals, type RunHost } from "./index.ts";

const DAY = 86_400_000;
let world: HostWorld;
let host: RunHost;
beforeEach(async () => { world = await createHostWorld(); host = world.host(1); });
afterEach(() => world.close());

/** A run of a workflow that asks, with this input and these options. */
async function ask(any: string, options = `message: "Deploy?", show: { version: inputs.version }`, version = "1"): Promise<Run> {
  await world.clock.advance(1);
  const program = programOf(`import { approve, once, workflow } from "offstage"; import { world } from "#servers";
export default workflow({ name: "deploy", on: [], inputs: { any: "", version: "" } }, async ({ inputs, run }) => { const a = await approve({ ${options} }); if (a.outcome === "approved") await once("k" + run.id, () => world.send({ by: a.by })); return a; });`);
  return (await host.start({ program, inputs: { any, version: any === "same" ? "1" : version }, event: { kind: "call" } })).finished;
}

async function answer(by = "ada", verdict: "approved" | "denied" = "approved"): Promise<readonly string[]> {
  const [first] = await openApprovals(world.store, world.clock.now());
  return answerApproval(world.store, first?.id ?? "none", { verdict, by, at: world.clock.now() });
}

const statusOf = async (run: Run): Promise<string> => (await (await host.continue(run.id)).finished).status;

describe("what a workflow asks of a person", () => {
  test("is open until it is answered, and its run goes on with the answer; it is asked and answered once", async () => {
    const run = await ask("x");
    expect(await openApprovals(world.store, world.clock.now())).toMatchObject([{ kind: "approval", message: "Deploy?", show: { version: "1" }, by: null, workflow: "deploy", runId: run.id }]);
    const [open] = run.waits;
    expect(await answer()).toEqual([run.id]);
    expect(await openApprovals(world.store, world.clock.now())).toEqual([]);
    await expect(answerApproval(world.store, open?.id ?? "", { verdict: "denied", by: "eve", at: world.clock.now() })).rejects.toMatchObject({ code: "REQUEST_UNKNOWN" });
    expect(await (await host.continue(run.id)).finished).toMatchObject({ status: "succeeded", output: { outcome: "approved", by: "ada" } });
    expect(world.called).toEqual(['send {"by":"ada"}']);
  });

  test("is answered by those who were named only", async () => {
    const run = await ask("x", `message: "Deploy?", by: ["ada"]`);
    await expect(answer("eve")).rejects.toMatchObject({ code: "ANSWER_NOT_ALLOWED", hint: expect.stringContaining("--by") as string });
    expect((await host.get(run.id)).status).toBe("parked");
    expect(await answer("ada", "denied")).toEqual([run.id]);
  });

  test("is not answered by who started it, through what another one asks the same", async () => {
    const [mine, other] = [await ask("x"), await ask("x")];
    await world.store.transact({ durable: true }, async (tx) => {
      await tx.putRun({ ...mine, event: { kind: "call", by: "ada" } });
      await tx.putRun({ ...other, event: { kind: "call", by: "otto" } });
    });
    const approvers = { groups: {}, fourEyes: true };
    const say = (run: Run, by: string) => answerApproval(world.store, run.waits[0]?.id ?? "", { verdict: "approved", by, at: world.clock.now() }, approvers);
    await expect(say(mine, "ada")).rejects.toMatchObject({ code: "ANSWER_NOT_ALLOWED" });
    expect(await say(other, "ada")).toEqual([other.id]);
    expect(await say(mine, "bob")).toEqual([mine.id]);
  });

  test("is asked anew where who answered it last started this run, or may not answer any more", async () => {
    const policy = { ...DEFAULT_POLICY, approvers: { groups: { oncall: ["ada", "bob"] }, fourEyes: true } };
    let now = policy;
    host = world.host(1, { policy, policyNow: () => now });
    const program = programOf('import { approve, workflow } from "offstage";\nexport default workflow({ name: "deploy", on: [] }, async () => (await approve({ message: "Deploy?", show: 1, by: ["oncall"] })).outcome);');
    const start = async (by: string): Promise<Run> => (await host.start({ program, inputs: {}, event: { kind: "call", by } })).finished;
    const first = await start("otto");
    await answerApproval(world.store, first.waits[0]?.id ?? "", { verdict: "approved", by: "ada", at: world.clock.now() }, policy.approvers);
    expect(await statusOf(first)).toBe("succeeded");
    expect((await start("otto")).status).toBe("succeeded");
    expect((await start("ada")).status).toBe("parked");
    now = { ...policy, approvers: { groups: { oncall: ["bob"] }, fourEyes: false } };
    expect((await start("otto")).status).toBe("parked");
  });

  test("is over when its time is, whenever its run is driven: an answer after that is refused", async () => {
    const run = await ask("x", `message: "Deploy?", within: "1d"`);
    await world.clock.advance(DAY - 1);
    const [open] = await openApprovals(world.store, world.clock.now());
    await world.clock.advance(1);
    expect(await openApprovals(world.store, world.clock.now())).toEqual([]);
    await expect(answerApproval(world.store, open?.id ?? "", { verdict: "approved", by: "ada", at: world.clock.now() })).rejects.toMatchObject({ code: "REQUEST_UNKNOWN" });
    await world.clock.advance(9 * DAY);
    expect(await (await host.continue(run.id)).finished).toMatchObject({ status: "succeeded", output: { outcome: "timeout", by: null, at: new Date((open?.since ?? 0) + DAY).toISOString() } });
  });

  test("an answer just before that holds, however late its run is driven", async () => {
    const run = await ask("x", `message: "Deploy?", within: "1d"`);
    await world.clock.advance(DAY - 1);
    await answer();
    await world.clock.advance(9 * DAY);
    expect(await (await host.continue(run.id)).finished).toMatchObject({ output: { outcome: "approved" } });
  });

  test("is gone when its run ends otherwise", async () => {
    const run = await ask("x");
    await host.cancel(run.id);
    expect(await openApprovals(world.store, world.clock.now())).toEqual([]);
  });
});

describe("a later run", () => {
  async function answered(verdict: "approved" | "denied" = "approved", options?: string): Promise<void> {
    const run = await ask("same", options);
    await answer("ada", verdict);
    expect(await statusOf(run)).toBe("succeeded");
  }

  test.each(["approved", "denied"] as const)("does not ask again while what it shows is the same: %s", async (verdict) => {
    await answered(verdict);
    expect(await ask("same")).toMatchObject({ status: "succeeded", output: { outcome: verdict, by: "ada" } });
  });

  test("asks again when it shows something else, and then about the first again", async () => {
    await answered();
    const second = await ask("same", `message: "Deploy?", show: { version: "2" }`);
    expect(second.status).toBe("parked");
    await answer();
    expect(await statusOf(second)).toBe("succeeded");
    expect((await ask("same")).status).toBe("parked");
  });

  test.each([["with another input", "other", undefined], ["with another message", "same", `message: "Really?", show: { version: inputs.version }`], ["that others may answer", "same", `message: "Deploy?", show: { version: inputs.version }, by: ["bob"]`]])("asks again %s", async (_, any, options) => {
    await answered();
    expect((await ask(any, options)).status).toBe("parked");
  });

  test("asks for itself when nothing is shown", async () => {
    await answered("approved", `message: "Deploy?"`);
    expect((await ask("same", `message: "Deploy?"`)).status).toBe("parked");
  });

  test("is answered together with another that asks the same now", async () => {
    const runs = [await ask("same"), await ask("same")];
    expect(await answer()).toHaveLength(2);
    expect(await openApprovals(world.store, world.clock.now())).toEqual([]);
    for (const run of runs) expect((await host.get((await (await host.continue(run.id)).finished).id)).status).toBe("succeeded");
  });

  test("asks again when nobody answered the first in time", async () => {
    await ask("same", `message: "Deploy?", show: 1, within: "1h"`);
    await world.clock.advance(DAY);
    expect((await ask("same", `message: "Deploy?", show: 1, within: "1h"`)).status).toBe("parked");
  });
});
