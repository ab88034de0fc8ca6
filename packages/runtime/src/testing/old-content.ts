import { expect } from "vitest";
import type { Store } from "../state/index.ts";

/** What the store of an earlier version has in it, as today's code reads it. */
export async function expectOldContent(store: Store, version: number): Promise<void> {
  await store.transact({ durable: true }, async (tx) => {
    expect((await tx.listRuns({ limit: 99 })).map(({ id, status, waits }) => [id, status, waits.length])).toEqual(expect.arrayContaining([["parked", "parked", version < 2 ? 0 : 1], ["running", "running", 0], ["pending", "pending", 0], ["doubt", "needs-attention", 0], ["done", "succeeded", 0], ["again", "succeeded", 0]]));
    expect((await tx.loadJournal("parked")).map(({ key, value }) => [key, value])).toEqual([["now#1", "1"], ["each#1[é]/x#1", '"漢字"']]);
    const effects = await tx.listEffects({ limit: 99 });
    expect(effects.map(({ identity, status }) => `${identity.kind} ${status}`).toSorted()).toEqual(["once ambiguous", "once done", "once intended", "record done", "step failed"]);
    expect(effects.find(({ identity, status }) => identity.kind === "once" && status === "done")).toMatchObject({ completion: '"recorded"', outcome: { value: { ok: true } } });
    expect((await tx.listBindings({ limit: 9 })).map(({ key, releasedAt }) => [key, releasedAt])).toEqual([["PR_7", null], ["PR_8", 9]]);
    const requests = await tx.listRequests({ limit: 9 });
    expect(requests.map(({ id, status }) => `${id} ${status}`).toSorted()).toEqual(["granted approved", "no denied", "open open"]);
    expect([(await tx.getPlan("plan"))?.plan.workflow, (await tx.getProgram("p".repeat(64)))?.name, (await tx.getState("leaks", "cursor", ""))?.value, await tx.getScope("leaks"), await tx.getMeta("paused")]).toEqual(["leaks", "leaks", "7", "leaks", ["server:jira"]]);
    expect([(await tx.listWaits({ limit: 9 })).length, (await tx.nextEvent("parked", "waitFor#1", 0))?.event ?? null, (await tx.getBlob("b".repeat(64)))?.length ?? null]).toEqual([version < 2 ? 0 : 1, version < 4 ? null : expect.objectContaining({ source: "github" }), version < 5 ? null : 3]);
    expect([await tx.countWaitingArrivals({ workflows: ["leaks"], limit: 9 }), await tx.getSchedule("leaks", "every 10m")]).toEqual(version < 6 ? [0, null] : [1, 7_000]);
    // A token that was handed out is not handed out again.
    expect(await tx.nextFence()).toBe(2);
  });
}
