import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runDemo } from "./demo.ts";

// The entry of `npm run demo`: the only place of the demo that reads arguments and signals, and that ends the process.

const HELP = `npm run demo [-- OPTIONS]

Offstage on two real MCP servers, against a GitHub and a Jira on this machine.

  --dir DIR           where the project goes (demo/.project); an earlier demo project there is replaced
  --keep              keep both services running at the end, until Ctrl-C
  --non-interactive   never wait for Enter; so it is anyway when this is no terminal
  --help              this text
`;

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGPIPE: 141 } as const;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { dir: { type: "string" }, keep: { type: "boolean", default: false }, "non-interactive": { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const stopping = new AbortController();
  let stopped: number | null = null;
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      stopped ??= code;
      stopping.abort();
    });
  }
  // Whoever read along has gone (`| head`): end in good order instead of being torn down.
  process.stdout.on("error", () => {
    stopped ??= SIGNALS.SIGPIPE;
    stopping.abort();
  });
  const interactive = !values["non-interactive"] && process.stdin.isTTY && process.stdout.isTTY;
  try {
    await runDemo({ dir: values.dir ?? fileURLToPath(new URL(".project", import.meta.url)), interactive, keep: values.keep, signal: stopping.signal });
    return 0;
  } catch (error) {
    // A command that found nobody reading fails for that reason, and we learn of it only by writing.
    const lost = await new Promise<boolean>((resolve) => process.stdout.write("\n", (failure) => resolve(failure instanceof Error)));
    if (stopped !== null || lost) return stopped ?? SIGNALS.SIGPIPE;
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`The demo failed: ${text}\n`);
    return 1;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  process.exitCode = 2;
}
