import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { NO, YES } from "../testing/chat.ts";
import { planIn } from "../testing/desk-chats.ts";
import { createServedStudio, type ServedStudio, STUDIO_TOKENS } from "../testing/served-studio.ts";

const GREET = `import { once, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "greet", description: "d", on: [], limits: { writes: 5 } }, async () => { await once("hello", () => desk.say({ text: "Hello over HTTP" })); });
`;

let served: ServedStudio;
beforeAll(async () => void (served = await createServedStudio()), 60_000);
afterAll(() => served.close());

test("an operator drafts, plans and applies over HTTP what the service then drives", async () => {
  const chat = await served.open({ person: () => YES });
  expect(await chat.call("write", { file: "greet", text: GREET })).toMatchObject({ failed: false });
  const plan = planIn(await chat.call("plan", { workflow: "greet" }));
  const refusing = await served.open({ person: () => NO });
  expect(await refusing.call("apply", { plan })).toMatchObject({ failed: true });
  const mute = await served.open({});
  expect(await mute.call("apply", { plan })).toMatchObject({ failed: true, text: expect.stringContaining(`offstage apply ${plan}`) as string });
  expect(await chat.call("apply", { plan })).toMatchObject({ failed: false, text: expect.stringContaining("1 write") as string });
  expect(served.desk.writes().filter((write) => write.includes("over HTTP"))).toHaveLength(1);
  // Whoever serves has its lease still, and drives on.
  expect(await served.isReady()).toBe(true);
  expect((await chat.call("runs", {})).text).toContain("greet");
  await Promise.all([chat, refusing, mute].map((one) => one.close()));
}, 60_000);

test("what one operator's silent server holds up, another operator does not wait for", async () => {
  // More than are met: processes that begin together may take one for another.
  served.desk.change({ faults: Array.from({ length: 60 }, () => ({ tool: "list_requests", how: "never" as const })) });
  const [ada, ben] = await Promise.all([served.open({}), served.open({}, "BEN")]);
  const held = Array.from({ length: 6 }, () => ben.call("try_read", { tool: "desk.list_requests" }));
  let isAnswered = false;
  for (const one of held) void one.then(() => (isAnswered = true), () => undefined);
  expect((await ben.call("runs", {})).failed).toBe(false);
  expect(await ada.call("try_read", { tool: "desk.find_tickets", args: { label: "r1" } })).toMatchObject({ failed: false });
  expect(isAnswered).toBe(false);
  await Promise.all([ada.close(), ben.close()]);
  await Promise.allSettled(held);
  served.desk.change({ faults: [] });
}, 60_000);

test("a client of the older era is asked over HTTP too, in a session that is its own", async () => {
  const asked: string[] = [];
  const chat = await served.open({ era: "legacy", person: (message) => {
    asked.push(message);
    return asked.length === 1 ? NO : YES;
  } });
  expect(await chat.call("write", { file: "older", text: GREET.replace('"greet"', '"older"').replace("Hello over HTTP", "Hello from before") })).toMatchObject({ failed: false });
  const plan = planIn(await chat.call("plan", { workflow: "older" }));
  expect(await chat.call("apply", { plan })).toMatchObject({ failed: true, text: expect.stringContaining("The person said no") as string });
  expect(await chat.call("apply", { plan })).toMatchObject({ failed: false, text: expect.stringContaining("1 write") as string });
  expect([asked.length, asked.every((message) => message.includes("Hello from before"))]).toEqual([2, true]);
  expect(served.desk.writes().filter((write) => write.includes("from before"))).toHaveLength(1);
  const foreign = await fetch(served.url, { method: "POST", headers: { "content-type": "application/json", accept: "application/json, text/event-stream", authorization: `Bearer ${STUDIO_TOKENS.ADA}`, "mcp-session-id": "00000000-0000-4000-8000-000000000000" }, body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }) });
  expect(foreign.status).toBe(404);
  // What it listens to ends with the service.
  await served.close();
  await chat.close();
}, 60_000);

test.each(["legacy", "modern"] as const)("a run that a person permitted in a chat is left by a service that stops, not ended: %s", async (era) => {
  const one = await createServedStudio();
  try {
    const chat = await one.open({ era, person: () => YES });
    await chat.call("write", { file: "slow", text: GREET.replace('"greet"', '"slow"').replace("import { once,", "import { once, sleep,").replace("; });", '; await sleep("1s"); await once("bye", () => desk.say({ text: "Bye" })); });') });
    const plan = planIn(await chat.call("plan", { workflow: "slow" }));
    const applying = chat.call("apply", { plan }).catch(String);
    // At the full hour the service has writes of its own to make.
    const said = (): readonly string[] => one.desk.writes().filter((write) => write.startsWith("say"));
    await vi.waitUntil(() => said().length > 0, { timeout: 20_000, interval: 5 });
    await one.stop();
    await chat.close();
    expect(await applying).toMatchObject({ text: expect.stringContaining(`The run ${plan} goes on`) as string });
    expect((await one.desk.run("show", plan)).out).not.toContain("cancelled");
    // It may sleep still when it is gone on with first.
    await vi.waitUntil(async () => {
      await one.desk.run("resume", plan);
      return (await one.desk.run("show", plan)).out.includes(": succeeded");
    }, { timeout: 30_000, interval: 200 });
    expect(said()).toHaveLength(2);
  } finally {
    await one.close();
  }
}, 90_000);
