import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** How a demo ended. */
interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the demo for a test, with `dir` for its own files; `onOutput` sees all of its output so far and may interrupt it, or stop reading. */
export async function spawnDemo(dir: string, args: readonly string[], onOutput: (output: string, interrupt: () => void, leave: () => void) => void = () => undefined): Promise<Ended> {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, TMPDIR: dir } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      onOutput(output, () => child.kill("SIGINT"), () => child.stdout.destroy());
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

/** What it made there besides the project. Node keeps a compile cache of the command line there too. */
export function ownFiles(dir: string): readonly string[] {
  return readdirSync(dir).filter((name) => name.startsWith("offstage-demo-"));
}
