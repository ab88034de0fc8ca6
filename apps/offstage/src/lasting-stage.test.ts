import { createRedactor } from "offstage/base";
import type { Run } from "offstage/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CommandIo } from "./command-io.ts";
import { type Stage, withStage } from "./compose.ts";
import { openProject } from "./project/load-project.ts";
import { createSystemClock } from "./system-clock.ts";
import { createTerminal } from "./terminal.ts";
import { createDeskProject, type DeskProject } from "./testing/desk-project.ts";

// A process that lasts, as `serve` does: its servers stay connected from run to run.

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
afterAll(() => desk.remove());

/** What passed beside the time that really did, ms. */
let ahead = 0;

function io(): CommandIo {
  const nowhere = { write: () => true };
  const redactor = createRedactor();
  const system = createSystemClock();
  const clock = { ...system, now: () => system.now() + ahead };
  const terminal = createTerminal({ stdout: nowhere, stderr: nowhere, noColor: true, redactor, now: clock.now });
  return { terminal, clock, redactor, json: false, projectFolder: null, cwd: desk.folder, env: { PATH: process.env["PATH"] }, signal: new AbortController().signal, answer: () => undefined, action: (run) => async (...args) => void (await run(...args)) };
}

test("a server that offers another tool than it did in the run before, and tells nobody, is noticed when the next one begins", async () => {
  const world = io();
  await withStage(world, openProject(world), async (stage: Stage) => {
    const program = await stage.program("announce");
    const run = async (): Promise<Run> => (await stage.host.start({ program, inputs: {}, event: { kind: "call" } })).finished;
    expect(await run()).toMatchObject({ status: "succeeded", counts: { writes: 2 } });
    desk.change({ requests: [{ id: "r3", title: "Third" }], descriptions: { say: "Says it to everybody in the world." } });
    ahead = 5_000;
    expect(await run()).toMatchObject({ status: "failed", counts: { writes: 0 }, error: { code: "TOOL_CHANGED" } });
    expect(desk.writes()).toHaveLength(2);
  });
});
