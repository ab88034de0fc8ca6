import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type BeatingDesk, createBeatingDesk } from "../testing/beating-desk.ts";
import { startCommand } from "../testing/command-process.ts";

// `offstage serve` in processes of its own, by the real clock: once a second.

const KILLS = 12;

let desk: BeatingDesk;
beforeAll(async () => {
  desk = await createBeatingDesk();
}, 60_000);
beforeEach(() => desk.reset());
afterAll(async () => {
  await desk.serving.killAll();
  desk.remove();
});

test("of two processes one leads; killed again and again, the other takes over, and no beat is made twice", async () => {
  expect(await desk.killOneOfTwo(KILLS)).toEqual([0, 0]);
  await desk.expectOnceEach();
  const { document } = await desk.json("runs", "--limit", "1000");
  const times = document.result.runs.map(({ event }) => (event.kind === "schedule" ? event.at : ""));
  expect(new Set(times).size).toBe(times.length);
}, 180_000);

test("a run that it drives is ended by another command, after the call that is under way", async () => {
  desk.write("workflows/long.ts", 'import { each, range, workflow } from "offstage";\nimport { desk } from "#servers";\nexport default workflow({ name: "long", on: [], limits: { calls: 1000000 } }, async () => {\n  await each(range(1000000), { key: (n) => String(n) }, () => desk.list_requests({}));\n});\n');
  const served = desk.serving.start();
  await desk.moreBeatsThan(0);
  const brought = startCommand(desk.folder, ["run", "long"]);
  const id = await vi.waitFor(async () => {
    const { runs } = (await desk.json("runs", "--workflow", "long")).document.result;
    expect(runs[0]?.status).toBe("running");
    return runs[0]?.id ?? "";
  }, { timeout: 20_000, interval: 50 });
  expect(await startCommand(desk.folder, ["cancel", id]).ended).toMatchObject({ code: 0, out: `Run ${id} ended: cancelled.\n` });
  // As a run that was cancelled ends.
  expect((await brought.ended).code).toBe(130);
  expect((await desk.serving.end(served, "SIGTERM")).code).toBe(0);
}, 90_000);

test("told to stop, it ends by itself with nothing half done; a run that another command brings is driven by it", async () => {
  const served = desk.serving.start();
  await desk.moreBeatsThan(0);
  const brought = await startCommand(desk.folder, ["run", "beat", "--json"]).ended;
  expect(brought).toMatchObject({ code: 0 });
  expect(brought.err).toContain("another Offstage, drives this store");
  const { code, out, err } = await desk.serving.end(served, "SIGTERM");
  expect({ code, out }).toEqual({ code: 0, out: "Stopped.\n" });
  expect(err).toContain("serving  beat: every 1s");
  expect((await desk.json("runs", "--limit", "1000")).document.result.runs.every(({ status }) => status === "succeeded")).toBe(true);
}, 60_000);
