import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createRedactor, type JsonObject } from "offstage/base";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { realClock } from "../../../../packages/runtime/src/testing/real-clock.ts";
import { nodeArguments } from "../apart/node-arguments.ts";
import type { CommandIo } from "../command-io.ts";
import { createTerminal } from "../terminal.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";
import { type ApartTimes, createDeskApart } from "./desk-apart.ts";
import { createProjectDesk, type ProjectDesk } from "./project-desk.ts";

let project: DeskProject;
beforeAll(async () => void (project = await createDeskProject()), 60_000);
afterAll(() => project.remove());

function ioOf(): CommandIo & { readonly projectFolder: string } {
  const redactor = createRedactor();
  const nowhere = { write: () => undefined };
  return {
    terminal: createTerminal({ stdout: nowhere, stderr: nowhere, noColor: true, redactor, now: () => 0 }),
    clock: realClock, redactor, projectFolder: project.folder, json: false, cwd: project.folder, env: process.env, signal: new AbortController().signal,
    answer: () => undefined, action: () => () => Promise.resolve(),
  };
}

/** A desk apart, ended with the test. Nothing is applied in these. */
function openApart(times?: ApartTimes, io = ioOf()): ProjectDesk {
  const desk = createDeskApart(io, {} as never, times);
  onTestFinished(() => desk.settled());
  return desk;
}

/** The processes that work for desks of this one. */
function workers(): readonly number[] {
  return readdirSync("/proc").filter((pid) => /^\d+$/.test(pid)).map(Number).filter((pid) => {
    try {
      return new RegExp(`\\) [^ZX] ${process.pid} `).test(readFileSync(`/proc/${pid}/stat`, "utf8")) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("desk-process");
    } catch {
      return false;
    }
  });
}

const never = new AbortController().signal;

test("what is told is what the project's own desk tells, and no process is left when all is settled", async () => {
  const [apart, here] = [openApart(), createProjectDesk(ioOf())];
  const file = { kind: "workflow", name: "announce", file: "workflows/announce.ts" } as const;
  for (const ask of [
    (desk: ProjectDesk) => desk.check("announce", never),
    (desk: ProjectDesk) => desk.check("nothing", never),
    (desk: ProjectDesk) => desk.tools(["requests"], never),
    (desk: ProjectDesk) => desk.call("desk.list_requests", {}, never),
    (desk: ProjectDesk) => desk.call("desk.say", { text: "x" }, never),
    (desk: ProjectDesk) => desk.mend(file, project.read("workflows/announce.ts").replace("await once(", "once("), never),
    (desk: ProjectDesk) => desk.checkProfile("desk", "export default 1;", never),
    (desk: ProjectDesk) => desk.test("announce", { "desk.list_requests": { requests: [] } }, {}, never),
    (desk: ProjectDesk) => desk.runs(null, never),
    (desk: ProjectDesk) => desk.show("none", never),
    (desk: ProjectDesk) => desk.planned("none", never),
    (desk: ProjectDesk) => desk.adoption(file, never),
    (desk: ProjectDesk) => desk.adopt(file, 1, never),
  ]) expect(await ask(apart)).toEqual(await ask(here));
  expect(workers()).toHaveLength(1);
  await apart.settled();
  expect(workers()).toEqual([]);
  expect(project.writes()).toEqual([]);
}, 60_000);

test("a process that is killed is told to who waits for it, and the next thing that is asked begins another", async () => {
  const desk = openApart();
  project.reset({ faults: [{ tool: "list_requests", how: "never" }] });
  const held = desk.call("desk.list_requests", {}, never);
  await vi.waitUntil(() => project.state().faults.length === 0, { timeout: 20_000, interval: 20 });
  for (const pid of workers()) process.kill(pid, "SIGKILL");
  expect(await held).toMatchObject({ ok: false, notes: expect.stringMatching(/^error DESK_FAILED: .*\(SIGKILL\)\.\nhint: Ask again/) as string });
  expect(await desk.check("announce", never)).toMatchObject({ ok: true });
}, 60_000);

test("a secret that only the service has met comes back from its desk as that", async () => {
  const io = ioOf();
  io.redactor.register("Printer-is-a-secret", "API_TOKEN");
  project.reset({ requests: [{ id: "r1", title: "Printer-is-a-secret" }] });
  const told = await openApart(undefined, io).call("desk.list_requests", {}, never);
  expect([told.ok, JSON.stringify(told).includes("Printer-is"), JSON.stringify(told).includes("API_TOKEN")]).toEqual([true, false, true]);
}, 60_000);

test("what nests too deep to be asked is refused with that, and the process goes on", async () => {
  const desk = openApart();
  expect(await desk.check("announce", never)).toMatchObject({ ok: true });
  const before = workers();
  const deep = Array.from({ length: 300 }).reduce<JsonObject>((inner) => ({ inner }), {});
  expect(await desk.test("announce", deep, {}, never)).toMatchObject({ ok: false, notes: expect.stringContaining("VALUE_TOO_DEEP") as string });
  expect(workers()).toEqual(before);
}, 60_000);

test("what nobody waits for any more is cancelled there; what does not end of itself then is killed", async () => {
  const desk = openApart({ idleMs: 60_000, killMs: 100 });
  project.reset({ faults: [{ tool: "list_requests", how: "never" }] });
  const gone = new AbortController();
  const held = desk.call("desk.list_requests", {}, gone.signal);
  await vi.waitUntil(() => project.state().faults.length === 0, { timeout: 20_000, interval: 20 });
  const [pid = 0] = workers();
  process.kill(pid, "SIGSTOP");
  const behind = desk.check("announce", gone.signal);
  gone.abort(new Error("The client went."));
  expect(await Promise.all([held, behind])).toMatchObject([{ ok: false }, { ok: false }]);
  expect(workers()).toEqual([]);
}, 60_000);

test("what is larger than a session can show does not come over, and nobody is asked about its beginning", async () => {
  const desk = openApart();
  project.reset();
  project.write("workflows/large.ts", `import { each, once, range, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "large", on: [], limits: { writes: 9 } }, async () => {
  let text = "large";
  for (const _ of range(20)) text = text + text;
  await each(range(3), { key: (i) => String(i) }, (i) => once(\`large:\${i}\`, () => desk.say({ text })));
});
`);
  const { ok, data, text, isCut } = await desk.plan("large", {}, never);
  const { plan } = data as { readonly plan: { readonly id: string; readonly effects: readonly unknown[] } };
  expect({ ok, isCut, effects: plan.effects }).toEqual({ ok: true, isCut: true, effects: [null, null, null] });
  expect(text.length).toBeLessThan(110_000);
  expect(await desk.planned(plan.id, never)).toMatchObject({ ok: true, isCut: true });
  expect(project.writes()).toEqual([]);
}, 60_000);

test("a process that works for nobody ends by itself", async () => {
  const { flags, entry, module } = nodeArguments("studio/desk-process");
  const alone = fork(entry, [module, "1"], { execArgv: [...flags], stdio: "ignore" });
  const [, signal] = (await once(alone, "exit")) as [number | null, string | null];
  expect(signal).toBe("SIGKILL");
}, 60_000);

test("it ends when nothing was asked for a while", async () => {
  const desk = openApart({ idleMs: 20, killMs: 10_000 });
  expect(await desk.check("announce", never)).toMatchObject({ ok: true });
  await vi.waitUntil(() => workers().length === 0, { timeout: 20_000, interval: 20 });
  expect(await desk.check("announce", never)).toMatchObject({ ok: true });
}, 60_000);
