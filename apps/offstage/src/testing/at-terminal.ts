import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { COMMAND_BIN } from "./command-process.ts";

/** Whether this machine has `script` of util-linux, which gives a program a terminal. */
export const HAS_TERMINAL = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") === true;

/** Gives a command at a terminal of 80 columns, where somebody answers its question with `answer`; what they saw, and how it ended. */
export async function runAtTerminal(folder: string, argv: readonly string[], answer: string): Promise<{ readonly code: number | null; readonly seen: string }> {
  const words = [process.execPath, COMMAND_BIN, ...argv].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ");
  const child = spawn("script", ["--quiet", "--return", "--command", `stty columns 80; ${words}`, "/dev/null"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  let seen = "";
  let isAnswered = false;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    seen += text;
    // Whoever types before they are asked is not heard.
    if (isAnswered || !seen.includes("Only 'yes' is accepted")) return;
    isAnswered = true;
    child.stdin.write(`${answer}\n`);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, seen };
}
