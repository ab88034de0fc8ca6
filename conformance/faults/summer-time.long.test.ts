import { afterAll, expect, test, vi } from "vitest";
import { startCommand } from "../../apps/offstage/src/testing/command-process.ts";
import { createDeskProject } from "../../apps/offstage/src/testing/desk-project.ts";
import { createWallClock } from "./wall-clock.ts";

// A real process that serves over both changes of the clocks in Berlin; its machine's clock is put from one moment to the next.

const clock = createWallClock();
const desk = await createDeskProject();
afterAll(() => {
  desk.remove();
  clock.remove();
});

const workflow = (name: string, on: string): void => desk.write(`workflows/${name}.ts`, `import { cron, once, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "${name}", on: [cron("${on}", { timezone: "Europe/Berlin", missed: "skip" })], limits: { writes: 5 } }, async ({ event }) => {
  if (event?.kind === "schedule") await once(event.at, () => desk.say({ text: \`${name} \${event.at.slice(0, 16)}\` }));
});
`);
const said = (): readonly string[] => desk.writes().map((write) => /"text":"(.*?)"/.exec(write)?.[1] ?? write);
/** More than a process needs to see that its clock is elsewhere. */
const SEEN_MS = 700;

/** Puts the clock a second before an instant, lets it pass, and gives what was said since. */
async function passing(at: string, expected: number): Promise<readonly string[]> {
  const before = said().length;
  clock.jump(Math.round((Date.parse(at) - 1_000 - clock.now()) / 100) / 10);
  await vi.waitFor(() => expect(clock.now()).toBeGreaterThan(Date.parse(at) + SEEN_MS), { timeout: 10_000 });
  await vi.waitFor(() => expect(said().length - before).toBeGreaterThanOrEqual(expected), { timeout: 20_000 });
  return said().slice(before);
}

test("a schedule comes once on the days on which clocks are changed, and what waits for office hours is written when they begin there", async () => {
  workflow("nightly", "30 2 * * *");
  workflow("evening", "0 21 * * *");
  desk.write("offstage.yaml", 'policy:\n  rules:\n    - { verdict: wait, workflow: evening, outside: { hours: "09:00-17:00", timezone: Europe/Berlin } }\n');
  clock.jump(Math.round((Date.parse("2027-03-27T19:30:00Z") - clock.now()) / 1_000));
  const served = startCommand(desk.folder, ["serve", "nightly", "evening"], null, clock.env);
  let told = "";
  served.child.stderr.on("data", (text: string) => (told += text));
  await vi.waitFor(() => expect(told).toContain("evening"), { timeout: 30_000 });
  try {
    expect(await passing("2027-03-27T20:00:00Z", 0)).toEqual([]);
    expect(await passing("2027-03-28T01:00:00Z", 1)).toEqual(["nightly 2027-03-28T01:00"]);
    expect(await passing("2027-03-28T07:00:00Z", 1)).toEqual(["evening 2027-03-27T20:00"]);
    expect(await passing("2027-10-30T19:00:00Z", 0)).toEqual([]);
    expect(await passing("2027-10-31T00:30:00Z", 1)).toEqual(["nightly 2027-10-31T00:30"]);
    expect(await passing("2027-10-31T01:30:00Z", 0)).toEqual([]);
    expect(await passing("2027-10-31T07:00:00Z", 0)).toEqual([]);
    expect(await passing("2027-10-31T08:00:00Z", 1)).toEqual(["evening 2027-10-30T19:00"]);
  } finally {
    served.child.kill("SIGTERM");
    await served.ended;
  }
}, 120_000);
