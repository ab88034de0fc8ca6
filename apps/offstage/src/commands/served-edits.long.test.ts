import { readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { freePort } from "../../../../packages/runtime/src/testing/free-port.ts";
import { githubDelivery } from "../../../../packages/runtime/src/testing/github-delivery.ts";
import type { CommandProcess } from "../testing/command-process.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";
import { createLivingCommands, type LivingCommands } from "../testing/living-commands.ts";
import { sendAll } from "../testing/send-all.ts";

// A project whose files are edited while real processes serve it, over real HTTP.

const SECRET = "a-webhook-secret";
const EDITS = 50;
const COMPILED = 4;
const KILLS = 3;
const SENDERS = 8;
/** More than anything else that a process keeps grows by, and much less than the compiler needs. Bytes. */
const ROOM = 40 * 1024 * 1024;

let desk: DeskProject;
let port: number;
let serving: LivingCommands;
const settings = (more = "", reload = true): string => `webhooks:\n  github: { verify: github, secret: "\${env:HOOK_SECRET}" }\nserve: { listen: "127.0.0.1:${port}", reload: ${reload} }\n${more}`;
beforeAll(async () => {
  desk = await createDeskProject();
  port = await freePort();
  serving = createLivingCommands(desk.folder, ["serve", "hear", "--log", "json"], { HOOK_SECRET: SECRET });
}, 60_000);
beforeEach(async () => {
  await serving.killAll();
  desk.reset();
  desk.write("offstage.yaml", settings());
  edit("A");
});
afterAll(async () => {
  await serving.killAll();
  desk.remove();
});

/** As an editor saves: another file in the place of the former. */
function edit(says: string, { wait = "", rest = "" } = {}): void {
  desk.write("hear.new", `import { once, waitFor, webhook, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "hear", on: [webhook("github", { key: (event) => String(event.body.n) })], limits: { writes: 5 } }, async ({ event }) => {
  if (event?.kind !== "webhook") return;
  const n = String(event.body.n);
  ${wait}
  await once(n, () => desk.say({ text: \`\${n} ${says}\` }));
});
${rest}`);
  renameSync(join(desk.folder, "hear.new"), join(desk.folder, "workflows/hear.ts"));
}

/** What a process told so far, of a kind. */
function tellingOf({ child }: CommandProcess): (event: string) => readonly { readonly body: string }[] {
  let text = "";
  child.stderr.on("data", (more: string) => (text += more));
  return (event) => text.split("\n").filter((line) => line.includes(`"event_name":"${event}"`)).map((line) => JSON.parse(line) as { readonly body: string });
}

const until = (check: () => unknown): Promise<void> => vi.waitFor(async () => void (await check()), { timeout: 60_000, interval: 20 });

/** As a sender does: until it is accepted. */
async function deliver(n: number): Promise<void> {
  const delivery = githubDelivery(SECRET, `d${n}`, JSON.stringify({ n }));
  await until(async () => expect((await fetch(`http://127.0.0.1:${port}/webhooks/github`, delivery)).status).toBe(202));
}

const said = (): readonly string[] => desk.writes().map((write) => /"text":"(.*?)"/.exec(write)?.[1] ?? write);
const statuses = async (): Promise<readonly string[]> => (await desk.json("runs", "--limit", "1000")).document.result.runs.map(({ status }) => status);

test("fifty edits in a row under a load of webhooks, some of which do not check, lose no delivery and double none", async () => {
  edit("B");
  await desk.run("check");
  edit("A");
  const served = serving.start();
  const told = tellingOf(served);
  await deliver(0);
  const { done, sent } = sendAll(Array.from({ length: EDITS * 8 }, (_, index) => 1 + (index >> 1)), SENDERS, deliver);
  let [taken, refused] = [0, 0];
  for (let count = 1; count <= EDITS; count++) {
    const broken = count % 25 === 0;
    if (broken) refused += 1;
    else taken += 1;
    edit(taken % 2 === 0 ? "A" : "B", broken ? { rest: `broken${count}(` } : {});
    served.child.kill("SIGHUP");
    await until(() => expect([told("offstage.reload.refused").length, told("offstage.reload.taken").length]).toEqual([refused, taken]));
  }
  expect(sent()).toBeGreaterThan(0);
  await done;
  const events = EDITS * 4 + 1;
  await until(async () => expect((await statuses()).filter((status) => status === "succeeded")).toHaveLength(events));
  expect(said().map((text) => Number(text.split(" ")[0])).toSorted((a, b) => a - b)).toEqual(Array.from({ length: events }, (_, n) => n));
  expect(new Set(said().map((text) => text.split(" ")[1]))).toEqual(new Set(["A", "B"]));
  expect(told("offstage.reload.refused")[0]?.body).toMatch(/^kept what ran before, since the edit cannot be taken: workflows\/hear\.ts:9:10 TS1005/);
  expect(await serving.end(served, "SIGTERM")).toMatchObject({ code: 0 });
}, 240_000);

test("edits that have to be compiled leave the process as small as it was: the compiler is not in it", async () => {
  const served = serving.start();
  const told = tellingOf(served);
  await until(() => expect(told("offstage.workflow.served")).not.toEqual([]));
  const before = memoryOf(served);
  for (let count = 1; count <= COMPILED; count++) {
    edit(`small${count}`);
    served.child.kill("SIGHUP");
    await until(() => expect(told("offstage.reload.taken")).toHaveLength(count));
  }
  expect(memoryOf(served) - before).toBeLessThan(ROOM);
  expect(await serving.end(served, "SIGTERM")).toMatchObject({ code: 0 });
}, 240_000);

/** What a process has in memory that is its own. Bytes. */
function memoryOf({ child }: CommandProcess): number {
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) * 1024;
}

