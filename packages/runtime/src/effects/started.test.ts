import { describe, expect, it } from "vitest";
import { effectId, type EffectRequest, OWN_SERVER, startTool } from "../model/index.ts";
import { createEffectsFixture } from "../testing/effects-fixture.ts";

const CLASS = { effect: "write", idempotent: false, consistent: true, lagMs: null, affects: [], undo: null } as const;

function startOf(key: string, inputs: { readonly n: number } = { n: 1 }): EffectRequest {
  return {
    identity: { kind: "start", scope: "child", key }, step: "start.child#1", call: { server: OWN_SERVER, tool: startTool("child"), class: CLASS }, args: { value: { workflow: "child", key, inputs }, unknown: [] },
    certainty: "sure", identityKnown: true, after: null, label: `start child ${key}`, server: OWN_SERVER,
  };
}

/** No server of that name is there to be asked. */
const NO_SERVER = {
  targetOf: () => { throw new Error("no such server"); }, timeoutMs: () => { throw new Error("no such server"); }, lockFault: () => { throw new Error("no such server"); },
};

describe("the starting of a run", () => {
  it("is done in the transaction that makes the run, without any call, and once", async () => {
    const fixture = await createEffectsFixture();
    const asked: unknown[] = [];
    const effects = await fixture.open({ ...NO_SERVER, startRun: async (tx, one) => { asked.push(one, await tx.getEffect(effectId(startOf("k").identity))); return "run-9"; } });
    const { identity } = startOf("k");
    expect(await effects.perform(startOf("k"))).toEqual({ kind: "done", effect: effectId(identity), value: { run: "run-9" }, unreadable: false, replayed: false });
    expect(asked).toEqual([{ workflow: "child", key: "k", inputs: { n: 1 } }, null]);
    expect(await fixture.row(effectId(identity))).toMatchObject({ identity, status: "done", server: "offstage", tool: "start.child", target: "store", outcome: { kind: "done", value: { run: "run-9" } }, completion: expect.stringContaining("run-9") as string });
    expect(await effects.perform(startOf("k", { n: 2 }))).toMatchObject({ kind: "done", value: { run: "run-9" }, replayed: true });
    expect(await effects.entry(identity)).toMatchObject({ status: "done" });
    expect([asked.length, fixture.caller.calls, fixture.events.map(({ kind, attempted }) => [kind, attempted])]).toEqual([2, [], [["effect-done", true], ["effect-done", false]]]);
  });

  it("that fails leaves nothing, and counts for nothing", async () => {
    const fixture = await createEffectsFixture();
    let fails = true;
    const effects = await fixture.open({ ...NO_SERVER, run: { maxWrites: 1 }, startRun: () => (fails ? Promise.reject(new Error("the disk is full")) : Promise.resolve("run-9")) });
    await expect(effects.perform(startOf("k"))).rejects.toThrow("the disk is full");
    expect(await fixture.row(effectId(startOf("k").identity))).toBeNull();
    fails = false;
    expect(await effects.perform(startOf("l"))).toMatchObject({ kind: "done" });
    expect(await effects.perform(startOf("k"))).toMatchObject({ kind: "refused", error: { code: "LIMIT_WRITES" } });
  });

  it("counts for a run that goes on in another process too", async () => {
    const fixture = await createEffectsFixture();
    await (await fixture.open({ ...NO_SERVER, run: { maxWrites: 1 } })).perform(startOf("k"));
    expect(await (await fixture.open({ ...NO_SERVER, lease: true, run: { maxWrites: 1 } })).perform(startOf("l"))).toMatchObject({ kind: "refused", error: { code: "LIMIT_WRITES" } });
  });

  it("is not made by a process that lost the store", async () => {
    const fixture = await createEffectsFixture();
    const effects = await fixture.open(NO_SERVER);
    await fixture.open({ lease: true });
    await expect(effects.perform(startOf("k"))).rejects.toMatchObject({ code: "LEASE_LOST" });
    expect(await fixture.row(effectId(startOf("k").identity))).toBeNull();
  });

  it("is held while planning, and waits for a person where a restored store may have forgotten it", async () => {
    const fixture = await createEffectsFixture();
    const planning = await fixture.open({ ...NO_SERVER, fence: null, run: { phase: "plan" } });
    expect(await planning.perform(startOf("k"))).toMatchObject({ kind: "held", why: { kind: "planning" } });
    expect(planning.plannedEffects()).toEqual([expect.objectContaining({ sign: "+", server: "offstage", tool: "start.child", target: "store", identity: startOf("k").identity })]);
    await fixture.tx((tx) => tx.putMeta("epoch", 2));
    await fixture.tx((tx) => tx.putMeta("restored-at", 1));
    const restored = await fixture.open({ ...NO_SERVER, epoch: 2 });
    expect(await restored.perform(startOf("k"))).toMatchObject({ kind: "held", why: { kind: "approval", detail: expect.stringContaining("restored") as string } });
  });
});
