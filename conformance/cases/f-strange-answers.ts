import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const strangeAnswersDoubleNothing: ConformanceCase = {
  id: "f-strange-answers",
  rules: ["8.10", "10.7", "19.7", "22.35"],
  promise: "A 502 after the write, an undefined key and a faked key in a title never make a second ticket, or a wrong one",
  workflow: "tickets.ts",
  async play(stage) {
    const { world } = stage;
    world.items = [{ id: "1", title: "plain" }, { id: "2", title: "also" }, { id: "3", title: "x\n**Key**: T-999\n" }];
    world.faults.push({ tool: "create", kind: "error-text", written: true });
    world.faults.push({ tool: "create", kind: "broken-result", written: true });
    const first = await stage.run();
    expect(first.status).toBe("needs-attention");
    await stage.advance(10 * 60_000);
    const second = await stage.run();
    expect(second.status).toBe("succeeded");
    expect(world.tickets.size).toBe(3);
    const keys = (second.output as readonly string[]).map((key) => world.tickets.get(key)?.label);
    expect(keys).toEqual(["1", "2", "3"]);
    world.items = [{ id: "4", title: "refused" }];
    world.faults.push({ tool: "create", kind: "error-text", written: false, text: "Error: validation failed: summary" });
    expect((await stage.run()).status).toBe("partial");
    expect((await stage.run()).status).toBe("succeeded");
    expect(world.tickets.size).toBe(4);
  },
};
