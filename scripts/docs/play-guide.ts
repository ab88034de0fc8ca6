import { execFile } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Fence, readFences } from "./fences.ts";
import { missingFrom, readCommands } from "./quoted-output.ts";

const BIN = join(import.meta.dirname, "../../apps/offstage/bin/offstage.js");

/** A guide and the project that it is played in. */
export interface Guide {
  /** Its file's name, for faults. */
  readonly page: string;
  readonly markdown: string;
  /** Its folder. */
  readonly project: string;
  /** What the page calls otherwise than it is called here. */
  readonly rename?: (command: string) => string;
  /** After each command: its words without `npx offstage`, and all that it printed. */
  readonly after?: (args: readonly string[], printed: string) => void;
}

/**
 * Writes the files of a guide and gives its commands, in its order. Resolves with how many commands were given; throws for the first
 * one that does not print what the page says, and for an edit that finds no place.
 */
export async function playGuide(guide: Guide): Promise<number> {
  let given = 0;
  for (const fence of readFences(guide.markdown)) {
    edit(fence, guide.project);
    if (fence.language !== "console") continue;
    for (const { command, output } of readCommands(fence.text)) {
      const [npx, bin, ...args] = wordsOf(guide.rename?.(command) ?? command);
      if (npx !== "npx" || bin !== "offstage") throw new Error(`${guide.page}:${fence.line}: "${command}" is no command of Offstage.`);
      const printed = await runOffstage(args, guide.project);
      guide.after?.(args, printed);
      const missing = missingFrom(printed, output);
      if (missing !== null) throw new Error(`${guide.page}:${fence.line}\n$ ${command}\nThe guide says:\n${missing}\nIt prints:\n${printed}`);
      given += 1;
    }
  }
  return given;
}

/** One command line, as people give it in a folder: what it prints, whatever it ends with. */
export async function runOffstage(args: readonly string[], cwd: string): Promise<string> {
  const run = promisify(execFile)(process.execPath, [BIN, ...args], { cwd, maxBuffer: 16 << 20 });
  const { stdout, stderr } = await run.catch((error: unknown) => error as { readonly stdout: string; readonly stderr: string });
  return `${stdout}\n${stderr}`;
}

/** Splits as a shell does, as far as guides go: words, and texts in single quotes. */
function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

/** Does with a block's text what its words say: the whole file, lines behind one of its lines, lines at its end, `s/old/new/` in it. */
function edit({ words, text, line }: Fence, project: string): void {
  const option = (name: string): string | undefined => words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  const [whole, part, end, inside] = [option("file"), option("replace"), option("append"), option("edit")];
  if (whole !== undefined) writeFileSync(join(project, whole), `${text}\n`);
  if (end !== undefined) appendFileSync(join(project, end), `${text}\n`);
  if (inside !== undefined) substitute(join(project, inside), text);
  if (part === undefined) return;
  const path = join(project, part);
  const lines = readFileSync(path, "utf8").split("\n");
  const at = lines.findIndex((one) => one.trimStart().startsWith(option("after") ?? "?"));
  if (at === -1) throw new Error(`Line ${line} of the guide: ${part} has no line that begins with ${option("after") ?? "?"}.`);
  writeFileSync(path, lines.toSpliced(at + 1, 0, text).join("\n"));
}

function substitute(path: string, script: string): void {
  const [, before = "", after = ""] = /^s\/(.*)\/(.*)\/$/.exec(script) ?? [];
  const text = readFileSync(path, "utf8");
  if (before === "" || !text.includes(before)) throw new Error(`${path} does not hold "${before}".`);
  writeFileSync(path, text.replace(before, () => after));
}
