import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Chat, startChat, YES } from "../testing/chat.ts";
import { startCommand } from "../testing/command-process.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

const GREET = `import { each, once, workflow } from "offstage";
import { desk } from "#servers";

export default workflow({ name: "greet", description: "Greets every request.", on: [], limits: { writes: 20 } }, async () => {
  const { requests } = await desk.list_requests({});
  await each(requests, { key: (request) => request.id }, async (request) => {
    await once(\`greet:\${request.id}\`, () => desk.say({ text: \`Hello \${request.title}\` }));
  });
});
`;

let desk: DeskProject;
const chats: Chat[] = [];
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
afterAll(async () => {
  await Promise.all(chats.map((chat) => chat.close()));
  desk.remove();
});
beforeEach(() => desk.reset());

async function open(options: Parameters<typeof startChat>[1] = {}): Promise<Chat> {
  const chat = await startChat(desk.folder, options);
  chats.push(chat);
  return chat;
}

test("beside a service that drives the store, what is applied is handed over to it, and made once", async () => {
  const service = startCommand(desk.folder, ["serve", "tickets"], null);
  try {
    const chat = await open({ person: () => YES });
    await chat.call("write", { file: "greet", text: GREET });
    const plan = /apply with plan (\S+);/.exec((await chat.call("plan", { workflow: "greet" })).text)?.[1];
    const [one, other] = await Promise.all([chat.call("apply", { plan }), chat.call("apply", { plan })]);
    // The second one was asked about too, and goes on with the same run, or is told that it was applied.
    expect([one, other].filter(({ failed }) => !failed).length).toBeGreaterThan(0);
    expect(desk.writes().filter((write) => write.startsWith("say"))).toHaveLength(2);
    expect(service.child.exitCode).toBeNull();
  } finally {
    service.child.kill("SIGTERM");
    expect((await service.ended).code).toBe(0);
  }
}, 60_000);

test("when its client goes, or it is told to end, it ends, and no server of its is left", async () => {
  for (const end of [(chat: Chat) => chat.close(), async (chat: Chat) => { chat.terminate(); await chat.close(); }]) {
    const chat = await open();
    expect(await chat.call("try_read", { tool: "desk.list_requests" })).toMatchObject({ failed: false });
    await end(chat);
    await vi.waitUntil(() => !isRunning(chat.pid) && serversOf(desk.folder).length === 0, { timeout: 20_000, interval: 50 });
  }
}, 60_000);

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Processes that were started with the state of this project's desk. */
function serversOf(folder: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(join(folder, "desk.json"));
    } catch {
      return false;
    }
  });
}

test("a server that dies is told, and the chat goes on", async () => {
  const chat = await open({ person: () => YES });
  desk.change({ faults: [{ tool: "list_requests", how: "die" }] });
  expect(await chat.call("try_read", { tool: "desk.list_requests" })).toMatchObject({ failed: true, text: expect.stringContaining("SERVER_EXITED") as string });
  expect(await chat.call("try_read", { tool: "desk.list_requests" })).toMatchObject({ failed: false });
}, 60_000);
