import { readFileSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { startCommand } from "../testing/command-process.ts";
import { createDeskProject, type DeskProject, SETTINGS } from "../testing/desk-project.ts";
import { expectTold } from "../testing/expect-told.ts";

// As in faults.test.ts, what takes its time.

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
beforeEach(() => {
  desk.reset();
  desk.write("offstage.yaml", SETTINGS);
});
afterAll(() => desk.remove());

test("a store that another program keeps locked is said, and nothing is written", async () => {
  await desk.run("runs");
  const database = new Sqlite(join(desk.folder, ".offstage/store.db"));
  database.exec("BEGIN IMMEDIATE");
  const refused = await desk.run("run", "announce");
  database.exec("ROLLBACK");
  database.close();
  expectTold(refused, "STORE_LOCKED", 1);
  expect(desk.writes()).toEqual([]);
  expect((await desk.run("run", "announce")).code).toBe(0);
});

describe("a process that is ended from outside", () => {
  /** The real command line, ended when this call has reached the server. */
  async function interrupt(tool: string, signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly err: string }> {
    const { child, ended } = startCommand(desk.folder, ["run", "announce"]);
    const calls = join(desk.folder, "desk.json.calls");
    await vi.waitFor(() => expect(readFileSync(calls, "utf8")).toContain(tool), { timeout: 20_000, interval: 20 });
    child.kill(signal);
    return ended;
  }

  test("by Ctrl-C lets the write in flight settle, begins no other, and the next run makes the rest", async () => {
    desk.change({ faults: [{ tool: "say", how: "never" }] });
    const stopped = await interrupt("say", "SIGINT");
    expect(stopped.err).toContain("Stopping: no new write is begun; one in flight settles.");
    expect(stopped.code).toBe(130);
    expect(desk.writes()).toHaveLength(1);
    expect((await desk.json("show")).document.result).toMatchObject({ run: { status: "cancelled" }, effects: [{ status: "ambiguous" }] });
    expect((await desk.run("run", "announce")).code).toBe(4);
    expect(desk.state().said).toEqual([expect.stringContaining("Quote")]);
  });

  test("by Ctrl-C does not wait for a server that does not answer a read", async () => {
    desk.write("offstage.yaml", "servers: { desk: { timeout: 10m } }\n");
    desk.change({ faults: [{ tool: "list_requests", how: "never" }] });
    expect((await interrupt("list_requests", "SIGINT")).code).toBe(130);
    expect((await desk.run("run", "announce")).code).toBe(0);
  });

  test("by SIGKILL leaves a write of which nobody can tell yet; the next run goes on with the killed one", async () => {
    desk.write("offstage.yaml", "servers: { desk: { timeout: 10m } }\n");
    desk.change({ faults: [{ tool: "say", how: "never" }] });
    await interrupt("say", "SIGKILL");
    const open = await desk.run("resolve");
    expect(open).toMatchObject({ code: 4, out: expect.stringMatching(/say:r1 +desk\.say +intended/) as string });
    const effect = /^[0-9a-f]{12}/m.exec(open.out)?.[0] ?? "";
    expectTold(await desk.run("resolve", effect, "--did-not-happen"), "EFFECT_IN_FLIGHT", 1);
    expect((await desk.run("run", "announce")).code).toBe(4);
    expect((await desk.json("runs")).document.result.runs.map((run) => run.status)).toEqual(["needs-attention", "needs-attention"]);
    expect(desk.writes().map((call) => call.includes("Printer"))).toEqual([true, false]);
  });
});
