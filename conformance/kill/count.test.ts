import { describe, expect, it } from "vitest";
import { countFaults } from "./count.ts";
import type { CountedPull, Holdings } from "./count.ts";

const pull = (id: number, changes: Partial<CountedPull> = {}): CountedPull => ({ id, number: id, title: `memory leak ${id}`, state: "open", comments: [`Tracked as PROD-${id}`], ...changes });
const ticket = (id: number, key = `PROD-${id}`): Holdings["tickets"][number] => ({ key, summary: `memory leak ${id}`, labels: [`gh-pr-${id}`] });
const faults = (holdings: Holdings, complete = true): readonly string[] => countFaults(holdings, { complete });

describe("countFaults", () => {
  it("has nothing against one ticket and one comment for each open leak, and none for others", () => {
    expect(faults({ pulls: [pull(1), pull(2), pull(3, { title: "docs", comments: [] }), pull(4, { state: "closed", comments: [] })], tickets: [ticket(1), ticket(2)] })).toEqual([]);
  });

  it("finds two tickets and two comments at any time, closed pull requests included", () => {
    const twice = ["Tracked as PROD-1", "Tracked as PROD-1"];
    const found = ["pull request 1 has 2 tickets: PROD-1, PROD-9", "pull request 1 has 2 comments: Tracked as PROD-1 | Tracked as PROD-1"];
    for (const state of ["open", "closed"] as const) expect(faults({ pulls: [pull(1, { state, comments: twice })], tickets: [ticket(1), ticket(1, "PROD-9")] }, false)).toEqual(found);
  });

  it("finds tickets that belong to nobody and comments about another's ticket", () => {
    expect(faults({ pulls: [pull(1, { comments: ["Tracked as PROD-7"] })], tickets: [ticket(1), ticket(7)] }, false)).toEqual(["PROD-7 belongs to no pull request: memory leak 7", 'pull request 1 has the comment "Tracked as PROD-7" and the ticket PROD-1']);
    expect(faults({ pulls: [pull(1)], tickets: [] }, false)).toEqual(['pull request 1 has the comment "Tracked as PROD-1" and the ticket (none)']);
  });

  it("misses what is not there yet only once everything is known", () => {
    const holdings: Holdings = { pulls: [pull(1, { comments: [] }), pull(2, { title: "memory leak, retitled" })], tickets: [ticket(2)] };
    expect(faults(holdings, false)).toEqual([]);
    expect(faults(holdings)).toEqual(["pull request 1 has no ticket: memory leak 1", "pull request 1 has no comment", "PROD-2 does not have the title of pull request 2: memory leak 2"]);
  });
});
