import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Run } from "offstage/model";
import { openSqliteStore } from "offstage/stores/sqlite";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sampleRun } from "../../../../packages/runtime/src/testing/store-samples.ts";
import { createSystemClock } from "../system-clock.ts";
import { createDeskProject, type DeskProject, SETTINGS } from "../testing/desk-project.ts";

// Runs that wait, as a person at a terminal meets them, over a real server with a memory.

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
  desk.write("workflows/nap.ts", `import { once, sleep, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "nap", on: [], inputs: { text: "late" } }, async ({ inputs }) => {
  await once("early", () => desk.say({ text: "early" }));
  await sleep("90d");
  await once("late", () => desk.say({ text: inputs.text }));
});
`);
  desk.write("workflows/ask.ts", `import { approve, once, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "ask", on: [], inputs: { version: "1" } }, async ({ inputs }) => {
  const { outcome, by } = await approve({ message: "Say \\u001b[2J it?", show: { version: inputs.version }, by: ["ada", "bob"], within: "2d" });
  if (outcome === "approved") await once("say", () => desk.say({ text: "by " + (by ?? "nobody") }));
  return outcome;
});
`);
  desk.write("workflows/say.ts", `import { once, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "say", on: [] }, async () => {
  await once("said", () => desk.say({ text: "said" }));
});
`);
  desk.write("workflows/take.ts", `import { once, webhook, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "take", on: [webhook("shop", (event) => event.body.n > 0)] }, async ({ event }) => {
  if (event?.kind !== "webhook") return null;
  await once(\`order:\${String(event.body.n)}\`, () => desk.say({ text: \`order \${String(event.body.n)} of \${Object.keys(event).join(" ")}\` }));
  return event.body.n;
});
`);
  desk.write("workflows/hear.ts", `import { once, parallel, queue, waitFor, webhook, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "hear", on: [], inputs: { more: false } }, async ({ inputs }) => {
  const hear = async () => {
    const merged = await waitFor(webhook("github"), { when: (e) => e.body.action === "merged", within: "2d" });
    if (merged !== null) await once("say", () => desk.say({ text: merged.headers["x-by"] ?? "nobody" }));
    return merged === null ? null : merged.body.n;
  };
  if (inputs.more) return await parallel({ hook: hear, job: async () => (await waitFor(queue("jobs")))?.attempt });
  return await hear();
});
`);
}, 60_000);
beforeEach(() => desk.reset());
afterAll(() => desk.remove());

/** Runs that events started and that failed, by what they brought. */
async function keepFailed(events: Readonly<Record<string, Run["event"]>>, status: Run["status"] = "failed"): Promise<void> {
  const store = await openSqliteStore({ file: join(desk.folder, ".offstage/store.db"), clock: createSystemClock() });
  await store.transact({ durable: true }, async (tx) => {
    for (const [id, event] of Object.entries(events)) await tx.putRun(sampleRun({ id, workflow: "take", scope: "take", status, event }));
  });
  await store.close();
}

/** Lets the time come for which the runs of the store wait. */
async function timeComes(): Promise<void> {
  const store = await openSqliteStore({ file: join(desk.folder, ".offstage/store.db"), clock: createSystemClock() });
  await store.transact({ durable: true }, async (tx) => {
    for (const wait of await tx.listWaits({ limit: 99 })) await tx.putWait({ ...wait, until: wait.since });
  });
  await store.close();
}

test("a run that waits ends its command with 4, says for what, until when, and how it goes on", async () => {
  const parked = await desk.run("run", "nap");
  expect(parked.code).toBe(4);
  const id = /Run (\S+) is parked: 1 write so far\./.exec(parked.out)?.[1] ?? "";
  expect(parked.out).toMatch(/Waits for:\n {2}sleep 90d, over at \d{4}-\d\d-\d\dT[0-9:.]+Z\nIt goes on from here, when that has come: offstage resume /);
  expect(parked.out).toContain(`offstage resume ${id}`);
  expect((await desk.run("runs")).out).toMatch(/nap +run +parked +1/);
  expect((await desk.run("show", id)).out).toMatch(/^Run \S+ of nap: parked\n[^]*Waits for:\n {2}sleep 90d/);
  expect((await desk.json("show", id)).document.result.run).toMatchObject({ id, status: "parked", waits: [{ kind: "sleep", step: "sleep#1", label: "sleep 90d" }] });
});

