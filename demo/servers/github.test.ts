import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SEED_PULLS } from "../seed/pulls.ts";
import { startGithub } from "./github.ts";
import type { GithubEmulator } from "./github.ts";

let github: GithubEmulator;

beforeAll(async () => {
  github = await startGithub();
});
afterAll(() => github.close());

describe("the seeded GitHub", () => {
  it("holds the pull requests of the list, titles to the letter, open, closed and merged", async () => {
    const pulls = await github.pulls();
    expect(pulls.map((pull) => pull.title)).toEqual(SEED_PULLS.map((pull) => pull.title));
    const states = pulls.map((pull) => (pull.merged_at === null ? pull.state : "merged"));
    expect(states).toEqual(SEED_PULLS.map((pull) => pull.state));
  });

  it("is what the demo says of it", () => {
    const open = SEED_PULLS.filter((pull) => pull.state === "open");
    expect(SEED_PULLS.length).toBeGreaterThanOrEqual(30);
    expect(open.filter((pull) => /memory leak/i.test(pull.title))).toHaveLength(14);
    expect(SEED_PULLS.map((pull) => pull.title.length)).toContain(250);
    expect(open.length).toBeGreaterThan(20);
  });

  it("takes what people do to it later", async () => {
    const pull = await github.addPull({ title: "A new one", labels: ["bug"] });
    expect(pull).toMatchObject({ number: SEED_PULLS.length + 1, state: "open", title: "A new one" });
    await github.retitlePull(pull.number, "Another title");
    await github.closePull(pull.number);
    expect(await github.comments(pull.number)).toEqual([]);
    expect((await github.pulls("closed")).find((one) => one.number === pull.number)).toMatchObject({ title: "Another title", merged_at: null });
  });
});
