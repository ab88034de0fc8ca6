import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { freePort } from "../../../../packages/runtime/src/testing/free-port.ts";
import { githubDelivery } from "../../../../packages/runtime/src/testing/github-delivery.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

// An exported package that serves: real processes over one store, deliveries over HTTP.

const SECRET = "a-webhook-secret";
const HEAR = `import { once, waitFor, webhook, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "hear", on: [webhook("github", { key: (event) => String(event.body.n) })], limits: { writes: 5 } }, async ({ event }) => {
  if (event?.kind !== "webhook") {
    const heard = await waitFor(webhook("github"), { when: (e) => e.body.n === "late", within: "2d" });
    await once("heard", () => desk.say({ text: String(heard?.body.n) }));
    return;
  }
  const n = String(event.body.n);
  await once(n, () => desk.say({ text: n }));
});
`;

const LIBRARY = fileURLToPath(new URL("../../../../packages/python/src", import.meta.url));
const ENV = { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|NODE_OPTIONS|OFFSTAGE_)/i.test(name))), NO_COLOR: "1", USER: "ada", PYTHONPATH: LIBRARY, HOOK_SECRET: SECRET };
const PYTHON = process.env["OFFSTAGE_PYTHON"] ?? "python3";

let desk: DeskProject;
let folder: string;
let port: number;
const living = new Set<ReturnType<typeof serve>>();
beforeAll(async () => {
  desk = await createDeskProject();
  desk.write("workflows/hear.ts", HEAR);
  folder = mkdtempSync(join(tmpdir(), "offstage-served-"));
  port = await freePort();
  await desk.run("export", "hear", "--to", "python", "--out", folder);
  const settings = JSON.parse(readFileSync(join(folder, "settings.json"), "utf8")) as object;
  writeFileSync(join(folder, "settings.json"), JSON.stringify({ ...settings, webhooks: { github: { verify: "github", secret: "${env:HOOK_SECRET}" } }, serve: { listen: `127.0.0.1:${port}` } }));
}, 120_000);
beforeEach(() => {
  desk.reset();
  rmSync(join(folder, ".offstage"), { recursive: true, force: true });
});
afterEach(async () => {
  for (const one of living) {
    kill(one);
    await one.ended;
  }
  living.clear();
});
afterAll(() => {
  desk.remove();
  rmSync(folder, { recursive: true, force: true });
});

const MODULE = ["-m", "hear_workflow"] as const;

function offstage(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(PYTHON, [...MODULE, ...args], { cwd: folder, encoding: "utf8", env: ENV });
  return { status, out: stdout, err: stderr };
}

function serve() {
  const child = spawn(PYTHON, [...MODULE, "serve", "--log", "json"], { cwd: folder, env: ENV, stdio: ["ignore", "ignore", "pipe"], detached: true });
  let log = "";
  child.stderr.on("data", (part: Buffer) => (log += String(part)));
  const serving = { child, ended: once(child, "exit") as Promise<[code: number | null, signal: string | null]>, events: () => log.split("\n").filter((line) => line !== "").map((line) => (JSON.parse(line) as { readonly event_name: string }).event_name), log: () => log };
  living.add(serving);
  return serving;
}

function kill({ child }: Pick<ReturnType<typeof serve>, "child">): void {
  try {
    process.kill(-(child.pid ?? 0), "SIGKILL");
  } catch {
    // It is gone.
  }
}

async function ready(): Promise<void> {
  await vi.waitFor(async () => expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200), { timeout: 30_000, interval: 100 });
}

async function deliver(n: string, id: string): Promise<number> {
  return (await fetch(`http://127.0.0.1:${port}/webhooks/github`, githubDelivery(SECRET, id, JSON.stringify({ n })))).status;
}

const said = () => desk.writes().map((line) => /"text":"([^"]*)"/.exec(line)?.[1] ?? "").toSorted();

test("a delivery is a run, once; told to stop it leaves in good order, and its log is records", async () => {
  const serving = serve();
  await ready();
  expect([await deliver("one", "d1"), await deliver("one", "d1"), await deliver("two", "d2")]).toEqual([202, 202, 202]);
  expect((await fetch(`http://127.0.0.1:${port}/webhooks/github`, { method: "POST", body: "{}" })).status).toBe(401);
  await vi.waitFor(() => expect(said()).toEqual(["one", "two"]), { timeout: 30_000 });
  await vi.waitFor(() => expect(serving.events().filter((event) => event === "offstage.run.ended")).toHaveLength(2), { timeout: 30_000 });
  serving.child.kill("SIGTERM");
  expect((await serving.ended)[0]).toBe(0);
  expect(serving.events()).toEqual(expect.arrayContaining(["offstage.workflow.served", "offstage.address.opened", "offstage.webhook.delivered", "offstage.webhook.refused", "offstage.run.started", "offstage.process.stopping"]));
  expect(serving.log()).not.toContain(SECRET);
  expect(offstage("runs").out.match(/succeeded/g)).toHaveLength(2);
}, 90_000);

test("killed after it took deliveries, the next process makes what they ask for, and nothing twice", async () => {
  const first = serve();
  await ready();
  const numbers = ["1", "2", "3", "4"];
  for (const n of numbers) expect(await deliver(n, `d${n}`)).toBe(202);
  kill(first);
  await first.ended;
  serve();
  await ready();
  for (const n of [...numbers, "5"]) expect(await deliver(n, `d${n}`)).toBe(202);
  const ends = (): readonly string[] => (JSON.parse(offstage("runs", "--json").out) as { readonly result: { readonly runs: readonly { readonly status: string }[] } }).result.runs.map(({ status }) => status);
  await vi.waitFor(() => expect(ends().filter((end) => end === "succeeded" || end === "needs-attention")).toHaveLength(5), { timeout: 60_000, interval: 500 });
  // The kill may have met one write whose answer nobody heard: that one is not made again, and a person is told.
  const inDoubt = ends().filter((end) => end === "needs-attention").length;
  expect(inDoubt).toBeLessThanOrEqual(1);
  expect(new Set(said()).size).toBe(said().length);
  expect(said().length).toBeGreaterThanOrEqual(5 - inDoubt);
}, 120_000);

test("a run that waits for an event parks, and goes on with the one that a person brings", () => {
  expect(offstage("run")).toMatchObject({ status: 4, out: expect.stringContaining("is parked") as string });
  const { runs } = (JSON.parse(offstage("runs", "--json").out) as { readonly result: { readonly runs: readonly { readonly id: string }[] } }).result;
  const id = runs[0]?.id ?? "";
  writeFileSync(join(folder, "event.json"), JSON.stringify({ headers: {}, body: { n: "early" } }));
  expect(offstage("resume", id, "--event", "event.json")).toMatchObject({ status: 4, err: expect.stringContaining("it is not the event that it waits for") as string });
  writeFileSync(join(folder, "event.json"), JSON.stringify({ headers: {}, body: { n: "late" } }));
  expect(offstage("resume", id, "--event", "event.json")).toMatchObject({ status: 0, out: expect.stringContaining("succeeded") as string });
  expect(said()).toEqual(["late"]);
  expect(offstage("resume", id, "--event", "nowhere.json")).toMatchObject({ status: 2, err: expect.stringContaining("cannot be read") as string });
}, 90_000);