test("resume says what a run waits for, and goes on with it when its time has come", async () => {
  expect(await desk.run("resume")).toMatchObject({ code: 0, out: "No run waits.\n" });
  const { run } = (await desk.json("run", "nap")).document.result;
  expect(await desk.run("resume", run.id)).toMatchObject({ code: 4, out: expect.stringContaining("sleep 90d, over at") as string });
  expect(await desk.json("resume")).toMatchObject({ code: 4, document: { result: { runs: [{ id: run.id, status: "parked" }] } } });
  await timeComes();
  const resumed = await desk.run("resume", run.id.slice(0, -2));
  expect(resumed).toMatchObject({ code: 0, out: expect.stringContaining(`Run ${run.id} succeeded`) as string });
  expect(desk.state().said).toEqual(["early", "late"]);
  expect(await desk.run("resume", run.id)).toMatchObject({ code: 2, err: expect.stringMatching(/error USAGE: .* does not wait.*\nhint: /) as string });
  expect((await desk.run("resume", "nothing")).err).toContain("error RUN_UNKNOWN");
});

test("resume without a run goes on with all whose time has come", async () => {
  await desk.run("run", "nap", "--input", "text=one");
  await timeComes();
  expect(await desk.run("resume")).toMatchObject({ code: 0, out: expect.stringContaining(" succeeded ") as string });
  expect(desk.state().said).toEqual(["early", "one"]);
});

test("the next run of any workflow goes on with those whose time has come", async () => {
  const { run } = (await desk.json("run", "nap")).document.result;
  await timeComes();
  expect((await desk.run("run", "announce")).code).toBe(0);
  expect((await desk.json("show", run.id)).document.result.run.status).toBe("succeeded");
});

test("what a workflow asks is listed with what it shows, answered by those it names, and its run goes on", async () => {
  const parked = await desk.run("run", "ask");
  expect(parked).toMatchObject({ code: 4, out: expect.stringMatching(/Waits for:\n {2}Say .* it\?, to be answered until \S+: offstage approve \S+, or deny\n/) as string });
  const listed = await desk.run("approve");
  expect(listed.code).toBe(4);
  expect(listed.out).toMatch(/^(\S+) {2}Say .* it\?\n {4}asked by ask since \S+, until \S+, by ada, bob\n {4}\{\n {6}"version": "1"\n {4}\}\n\nTo permit: offstage approve <request>/);
  expect(listed.out + parked.out).not.toContain("\u001b");
  const id = /^\S+/.exec(listed.out)?.[0] ?? "";
  expect(await desk.json("approve")).toMatchObject({ code: 4, document: { result: { requests: [], approvals: [{ id, kind: "approval", show: { version: "1" } }] } } });
  expect((await desk.run("approve", id, "--by", "eve")).err).toMatch(/error ANSWER_NOT_ALLOWED: eve may not answer this; ada, bob may\.\nhint: /);
  expect(await desk.run("approve", "all", "--by", "eve")).toMatchObject({ code: 0, out: "Nothing waits for a person.\n" });
  const answered = await desk.run("approve", id, "--by", "ada");
  expect(answered).toMatchObject({ code: 0, err: expect.stringContaining('"version": "1"') as string, out: expect.stringContaining(" succeeded ") as string });
  expect(desk.state().said).toEqual(["by ada"]);
  expect((await desk.json("run", "ask")).document.result.run).toMatchObject({ status: "succeeded", output: "approved" });
});

test("runs that are answered together go on each, and none is run again because another one's answer drove it", async () => {
  for (const version of ["1", "2", "3"]) await desk.run("run", "ask", "--input", `version=${version}`);
  const answered = await desk.json("approve", "all", "--by", "ada");
  expect(answered.document.result.runs.map(({ status }) => status)).toEqual(["succeeded", "succeeded", "succeeded"]);
  const { runs } = (await desk.json("runs")).document.result;
  expect(runs.map(({ id }) => id).toSorted()).toEqual(answered.document.result.runs.map(({ id }) => id).toSorted());
});

test("deny answers a workflow too, and --later lets its run go on later", async () => {
  await desk.run("run", "ask");
  expect(await desk.run("deny", "all", "--by", "bob")).toMatchObject({ code: 0, out: expect.stringContaining(" succeeded ") as string });
  await desk.run("run", "ask", "--input", "version=2");
  expect(await desk.run("approve", "all", "--by", "bob", "--later")).toMatchObject({ code: 0, out: expect.stringMatching(/^Permitted: Say .* it\?\.\n$/) as string });
  expect(desk.state().said).toEqual([]);
  expect((await desk.run("resume")).code).toBe(0);
  expect(desk.state().said).toEqual(["by bob"]);
});

