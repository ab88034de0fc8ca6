import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const vainUpdateIsLeftAlone: ConformanceCase = {
  id: "m-not-converging",
  rules: ["10.5"],
  promise: "An update that does not take is told and left alone until what is wanted changes; others go on",
  workflow: "tickets.ts",
  async play(stage) {
    const { world } = stage;
    world.items = [{ id: "1", title: "one" }, { id: "2", title: "two" }];
    await stage.run();
    await stage.advance(60_000);
    world.items = [{ id: "1", title: "ONE" }, { id: "2", title: "TWO" }];
    world.faults.push({ tool: "update", kind: "ignored", written: false });
    const vain = await stage.run();
    expect(vain.status).toBe("partial");
    expect(vain.failures.map((failure) => failure.error.code)).toEqual(["NOT_CONVERGING"]);
    expect(world.count("update")).toBe(2);
    // The server would take it now, but nobody asked for anything else.
    const again = await stage.run();
    expect(again.failures.map((failure) => failure.error.code)).toEqual(["NOT_CONVERGING"]);
    expect(world.count("update")).toBe(2);
    world.items = [{ id: "1", title: "One!" }, { id: "2", title: "TWO" }];
    expect((await stage.run()).status).toBe("succeeded");
    expect([...world.tickets.values()].map((ticket) => ticket.summary).sort()).toEqual(["One!", "TWO"]);
  },
};
