import { type Data, OffstageError, parseExact } from "offstage/base";
import { resolveEffect, type Verdict } from "offstage/effects";
import type { LedgerEntry } from "offstage/model";
import { endRestoreDoubt, type RestoreDoubt, restoreDoubt, type Store, type StoreTx } from "offstage/state";
import type { Command } from "commander";
import { byPrefix } from "../by-prefix.ts";
import type { CommandIo } from "../command-io.ts";
import { inProject } from "../command-line.ts";
import { withStore } from "../compose-store.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { openProject } from "../project/load-project.ts";
import { escapeControls, tableText } from "../terminal.ts";
import { personOf } from "../person.ts";

interface ResolveOptions {
  readonly happened?: boolean;
  readonly didNotHappen?: boolean;
  readonly result?: string;
  readonly nothingLost?: boolean;
  readonly by?: string;
}

const MAX_LISTED = 1_000;
/** The newest done writes, among which are those whose results could not be read. */
const MAX_SEARCHED = 100_000;

/** `offstage resolve`: lists what cannot be known; with an effect, says what a person found out. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("[effect]", "the effect's id or its beginning; without it the open ones are listed")
    .option("--happened", "the write happened")
    .option("--did-not-happen", "the write did not happen: it may be attempted again")
    .option("--result <json>", "with --happened: what the tool answered; a record can find it by itself")
    .option("--nothing-lost", "after a restore of the store: nothing was written since the backup, so what it does not know did not happen")
    .option("--by <name>", "who says so")
    .action(io.action((effect: string | undefined, options: ResolveOptions) => withStore(openProject(io), (store) => resolve(io, store, effect, options))));
}

async function resolve(io: CommandIo, store: Store, prefix: string | undefined, options: ResolveOptions): Promise<ExitCode> {
  if (options.nothingLost === true) return trust(io, store, prefix, options);
  const { open, doubt } = await store.transact({ durable: false, reads: true }, async (tx) => ({ open: await openEffects(tx), doubt: await restoreDoubt(tx) }));
  if (prefix === undefined) return list(io, open, doubt);
  if ((options.happened === true) === (options.didNotHappen === true)) {
    throw new OffstageError("USAGE", "Say what happened.", { hint: "Give --happened or --did-not-happen, after looking at the target itself." });
  }
  const effect = byPrefix(open, prefix, { code: "EFFECT_UNKNOWN", noun: "open effect", listing: "offstage resolve" });
  return settle(io, store, effect, verdictOf(io, options), personOf(io, options.by));
}

async function trust(io: CommandIo, store: Store, prefix: string | undefined, options: ResolveOptions): Promise<ExitCode> {
  if (prefix !== undefined || options.happened === true || options.didNotHappen === true) {
    throw new OffstageError("USAGE", "--nothing-lost is about the whole store, not about one write.", { hint: "Give it alone: offstage resolve --nothing-lost" });
  }
  const ended = await endRestoreDoubt(store, { by: personOf(io, options.by), now: io.clock.now() });
  io.answer({ epoch: ended.epoch, restoredAt: ended.restoredAt }, "The store is trusted again: what it does not know did not happen. The next run performs it.");
  return EXIT.fine;
}

/** What a person can tell about: how it ended is not known, or it is done and its result could not be read. */
async function openEffects(tx: StoreTx): Promise<readonly LedgerEntry[]> {
  const unknown = await tx.listEffects({ status: ["ambiguous", "intended"], limit: MAX_LISTED });
  const done = await tx.listEffects({ status: ["done"], limit: MAX_SEARCHED });
  return [...unknown, ...done.filter((entry) => entry.outcome?.kind === "done" && entry.outcome.unreadable && entry.completion === null)];
}

async function settle(io: CommandIo, store: Store, effect: LedgerEntry, verdict: Verdict, by: string): Promise<ExitCode> {
  const entry = await resolveEffect(store, effect.id, verdict, { by, now: io.clock.now() });
  io.answer({ effect: entry.id, status: entry.status }, `${nameOf(effect)} is now ${entry.status}. The next run goes on from there.`);
  return EXIT.fine;
}

function verdictOf(io: CommandIo, options: ResolveOptions): Verdict {
  if (options.happened !== true) return { kind: "did-not-happen" };
  return options.result === undefined ? { kind: "happened" } : { kind: "happened", value: io.redactor.redactData(parseResult(io.redactor.redact(options.result))) };
}

/** Of a text in which no secret stands: a fault quotes a piece of it. */
function parseResult(text: string): Data {
  try {
    return parseExact(text);
  } catch (error) {
    throw new OffstageError("USAGE", `--result: ${(error as Error).message}`, { hint: `Write what the tool answered, as the workflow sees it: --result '{"key": "value"}'.`, cause: error });
  }
}

function list(io: CommandIo, open: readonly LedgerEntry[], doubt: RestoreDoubt | null): ExitCode {
  const rows = open.map((entry) => [entry.id.slice(0, 12), nameOf(entry), `${entry.server}${entry.tool === null ? "" : `.${entry.tool}`}`, entry.status === "done" ? "done, unread" : entry.status, new Date(entry.intendedAt).toISOString()]);
  const table = open.length === 0 ? (doubt === null ? "Nothing is open: every write is known to have happened or not." : "No single write is open.") : tableText([["effect", "what", "call", "status", "sent or to be sent"], ...rows], io.terminal.width);
  const text = doubt === null ? table : `${table}\n\n${inProject(io, doubtText(doubt))}`;
  io.answer({ effects: open, restored: doubt } as unknown as Data, text);
  return open.length === 0 && doubt === null ? EXIT.fine : EXIT.waiting;
}

function doubtText({ restoredAt }: RestoreDoubt): string {
  const when = restoredAt === null ? "" : ` (noticed ${new Date(restoredAt).toISOString()})`;
  return `The store was restored from a backup, or is new where there was another${when}: it may not know all that was written. Each new \`once\` waits\nfor a person until somebody who has looked says: offstage resolve --nothing-lost`;
}

function nameOf(entry: LedgerEntry): string {
  const { identity } = entry;
  switch (identity.kind) {
    case "record":
      return escapeControls(`${identity.record} ${identity.key} ${identity.action}`);
    case "once":
      return escapeControls(identity.key);
    case "start":
      return escapeControls(`start ${identity.scope} ${identity.key}`);
    case "step":
      return escapeControls(identity.step);
  }
}
