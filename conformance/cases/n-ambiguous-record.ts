import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const twoTargetsAreNobodys: ConformanceCase = {
  id: "n-ambiguous-record",
  rules: ["10.3"],
  promise: "Two targets for one identity: neither is taken and no third is made; with one gone the other is adopted",
  workflow: "tickets.ts",
  async play(stage) {
    const { world } = stage;
    world.items = [{ id: "1", title: "one" }, { id: "2", title: "two" }];
    for (const key of ["X-1", "X-2"]) world.tickets.set(key, { key, label: "1", summary: "one", status: "open", indexedAt: 0 });
    const first = await stage.run();
    expect(first.status).toBe("partial");
    expect(first.failures.map((failure) => failure.error.code)).toEqual(["AMBIGUOUS_RECORD"]);
    expect(world.count("create")).toBe(1);
    expect(await stage.approveAll()).toBeNull();
    world.tickets.delete("X-2");
    expect((await stage.run()).status).toBe("pending");
    expect((await stage.approveAll())?.status).toBe("succeeded");
    expect(world.count("create")).toBe(1);
  },
};
