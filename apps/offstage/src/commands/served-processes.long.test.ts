import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type CommandProcess, startCommand } from "../testing/command-process.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

// `offstage serve` in processes of its own, by the real clock: once a second.

const KILLS = 12;
const BEAT = `import { every, once, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "beat", on: [every("1s")], limits: { writes: 5 } }, async ({ event }) => {
  const at = event?.kind === "schedule" ? event.at : "by hand";
  await once(at, () => desk.say({ text: at }));
});
`;

let desk: DeskProject;
const living = new Set<CommandProcess>();
beforeAll(async () => {
  desk = await createDeskProject();
  desk.write("workflows/beat.ts", BEAT);
  await desk.run("check");
}, 60_000);
beforeEach(() => desk.reset());
afterAll(async () => {
  for (const one of living) await end(one, "SIGKILL");
  desk.remove();
});

function serve(): CommandProcess {
  const made = startCommand(desk.folder, ["serve", "beat"], null);
  living.add(made);
  return made;
}

async function end(one: CommandProcess, signal: NodeJS.Signals): ReturnType<() => CommandProcess["ended"]> {
  living.delete(one);
  one.child.kill(signal);
  return one.ended;
}

const beats = (): readonly string[] => desk.writes().map((write) => /\d{4}-[^"]*Z/.exec(write)?.[0] ?? write);
const moreThan = (count: number): Promise<void> => vi.waitFor(() => expect(beats().length).toBeGreaterThan(count), { timeout: 30_000, interval: 20 });

test("of two processes one leads; killed again and again, the other takes over, and no beat is made twice", async () => {
  let [leader, other] = [serve(), serve()];
  await moreThan(0);
  for (let kill = 0; kill < KILLS; kill++) {
    const before = beats().length;
    // Which of them leads is not known: one is killed, and another put in its place.
    await end(kill % 2 === 0 ? leader : other, "SIGKILL");
    if (kill % 2 === 0) leader = serve();
    else other = serve();
    await moreThan(before);
  }
  const ends = await Promise.all([end(leader, "SIGTERM"), end(other, "SIGTERM")]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  expect(new Set(beats()).size).toBe(beats().length);
  const { document } = await desk.json("runs", "--limit", "1000");
  // A write whose answer a kill cut off is told as in doubt; nothing is left in the middle.
  expect(document.result.runs.map(({ status }) => status).filter((status) => status !== "succeeded" && status !== "needs-attention")).toEqual([]);
  const times = document.result.runs.map(({ event }) => (event.kind === "schedule" ? event.at : ""));
  expect(new Set(times).size).toBe(times.length);
}, 180_000);

test("a run that it drives is ended by another command, after the call that is under way", async () => {
  desk.write("workflows/long.ts", 'import { each, range, workflow } from "offstage";\nimport { desk } from "#servers";\nexport default workflow({ name: "long", on: [], limits: { calls: 1000000 } }, async () => {\n  await each(range(1000000), { key: (n) => String(n) }, () => desk.list_requests({}));\n});\n');
  const served = serve();
  await moreThan(0);
  const brought = startCommand(desk.folder, ["run", "long"]);
  const id = await vi.waitFor(async () => {
    const { runs } = (await desk.json("runs", "--workflow", "long")).document.result;
    expect(runs[0]?.status).toBe("running");
    return runs[0]?.id ?? "";
  }, { timeout: 20_000, interval: 50 });
  expect(await startCommand(desk.folder, ["cancel", id]).ended).toMatchObject({ code: 0, out: `Run ${id} ended: cancelled.\n` });
  // As a run that was cancelled ends.
  expect((await brought.ended).code).toBe(130);
  expect((await end(served, "SIGTERM")).code).toBe(0);
}, 90_000);

test("told to stop, it ends by itself with nothing half done; a run that another command brings is driven by it", async () => {
  const served = serve();
  await moreThan(0);
  const brought = await startCommand(desk.folder, ["run", "beat", "--json"]).ended;
  expect(brought).toMatchObject({ code: 0 });
  expect(brought.err).toContain("another Offstage, drives this store");
  const { code, out, err } = await end(served, "SIGTERM");
  expect({ code, out }).toEqual({ code: 0, out: "Stopped.\n" });
  expect(err).toContain("serving  beat: every 1s");
  expect((await desk.json("runs", "--limit", "1000")).document.result.runs.every(({ status }) => status === "succeeded")).toBe(true);
}, 60_000);
