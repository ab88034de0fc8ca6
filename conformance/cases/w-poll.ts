import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

const HOUR = 3_600_000;

export const looksAgainUntilThereIsSomething: ConformanceCase = {
  id: "w-poll",
  rules: ["12.6"],
  promise: "A poll looks once a turn, however often its run is killed or resumed, goes on with the first value, and with null when the last turn found nothing",
  workflow: "poll.ts",
  async play(stage) {
    const { world } = stage;
    const first = await stage.run();
    expect(first).toMatchObject({ status: "parked", waits: [{ kind: "poll", step: "poll#1/1/wait", until: first.startedAt + HOUR }] });
    expect((await stage.resume(first.id)).status).toBe("parked");
    expect(world.count("list_items")).toBe(1);
    await stage.advance(HOUR);
    expect(await stage.resumeAndDie(first.id, 4)).toBe("died");
    expect(await stage.resume(first.id)).toMatchObject({ status: "parked", waits: [{ step: "poll#1/2/wait" }] });
    world.items = [{ id: "there", title: "" }];
    await stage.advance(HOUR);
    expect(await stage.resume(first.id)).toMatchObject({ id: first.id, status: "succeeded", output: "there" });
    expect(world.messages).toEqual(["there"]);
    world.items = [];
    const second = await stage.run();
    await stage.advance(HOUR);
    expect((await stage.resume(second.id)).status).toBe("parked");
    await stage.advance(HOUR);
    expect(await stage.resume(second.id)).toMatchObject({ id: second.id, status: "succeeded", output: null });
    expect([world.messages, world.count("list_items")]).toEqual([["there"], 6]);
  },
};
