import type { Clock, Data, Redactor } from "offstage/base";
import { stringifyExact } from "offstage/base";
import type { Command } from "commander";
import type { Environment } from "./config/environment.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Failure } from "./errors.ts";
import type { ModuleTexts } from "./project/module-texts.ts";
import type { Layout, Terminal } from "./terminal.ts";

/** Everything a command may touch. */
export interface CommandIo {
  readonly terminal: Terminal;
  /** `--json`: the answer is one JSON document on stdout; notes and progress stay on stderr. */
  readonly json: boolean;
  /** `--project DIR`, or null: then the project is looked for from `cwd` upwards. */
  readonly projectFolder: string | null;
  /** What commands are given to, where it is not `offstage`. */
  readonly program?: string;
  /** What commands are called where a model reads of them. */
  readonly asCalled?: (command: string) => string | null;
  /** Where modules of a project are read from; its files without it. */
  readonly texts?: (projectFolder: string) => ModuleTexts;
  /** Runs execute their owner's code. */
  readonly ownCode?: true;
  readonly cwd: string;
  readonly env: Environment;
  /** Aborted by Ctrl-C and by SIGTERM. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** The one of this process: whatever is registered here is kept out of all that is printed. */
  readonly redactor: Redactor;
  /** Prints what the command found, once: `data` in the envelope with `--json`, else `text`, which is data too unless it is said to be prose. */
  answer(data: Data, text: string, layout?: Layout): void;
  /** Makes the action of a command: what it returns ends the process. */
  action<Args extends readonly unknown[]>(run: (...args: Args) => Promise<ExitCode>): (...args: Args) => Promise<void>;
}

/** A module in `commands/`. It is loaded only when its command is asked for. */
export interface CommandModule {
  /** Adds arguments, options and the action to the command, which has its name and summary already. */
  register(command: Command, io: CommandIo): void;
}

/** The version of what `--json` prints. It rises when a field changes its meaning or goes; new fields do not raise it. */
export const ENVELOPE_VERSION = 1;

/** What `--json` prints, always one line. */
export type Envelope =
  | { readonly version: typeof ENVELOPE_VERSION; readonly command: string; readonly ok: true; readonly result: Data }
  | { readonly version: typeof ENVELOPE_VERSION; readonly command: string; readonly ok: false; readonly error: Failure };

/** Integers beyond 2^53-1 keep their digits. */
export function envelopeText(envelope: Envelope): string {
  return stringifyExact(envelope as unknown as Data);
}
