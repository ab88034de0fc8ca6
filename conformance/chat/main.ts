/**
 * A whole conversation over the real stdio transport of `offstage mcp`, against the demo's servers, with the tools of the whole catalogue before the model: from the sentence to tickets in
 * Jira, to the project, to Python. It is what docs/guides/chat.md shows; `--write` puts it there.
 *
 * `npm run test:chat [-- --write]`
 */
import { startChat, YES, type Chat } from "../../apps/offstage/src/testing/chat.ts";
import { openChatProject } from "./chat-project.ts";
import { bringHome, createTalk, workOut } from "./conversation.ts";

const project = await openChatProject();
let chat: Chat | undefined;
try {
  const talk = createTalk(() => chat as Chat);
  chat = await startChat(project.folder, { person: (message) => { talk.asked(message, "yes"); return YES; } });
  await workOut(talk);
  await bringHome(talk);
  for (const turn of talk.turns) console.log(JSON.stringify(turn, null, 1).replaceAll("\\n", "\n").replaceAll('\\"', '"'));
} finally {
  await chat?.close();
  await project.close();
}
