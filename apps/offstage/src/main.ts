import { createRedactor, type Data, OffstageError, type Redactor } from "offstage/base";
import { Command, CommanderError } from "commander";
import { type CommandIo, ENVELOPE_VERSION, envelopeText } from "./command-io.ts";
import { COMMANDS } from "./commands.ts";
import { type Environment, readEnvironment } from "./config/environment.ts";
import { CallEndError, exitCodeOfFailure, failureOf, inItsProject, printFailure } from "./errors.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { createInterruption } from "./interruption.ts";
import { guardProcess } from "./guard-process.ts";
import { createSystemClock } from "./system-clock.ts";
import { adoptedTexts } from "./studio/draft-shelf.ts";
import { createTerminal, type OutputStream } from "./terminal.ts";
import { cliVersion } from "./version.ts";

/** What a command line runs in; tests bring their own. */
export interface World {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Environment;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Absent: a new one. */
  readonly redactor?: Redactor;
  /** What commands are given to, where it is not `offstage`. */
  readonly program?: string;
  /** Runs execute their owner's code, `workflows/own/`, whoever drives them: an exported package is its owner's. */
  readonly ownCode?: true;
}

/** How a write fails when nobody reads any more, and each one after it. */
const CLOSED: ReadonlySet<string> = new Set(["EPIPE", "ERR_STREAM_DESTROYED"]);

/** Runs one command line (without `node` and the script) and returns what the process ends with. Never throws. */
export async function main(argv: readonly string[], given: Partial<Pick<World, "cwd" | "program" | "ownCode">> = {}): Promise<ExitCode> {
  const interrupt = new AbortController();
  const stop = createInterruption({
    now: () => performance.now(),
    first: () => interrupt.abort(new OffstageError("CANCELLED", "Interrupted.")),
    second: () => process.exit(EXIT.interrupted),
  });
  process.on("SIGINT", stop).on("SIGTERM", stop);
  const redactor = createRedactor();
  guardProcess(redactor);
  // `offstage runs | head` closes the pipe early: that is no failure, and what the command does is done to its end. A watch has none.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (!CLOSED.has(error.code ?? "")) process.exit(EXIT.failed);
    if (argv.includes("--watch")) process.exit(EXIT.fine);
  });
  // Nobody reads how it goes on (`2>&1 | head`, a terminal that is gone): a run does not die of that.
  process.stderr.on("error", () => undefined);
  try {
    return await runCommandLine(argv, { stdout: process.stdout, stderr: process.stderr, env: readEnvironment(), cwd: process.cwd(), signal: interrupt.signal, redactor, ...given });
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

/** The command line over a given world: parses, loads the one command that is asked for, catches once. */
export async function runCommandLine(argv: readonly string[], world: World): Promise<ExitCode> {
  const flags = readFlags(argv);
  const redactor = world.redactor ?? createRedactor();
  const clock = createSystemClock();
  const noColor = (world.env["NO_COLOR"] ?? "") !== "" || world.env["TERM"] === "dumb";
  const terminal = createTerminal({ ...world, noColor, redactor, now: () => clock.now() });
  let exitCode: ExitCode = EXIT.fine;
  const io: CommandIo = {
    terminal, clock, redactor, texts: adoptedTexts, json: flags.json, projectFolder: flags.project, cwd: world.cwd, env: world.env, signal: world.signal, ...(world.program === undefined ? {} : { program: world.program }), ...(world.ownCode === undefined ? {} : { ownCode: world.ownCode }),
    answer: (data: Data, text, layout) => (flags.json ? terminal.print(envelopeText({ version: ENVELOPE_VERSION, command: flags.command ?? "", ok: true, result: redactor.redactData(data) }), "json") : terminal.print(text, layout)),
    action: (run) => async (...args) => {
      exitCode = await run(...args);
    },
  };
  try {
    if (flags.command !== null && !COMMANDS.some((entry) => entry.name === flags.command)) throw unknownCommand(flags.command);
    const program = await createProgram(io, flags.command);
    if (argv.length === 0) program.help();
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return EXIT.fine;
    const failure = inItsProject(failureOf(world.signal.aborted && !(thrown instanceof CallEndError) ? world.signal.reason : thrown instanceof CommanderError ? usageError(thrown, flags.command) : thrown), io);
    if (flags.json) terminal.print(envelopeText({ version: ENVELOPE_VERSION, command: flags.command ?? "", ok: false, error: failure }), "json");
    else printFailure(failure, terminal);
    return exitCodeOfFailure(failure);
  }
}

/** All commands are listed; only the one that is asked for is loaded. */
async function createProgram(io: CommandIo, asked: string | null): Promise<Command> {
  const program = new Command(io.program ?? "offstage")
    .description("Rehearse an integration in chat; run it offstage, without the model.")
    .version(cliVersion(), "-V, --version", "print the version")
    .option("--json", "answer with one versioned JSON document")
    .option("--project <dir>", "the project's folder (default: the nearest one with mcp.json or offstage.yaml)")
    .configureHelp({ showGlobalOptions: true })
    .helpCommand("help [command]", "show how a command is used")
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.terminal.print(text.trimEnd()), writeErr: () => undefined });
  for (const { name, summary, load } of COMMANDS) {
    const command = program.command(name).summary(summary).description(summary);
    if (name === asked) (await load()).register(command, io);
  }
  return program;
}

/** The global flags, read before commander does: they decide how commander's own faults are told. */
function readFlags(argv: readonly string[]): { readonly json: boolean; readonly project: string | null; readonly command: string | null } {
  let json = false;
  let project: string | null = null;
  const words: string[] = [];
  for (let at = 0; at < argv.length && argv[at] !== "--"; at++) {
    const word = argv[at] ?? "";
    if (word === "--json") json = true;
    else if (word === "--project") project = argv[++at] ?? null;
    else if (word.startsWith("--project=")) project = word.slice("--project=".length);
    else if (!word.startsWith("-")) words.push(word);
  }
  return { json, project, command: (words[0] === "help" ? words[1] : words[0]) ?? null };
}

function unknownCommand(name: string): OffstageError {
  const near = COMMANDS.filter((entry) => entry.name.startsWith(name.slice(0, 2))).map((entry) => `offstage ${entry.name}`);
  return new OffstageError("USAGE", `There is no command "${name}".`, { hint: near.length === 0 ? "`offstage --help` lists the commands." : `Did you mean: ${near.join(", ")}?` });
}

function usageError(error: CommanderError, command: string | null): OffstageError {
  // Commander would print its help then, to a stream that nobody reads.
  if (error.code === "commander.help") return new OffstageError("USAGE", "No command is given.", { hint: "`offstage --help` lists the commands." });
  const [first = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const suggestion = rest.join(" ").trim().replace(/^\((.*)\)$/, "$1");
  return new OffstageError("USAGE", first, { hint: suggestion === "" ? command === null ? "`offstage --help` lists the commands." : `\`offstage help ${command}\` shows how it is used.` : suggestion });
}
