import { type Chat, type ChatOptions, type ChatReply, startChat } from "./chat.ts";

/** The text of a workflow `greet` over the desk: two writes, with the requests that it has at first. */
export const greet = (text = "Hello"): string => `import { each, once, workflow } from "offstage";
import { desk } from "#servers";

export default workflow({ name: "greet", description: "Greets every request.", on: [], limits: { writes: 20 } }, async () => {
  const { requests } = await desk.list_requests({});
  await each(requests, { key: (request) => request.id }, async (request) => {
    await once(\`greet:\${request.id}\`, () => desk.say({ text: \`${text} \${request.title}\` }));
  });
  return requests.length;
});
`;

/** And of one that starts another, which may be a draft. */
export const starts = (child: string): string => `import { start, workflow } from "offstage";
import child from "./${child}.ts";

export default workflow({ name: "greet", description: "Starts another.", on: [] }, async () => {
  await start(child, "today", {});
});
`;

/** A workflow that a test drafts. */
export interface NamedDraft {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

/** The chats of a test file with one project of a desk. */
export interface DeskChats {
  open(options?: ChatOptions): Promise<Chat>;
  /** A workflow under a name that is used once: what one test drafts or adopts, another one does not see. `text` calls it `greet`. */
  named(text?: string): NamedDraft;
  /** Ends those that were opened. */
  close(): Promise<void>;
}

/** `folder` is asked when a chat is opened: the project may be made later. */
export function createDeskChats(folder: () => string): DeskChats {
  const opened: Chat[] = [];
  let count = 0;
  return {
    async open(options = {}) {
      const chat = await startChat(folder(), options);
      opened.push(chat);
      return chat;
    },
    named(text = greet()) {
      const name = `greet-${++count}`;
      return { name, file: `workflows/${name}.ts`, text: text.replace('name: "greet"', `name: "${name}"`).replaceAll("`greet:", `\`${name}:`) };
    },
    async close() {
      await Promise.all(opened.splice(0).map((chat) => chat.close()));
    },
  };
}

/** The plan that a reply offers to apply; "" when it offers none. */
export function planIn({ text }: ChatReply): string {
  return /apply with plan (\S+);/.exec(text)?.[1] ?? "";
}