test("an event that a person offers is kept, looked at, and the run goes on with it", async () => {
  const parked = await desk.run("run", "hear");
  expect(parked).toMatchObject({ code: 4, out: expect.stringMatching(/Waits for:\n {2}an event of the webhook github, until \S+Z: offstage resume \S+ --event <file>\n/) as string });
  const id = /offstage resume (\S+) --event/.exec(parked.out)?.[1] ?? "";
  desk.write("other.json", `{ "headers": {}, "body": { "action": "opened" } }`);
  expect(await desk.run("resume", id, "--event", "other.json")).toMatchObject({ code: 4, err: expect.stringMatching(/Offered as an event of webhook:github to hear#2\/waitFor#1\.[^]*hear#2\/waitFor#1 looked at it: it is not the event that it waits for\./) as string, out: expect.stringContaining("is parked") as string });
  expect(await desk.run("resume", id, "--event", "other.json")).toMatchObject({ code: 4, err: expect.stringContaining("was offered before") as string });
  desk.write("merged.json", `\ufeff{ "headers": { "X-By": "ada" }, "body": { "action": "merged", "n": 9007199254740993 } }`);
  const { code, document } = await desk.json("resume", id, "--event", "merged.json");
  expect([code, document.result.run]).toMatchObject([0, { id, status: "succeeded" }]);
  expect(desk.state().said).toEqual(["ada"]);
  expect(await desk.run("resume", id, "--event", "merged.json")).toMatchObject({ code: 2, err: expect.stringMatching(/error EVENT_UNWANTED: .* at its end, succeeded/) as string });
});

test("of several sources it has to be said which one an event is of", async () => {
  const { run } = (await desk.json("run", "hear", "--input", "more=true")).document.result;
  desk.write("merged.json", `{ "body": { "action": "merged", "n": 1 } }`);
  expect(await desk.run("resume", run.id, "--event", "merged.json")).toMatchObject({ code: 2, err: expect.stringMatching(/error USAGE: .*queue:jobs, webhook:github[^]*--topic queue:jobs/) as string });
  expect((await desk.run("resume", run.id, "--event", "merged.json", "--topic", "webhook:github")).code).toBe(4);
  expect((await desk.run("resume", run.id, "--event", "merged.json", "--event-id", "job-1")).code).toBe(0);
});

const REFUSED = [
  ["EVENT_INVALID", ["--event", "broken.json"], /broken\.json holds is no event: This is not JSON/],
  ["EVENT_INVALID", ["--event", "list.json"], /not a JSON object/],
  ["EVENT_INVALID", ["--event", "null.json"], /not a JSON object/],
  ["EVENT_INVALID", ["--event", "bare.json"], /no member "action"/],
  ["EVENT_INVALID", ["--event", "bytes.json"], /not UTF-8/],
  ["EVENT_INVALID", ["--event", "deep.json"], /nests more than 256/],
  ["EVENT_INVALID", ["--event", "large.json"], /larger than 10 MiB/],
  ["EVENT_UNWANTED", ["--event", "good.json", "--topic", "queue:jobs"], /no event of queue:jobs/],
  ["USAGE", ["--event", "none.json"], /none\.json cannot be read/],
  ["USAGE", ["--topic", "queue:jobs"], /there is none/],
] as const;

test("what cannot be offered is refused by what is wrong with it, and the run waits on", async () => {
  const { run } = (await desk.json("run", "hear")).document.result;
  desk.write("broken.json", "{");
  desk.write("list.json", "[]");
  desk.write("null.json", "null");
  desk.write("bare.json", `{ "action": "merged" }`);
  desk.write("good.json", `{ "body": 1 }`);
  desk.write("deep.json", "[".repeat(100_000));
  desk.write("large.json", `{ "body": "${"x".repeat(10 << 20)}" }`);
  writeFileSync(join(desk.folder, "bytes.json"), Uint8Array.from([0x22, 0xff, 0x22]));
  for (const [code, args, message] of REFUSED) {
    const refused = await desk.run("resume", run.id, ...args);
    expect(refused).toMatchObject({ code: 2, out: "", err: expect.stringMatching(new RegExp(`error ${code}: .*${message.source}[^]*\nhint: `)) as string });
    expect((await desk.json("show", run.id)).document.result.run.status).toBe("parked");
  }
});

test("an event is offered to one run, which has to be there", async () => {
  desk.write("good.json", `{ "body": 1 }`);
  expect((await desk.run("resume", "--event", "good.json")).err).toContain("error USAGE: An event is offered to one run.");
  expect((await desk.run("resume", "nothing", "--event", "good.json")).err).toContain("error RUN_UNKNOWN");
});

test("a run that is to be gone on with later, by the policy's time, begins at once when a person names it, and reads anew", async () => {
  const [later] = new Date(Date.now() + 3 * 86_400_000).toUTCString().toLowerCase().split(",");
  desk.write("offstage.yaml", `${SETTINGS}policy: { rules: [{ verdict: wait, tool: say, outside: { days: ${later}, timezone: UTC } }] }\n`);
  expect((await desk.run("run", "announce")).code).toBe(4);
  const [waits] = (await desk.json("runs")).document.result.runs;
  expect((await desk.run("resume")).code).toBe(4);
  desk.write("offstage.yaml", SETTINGS);
  expect([waits?.status, (await desk.run("resume")).code, desk.writes()]).toEqual(["parked", 4, []]);
  expect([(await desk.run("resume", waits?.id ?? "")).code, desk.writes().length]).toEqual([0, 2]);
});

test("a run that is named goes on from an end that left something, once, and its story says as which", async () => {
  await desk.run("pause", "all");
  const { document } = await desk.json("run", "say");
  const { id } = (document.result as { readonly run: { readonly id: string } }).run;
  await desk.run("unpause", "all");
  expect(await desk.run("resume", id)).toMatchObject({ code: 0, out: expect.stringContaining("succeeded") as string });
  const [next] = ((await desk.json("runs", "--limit", "1")).document.result as { readonly runs: readonly { readonly id: string }[] }).runs;
  const told = (await desk.run("show", id)).out;
  expect(told).toContain(`went on   as ${next?.id ?? ""}: succeeded`);
  expect(told).toContain("Held when it ended:");
  expect(told).not.toContain("unpause");
  expect(await desk.run("resume", id)).toMatchObject({ code: 2, err: expect.stringContaining(`it went on as ${next?.id ?? ""}, which is at its end, succeeded`) as string });
  expect(desk.writes()).toHaveLength(1);
});

test("an event that a run failed at is given to the workflow as it is now: planned, then run, once, and by whoever asks", async () => {
  const shop = (n: number, source = "shop"): Run["event"] => ({ kind: "webhook", source, headers: {}, body: { n } });
  await desk.run("runs");
  await keepFailed({ "failed-at-7": shop(7), "failed-at-0": shop(0), "failed-elsewhere": shop(1, "other"), "called-by-hand": { kind: "call", by: "bob" } });
  expect(await desk.run("plan", "take", "--event-of", "failed-at-7")).toMatchObject({ code: 0, out: expect.stringContaining("order 7 of kind source headers body") as string });
  expect(desk.writes()).toEqual([]);
  const { document } = await desk.json("run", "take", "--event-of", "failed-at-7");
  expect(document.result.run).toMatchObject({ status: "succeeded", output: 7, event: { kind: "webhook", body: { n: 7 }, by: expect.any(String) as string } });
  expect(await desk.run("run", "take", "--event-of", "failed-at-7")).toMatchObject({ code: 0 });
  expect(desk.writes()).toEqual(['say {"text":"order 7 of kind source headers body"}']);
  expect((await desk.run("show", document.result.run.id)).out).toMatch(/webhook shop, once more by \S+/);
  await keepFailed({ "parked-at-9": shop(9) }, "parked");
  expect(await desk.run("plan", "take", "--event-of", "parked-at-9")).toMatchObject({ code: 0, out: expect.stringContaining("order 9") as string });
  for (const [run, why] of [["parked-at-9", "is not over: it is parked, and has that event still"], ["failed-at-0", "The filter of take does not want"], ["failed-elsewhere", "does not listen to what started run failed-elsewhere: the webhook other"], ["called-by-hand", "No event started run called-by-hand: somebody called it."]] as const) {
    expect(await desk.run("run", "take", "--event-of", run)).toMatchObject({ code: 2, err: expect.stringContaining(why) as string });
  }
});
