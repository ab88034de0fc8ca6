import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Chat, startChat, YES } from "../testing/chat.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

const GREET = `import { each, once, workflow } from "offstage";
import { desk } from "#servers";

export default workflow({ name: "greet", description: "Greets every request.", on: [], limits: { writes: 20 } }, async () => {
  const { requests } = await desk.list_requests({});
  await each(requests, { key: (request) => request.id }, async (request) => {
    await once(\`greet:\${request.id}\`, () => desk.say({ text: \`Hello \${request.title}\` }));
  });
  return requests.length;
});
`;

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
afterAll(() => desk.remove());
beforeEach(() => desk.reset());

async function chatting<T>(options: Parameters<typeof startChat>[1], use: (chat: Chat) => Promise<T>): Promise<T> {
  const chat = await startChat(desk.folder, options);
  try {
    return await use(chat);
  } finally {
    await chat.close();
  }
}

describe.each(["modern", "legacy"] as const)("a chat in the %s era", (era) => {
  test("works a workflow out, plans it, and applies it when the person says so", async () => {
    await chatting({ era, person: () => YES }, async (chat) => {
      const trace: string[] = [];
      const step = async (...call: Parameters<Chat["call"]>): Promise<string> => {
        const { text, failed } = await chat.call(...call);
        trace.push(`> ${JSON.stringify(call)}${failed ? " FAILED" : ""}\n${text}`);
        return text;
      };
      await step("find_tools", { words: "list requests" });
      await step("try_read", { tool: "desk.list_requests" });
      await step("read", {});
      await step("write", { file: "workflows/greet.ts", text: GREET.replace("await once", "once") });
      await step("write", { file: "workflows/greet.ts", old: "    once(", new: "    await once(" });
      const plan = await step("plan", { workflow: "greet" });
      const id = /apply with plan (\S+);/.exec(plan)?.[1] ?? "";
      await step("apply", { plan: id });
      await step("runs", { run: "last" });
      await step("adopt", { file: "workflows/greet.ts" });
      await step("export", { workflow: "greet", target: "python" });
      console.log(trace.join("\n\n"), chat.asked);
      expect(desk.writes()).toHaveLength(2);
    });
  });
});
