import type { Data } from "offstage/base";
import type { Told } from "offstage/studio";
import type { CommandIo } from "../command-io.ts";
import { type Failure, failureOf, inItsProject, printFailure } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { createTerminal } from "../terminal.ts";
import { briefTold } from "./brief-told.ts";
import { asCalled, withoutCarets } from "./for-models.ts";

/** Columns of what a model, or a person in a chat, reads: a value of a plan is cut there. */
const WIDTH = 110;

/** Does what a command does, and takes what it prints and says. What it fails with is told in its words. `shape`: what of its data is needed. */
export async function collect(io: CommandIo, signal: AbortSignal, run: (io: CommandIo) => Promise<ExitCode>, shape: (data: Data) => Data = (data) => data): Promise<Told> {
  const [stdout, stderr] = [streamOf(), streamOf()];
  let data: Data = null;
  const terminal = { ...createTerminal({ stdout, stderr, noColor: true, redactor: io.redactor, now: () => io.clock.now() }), width: WIDTH, progress: () => undefined };
  const inside: CommandIo = {
    ...io, signal, terminal, json: false, asCalled,
    answer(found, text) {
      data = shape(io.redactor.redactData(found));
      terminal.print(text);
    },
  };
  try {
    const exit = await run(inside);
    return briefTold({ ok: exit === EXIT.fine, text: withoutCarets(stdout.text()), data, notes: withoutCarets(stderr.text()) });
  } catch (error) {
    printFailure(inItsProject(withPath(failureOf(signal.aborted ? signal.reason : error)), inside), terminal);
    return briefTold({ ok: false, text: withoutCarets(stdout.text()), data, notes: withoutCarets(stderr.text()) });
  }
}

/** Who starts a session hands its PATH on, and a desktop's is short. */
function withPath(failure: Failure): Failure {
  const command = failure.code === "SERVER_START" ? /: the command "(.*)" was not found\.$/s.exec(failure.message)?.[1] : undefined;
  return command === undefined ? failure : { ...failure, hint: `${command} is not on the PATH that the client gave: \`offstage mcp --print-config <client>\` prints a configuration that has it. Or install it, or correct its "command" in mcp.json.` };
}

function streamOf(): { write(text: string): void; text(): string } {
  let written = "";
  return { write: (text) => void (written += text), text: () => written.trimEnd() };
}
