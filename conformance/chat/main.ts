/**
 * A whole conversation over the real stdio transport of `offstage mcp`, against the demo's servers, with the tools of the whole catalogue before the model: from the sentence to tickets in
 * Jira, to the project, to Python. It is what docs/guides/chat.md shows, and is compared with that; `--write` puts it there.
 *
 * `npm run test:chat [-- --write]`
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Chat, startChat, YES } from "../../apps/offstage/src/testing/chat.ts";
import { type ChatProject, openChatProject } from "./chat-project.ts";
import { bringHome, createTalk, type Turn, workOut } from "./conversation.ts";
import { catalogueTokens, type ReadTokens, readTokens } from "./tokens.ts";
import { transcript } from "./transcript.ts";

const GUIDE = join(import.meta.dirname, "../../docs/guides/chat.md");
const [BEGIN, END] = ["<!-- made by npm run test:chat -- --write -->", "<!-- the end of it -->"];
/** What the issue and the page promise: tokens until the workflow checks, of all tools, of the instructions. */
const [MOST_READ, MOST_TOOLS, MOST_INSTRUCTIONS] = [15_000, 2_000, 400];

const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
const startedAt = performance.now();
const faults: string[] = [];
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const expect = (holds: boolean, promise: string): void => {
  say(`${holds ? "ok    " : "FAULT "} ${promise}`);
  if (!holds) faults.push(promise);
};

const project = await openChatProject();
try {
  const { turns, read } = await converse(project);
  const all = Object.values(read).reduce((sum, tokens) => sum + tokens, 0);
  expect(all < MOST_READ && read.tools < MOST_TOOLS && read.instructions < MOST_INSTRUCTIONS, `${all} tokens until the workflow checks: ${JSON.stringify(read)}`);
  compareGuide(`${transcript(turns)}\n\n${tokenTable(project, read)}`);
} finally {
  await project.close();
}
say(`\n${faults.length === 0 ? "Everything held" : `${faults.length} did not hold`}, in ${Math.round((performance.now() - startedAt) / 1000)} s`);
process.exitCode = faults.length === 0 ? 0 : 1;

async function converse({ folder, emulators }: ChatProject): Promise<{ readonly turns: readonly Turn[]; readonly read: ReadTokens }> {
  let chat: Chat | undefined;
  const talk = createTalk(() => chat as Chat);
  const written = (): number => emulators.jira.requests().filter(({ method, path }) => method !== "GET" && path !== "/search/jql").length;
  const before = written();
  let whenAsked = -1;
  chat = await startChat(folder, { person: (message) => {
    whenAsked = whenAsked < 0 ? written() : whenAsked;
    talk.asked(message, "yes");
    return YES;
  } });
  try {
    await workOut(talk);
    const checks = lastReply(talk.turns);
    expect(checks.includes("leak-tickets: checks"), "the workflow checks after the last mend");
    const read = await readTokens(chat.client, talk.turns);
    await bringHome(talk);
    const leaks = (await emulators.github.pulls()).filter(({ state, title }) => state === "open" && /memory leak/i.test(title));
    const tickets = emulators.jira.issues().length - 2;
    expect(whenAsked === before, "nothing was written before the person was asked");
    expect(tickets === leaks.length && tickets > 0, `${tickets} tickets for ${leaks.length} pull requests`);
    expect(existsSync(join(folder, "workflows/leak-tickets.ts")), "the workflow is the project's");
    expect(existsSync(join(folder, "export/leak-tickets-python/leak_tickets/workflow.py")), "its Python is there");
    return { turns: talk.turns, read };
  } finally {
    await chat.close();
  }
}

function lastReply(turns: readonly Turn[]): string {
  const last = turns.at(-1);
  return last?.who === "tool" ? last.reply.text : "";
}

function tokenTable({ servers, tools }: ChatProject, { instructions, tools: own, language, answers }: ReadTokens): string {
  const all = instructions + own + language + answers;
  const rows = [["instructions", instructions], [`names, descriptions and schemas of all of Offstage's tools`, own], ["`language`, once", language], ["what the calls answered until the workflow checked", answers], ["**together**", all]] as const;
  return [
    `What the model has read by then, with ${servers} servers and ${tools} tools before it (tokens of o200k_base):`, "",
    "| | tokens |", "|---|---:|", ...rows.map(([what, count]) => `| ${what} | ${count} |`), `| the tools of all those servers, handed over | ${catalogueTokens()} |`,
  ].join("\n");
}

function compareGuide(made: string): void {
  const guide = readFileSync(GUIDE, "utf8");
  const [head = "", rest = ""] = guide.split(BEGIN);
  const [shown = "", tail = ""] = rest.split(END);
  const next = `${head}${BEGIN}\n\n${made}\n\n${END}${tail}`;
  if (values.write) writeFileSync(GUIDE, next);
  expect(values.write || numberless(shown.trim()) === numberless(made), "docs/guides/chat.md shows this conversation (npm run test:chat -- --write)");
}

/** Tokens of ids differ a little each time. */
function numberless(text: string): string {
  return text.replaceAll(/\| \**[0-9]+\** \|/g, "| n |");
}