test("killed again and again while it takes an edit, it goes on with the newest, and no delivery is lost or doubled", async () => {
  let served = serving.start();
  const { done } = sendAll(Array.from({ length: 200 }, (_, index) => index >> 1), SENDERS, deliver);
  for (let kill = 1; kill <= KILLS; kill++) {
    const told = tellingOf(served);
    await until(() => expect(told("offstage.workflow.served")).not.toEqual([]));
    edit(`edition${kill}`);
    served.child.kill("SIGHUP");
    // In the middle of compiling, of taking, or after that.
    await new Promise((resolve) => { setTimeout(resolve, 300 * kill); });
    served = await serving.replace(served);
  }
  await done;
  await deliver(1_000);
  // An event that was accepted is a run only when its turn has come.
  await until(async () => {
    const now = await statuses();
    expect([now.length, now.filter((status) => status === "queued" || status === "running")]).toEqual([101, []]);
  });
  const numbers = said().map((text) => text.split(" ")[0]);
  expect(new Set(numbers).size).toBe(numbers.length);
  // Not the last: what an earlier edition began goes on beside it.
  expect(said()).toContain(`1000 edition${KILLS}`);
  expect(await serving.end(served, "SIGTERM")).toMatchObject({ code: 0 });
}, 240_000);

test("what is edited is noticed: a parked run goes on as it began, the next one as the file is now, under the policy as it is now", async () => {
  edit("old", { wait: 'await waitFor(webhook("github"), { when: (one) => one.body.n === 100 });' });
  const served = serving.start();
  const told = tellingOf(served);
  await deliver(1);
  await until(async () => expect(await statuses()).toEqual(["parked"]));
  edit("new");
  await until(() => expect(told("offstage.reload.taken")).toHaveLength(1));
  await deliver(2);
  await deliver(100);
  await until(() => expect(said().toSorted()).toEqual(["1 old", "100 new", "2 new"]));
  desk.write("offstage.yaml", settings("policy: { rules: [{ verdict: deny }] }\n"));
  await until(() => expect(told("offstage.reload.taken")).toHaveLength(2));
  await deliver(3);
  await until(async () => expect(await statuses()).toEqual(["failed", "succeeded", "succeeded", "succeeded"]));
  // What takes a restart is said, and the rest of the file counts.
  desk.write("offstage.yaml", settings().replace("reload: true", "reload: true, concurrency: 3"));
  await until(() => expect(told("offstage.restart.needed").map(({ body }) => body)).toEqual(["restart `serve` of offstage.yaml changed: this process goes on as it began, a restart takes that"]));
  await deliver(4);
  await until(() => expect(said()).toContain("4 new"));
  expect(await serving.end(served, "SIGTERM")).toMatchObject({ code: 0 });
}, 120_000);

