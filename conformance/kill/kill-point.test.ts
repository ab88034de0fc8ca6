import { describe, expect, it } from "vitest";
import { chooseStrikes, describeStrike } from "./kill-point.ts";
import type { Strike } from "./kill-point.ts";
import { createRandom } from "./random.ts";

const strikesOf = (seed: string): readonly Strike[] => Array.from({ length: 200 }, (_round, number) => chooseStrikes(createRandom(seed).fork(`round ${number}`))).flat();

describe("chooseStrikes", () => {
  it("repeats itself for a seed", () => {
    expect(strikesOf("1")).toEqual(strikesOf("1"));
    expect(strikesOf("1")).not.toEqual(strikesOf("2"));
  });

  it.each(["1", "2", "3"])("mixes every way to kill (seed %s)", (seed) => {
    const strikes = strikesOf(seed);
    const seen = new Set(strikes.flatMap(({ point, command, group, company, late }) => [command, `group ${group}`, `company ${company}`, `late ${late}`, ...(point.at === "time" ? ["time"] : [point.write, point.moment, `pile ${point.pile}`, `skip ${point.skip}`])]));
    expect([...seen].toSorted()).toEqual([
      "answered", "apply", "arrived", "comment", "company none", "company other", "company this", "create", "group false", "group true", "late false", "late true",
      "pile 1", "pile 2", "pile 3", "pile 4", "run", "run --native", "skip 0", "skip 1", "skip 2", "time", "update", "written",
    ]);
  });

  it("kills what goes on after a kill, too", () => {
    const lengths = new Set(Array.from({ length: 60 }, (_round, number) => chooseStrikes(createRandom("1").fork(`round ${number}`)).length));
    expect([...lengths].toSorted((one, other) => one - other)).toEqual([1, 2, 3]);
  });

  it("aims most kills between an intent and its outcome", () => {
    const strikes = strikesOf("1");
    const aimed = strikes.filter(({ point }) => point.at === "write" && point.moment !== "answered");
    expect(aimed.length / strikes.length).toBeGreaterThan(0.4);
  });
});

describe("describeStrike", () => {
  it("says when, what and how", () => {
    const strike: Strike = { point: { at: "write", write: "create", moment: "arrived", skip: 1, pile: 2 }, thenMs: 0, command: "apply", group: false, company: "other", late: true };
    expect(describeStrike(strike)).toBe("apply when 2 create after 1 arrived, carried out late, only the process, as the second of two processes");
    expect(describeStrike({ ...strike, point: { at: "time", fraction: 0.426 }, group: true, company: "none" })).toBe("apply at 43 % of its time");
    expect(describeStrike({ ...strike, point: { at: "write", write: "comment", moment: "answered", skip: 0, pile: 1 }, thenMs: 7, group: true, company: "none" })).toBe("apply when 1 comment answered, 7 ms later");
  });
});
