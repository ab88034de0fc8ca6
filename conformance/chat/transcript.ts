import { join } from "node:path";
import type { Turn } from "./conversation.ts";

const ROOT = join(import.meta.dirname, "../..");
/** Lines of one answer that are shown. */
const SHOWN_LINES = 14;
/** Characters of one line. */
const WIDTH = 180;

/** What differs each time: ids, marks, instants, ports, folders, how long something took. */
const CHANGING: readonly (readonly [pattern: RegExp, shown: string])[] = [
  [/(<\/?data )[0-9a-f]{8}>/g, "$1…>"],
  [/\b[0-9a-z]{9}-[0-9a-z]{8}\b/g, "RUN"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "2026-11-27T09:00:00.000Z"],
  [/(localhost|127\.0\.0\.1):\d+/g, "$1:4001"],
  [/\S*\/offstage-chat-[A-Za-z0-9]+\/project/g, "DIR"],
  [/in \d+(\.\d+)? ?m?s\b/g, "in 1 s"],
  [new RegExp(`${ROOT}/?`, "g"), "…/"],
];

/** A conversation as people read it: what each said, each call with its answer, what the client asked. */
export function transcript(turns: readonly Turn[]): string {
  return turns.map(turnText).join("\n\n");
}

/** A text with what differs each time put in its place by something that stays the same. */
export function settled(text: string): string {
  return CHANGING.reduce((said, [pattern, shown]) => said.replaceAll(pattern, shown), text);
}

function turnText(turn: Turn): string {
  switch (turn.who) {
    case "person":
      return `**You:** ${turn.text}`;
    case "model":
      return `**Model:** ${turn.text}`;
    case "client":
      return `**The client asks you**, and you answer *${turn.answer}*:\n\n${fenced(turn.asked)}`;
    case "tool":
      return `\`${turn.name}\` ${argumentsText(turn.args)}\n\n${fenced(turn.reply.text)}`;
  }
}

/** A text that is written stands below its call, as it is. */
function argumentsText({ text, ...args }: Readonly<Record<string, unknown>>): string {
  const short = Object.keys(args).length === 0 ? "" : `\`${settled(JSON.stringify(args))}\``;
  return typeof text === "string" ? `${short}\n\n${fenced(text, Infinity, "js")}` : short;
}

/**
 * Text may hold fences of its own. What was written is no example of ours: a guide's are in `ts`.
 * Settled before it is cut: where a line ends would depend on how long this checkout's folder and the ports are.
 */
function fenced(text: string, most = SHOWN_LINES, language = "text"): string {
  const all = settled(text).split("\n").map((line) => (line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line));
  const lines = all.length <= most ? all : [...all.slice(0, most), `… ${all.length - most} more lines`];
  return `\`\`\`\`${language}\n${lines.join("\n").trimEnd()}\n\`\`\`\``;
}