test("a parked run is judged by the name that its workflow has now", async () => {
  edit("old", { wait: 'await waitFor(webhook("github"), { when: (one) => one.body.n === 100 });' });
  const all = createLivingCommands(desk.folder, ["serve", "--log", "json"], { HOOK_SECRET: SECRET });
  const served = all.start();
  try {
    const told = tellingOf(served);
    await deliver(1);
    await until(async () => expect(await statuses()).toEqual(["parked"]));
    const text = readFileSync(join(desk.folder, "workflows/hear.ts"), "utf8");
    desk.write("offstage.yaml", settings("policy: { rules: [{ verdict: approve, workflow: heard }] }\n"));
    desk.write("workflows/heard.ts", text.replace('name: "hear"', 'name: "heard", was: "hear"').replaceAll("old", "new"));
    rmSync(join(desk.folder, "workflows/hear.ts"));
    await until(() => expect(told("offstage.reload.taken")).toHaveLength(1));
    await deliver(100);
    await until(async () => expect(await statuses()).toEqual(["parked", "pending"]));
    expect(said()).toEqual([]);
    expect(await all.end(served, "SIGTERM")).toMatchObject({ code: 0 });
  } finally {
    await all.killAll();
    rmSync(join(desk.folder, "workflows/heard.ts"), { force: true });
  }
}, 60_000);

test("where edits are not to be noticed, SIGHUP takes them", async () => {
  desk.write("offstage.yaml", settings("", false));
  const served = serving.start();
  const told = tellingOf(served);
  await deliver(1);
  edit("B");
  await deliver(2);
  await until(() => expect(said()).toEqual(["1 A", "2 A"]));
  served.child.kill("SIGHUP");
  await until(() => expect(told("offstage.reload.taken")).toHaveLength(1));
  await deliver(3);
  await until(() => expect(said()).toEqual(["1 A", "2 A", "3 B"]));
  expect(await serving.end(served, "SIGTERM")).toMatchObject({ code: 0 });
}, 60_000);

test("a webhook's secret that is changed in its file counts at once; while the file is gone the last one holds, and a line says so", async () => {
  desk.write("offstage.yaml", `webhooks:\n  github: { verify: github, secret: "\${file:hook-secret}" }\nserve: { listen: "127.0.0.1:${port}" }\n`);
  desk.write("hook-secret", `${SECRET}\n`);
  const served = serving.start();
  const told = tellingOf(served);
  await deliver(1);
  desk.write("hook-secret", "the-next-webhook-secret\n");
  const statusOf = async (secret: string): Promise<number> => (await fetch(`http://127.0.0.1:${port}/webhooks/github`, githubDelivery(secret, "d2", '{"n":2}'))).status;
  expect([await statusOf(SECRET), await statusOf("the-next-webhook-secret")]).toEqual([401, 202]);
  renameSync(join(desk.folder, "hook-secret"), join(desk.folder, "elsewhere"));
  expect(await statusOf("the-next-webhook-secret")).toBe(202);
  await until(() => expect(told("offstage.note")).toMatchObject([{ body: expect.stringMatching(/hook-secret .*What it held before is used on\.$/) as unknown }]));
  renameSync(join(desk.folder, "elsewhere"), join(desk.folder, "hook-secret"));
  expect(await serving.end(served, "SIGTERM")).toMatchObject({ code: 0 });
}, 60_000);
