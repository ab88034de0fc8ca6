import type { Command } from "commander";
import { OffstageError } from "offstage/base";
import { countPrunable, pruneStore } from "offstage/host";
import { decideLease } from "offstage/state";
import { compactSqliteStore } from "offstage/stores/sqlite";
import type { CommandIo } from "../command-io.ts";
import { withStore } from "../compose-store.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { holderIsAlive, thisProcess } from "../lease-holder.ts";
import { counted } from "../output/counted.ts";
import { blobsText, prunedText } from "../output/pruned-text.ts";
import { openProject, type Project } from "../project/load-project.ts";

interface PruneOptions {
  readonly dryRun?: true;
  readonly compact?: true;
}

/** As long as any command waits for another one's transaction. */
const LOCK_TIMEOUT_MS = 5_000;
/** Others that use the store have their turns in between. */
const PAUSE_MS = 2;

/** `offstage prune`: removes what is over for longer than `retention:` says, as `serve` does by itself. */
export function register(command: Command, io: CommandIo): void {
  command
    .option("--dry-run", "say how much would be removed, and remove nothing")
    .option("--compact", "then give the freed space back to the disk; nobody may drive the store meanwhile")
    .action(io.action((options: PruneOptions) => prune(io, options)));
}

async function prune(io: CommandIo, { dryRun, compact }: PruneOptions): Promise<ExitCode> {
  const project = openProject(io);
  const { retention, store: settings } = project.settings;
  if (compact === true && dryRun === true) throw new OffstageError("USAGE", "--compact changes the store, and --dry-run nothing: give one of them.");
  if (compact === true && settings.postgres !== null) throw new OffstageError("USAGE", "A store in PostgreSQL is not compacted from here: its autovacuum makes the space free for what comes.", { hint: "To give it back to the disk, use VACUUM FULL, or pg_repack while others use the store." });
  if (dryRun === true) {
    const found = await withStore(project, (store) => countPrunable({ store, clock: io.clock, retention }));
    const staying = found.staying === 0 ? [] : [`${counted(found.staying, "run")} as old would stay: what goes on, waits for a person, is in doubt, or ended later.`];
    const unnamed = found.blobs === 0 ? [] : [`${blobsText(found)} that nothing names would be removed${found.runs === 0 ? "" : ", besides those that only these runs name"}.`];
    io.answer({ ...found }, [`${counted(found.runs, "run")} would be removed${found.runs === 0 ? "" : ", with all that belongs to it"}.`, ...staying, ...unnamed].join(" "));
    return EXIT.fine;
  }
  const pruned = await withStore(project, (store) => pruneStore({ store, clock: io.clock, retention, stopping: io.signal, pauseMs: PAUSE_MS, progress: ({ runs }) => io.terminal.progress(`removed ${counted(runs, "run")} …`) }));
  const space = compact === true && !io.signal.aborted ? await compactStore(io, project) : null;
  io.answer({ pruned: { ...pruned }, ...(space === null ? {} : { space }) }, [`Removed: ${prunedText(pruned)}.`, ...(space === null ? [] : [`The store has ${space.after} bytes, and had ${space.before}.`])].join("\n"));
  return EXIT.fine;
}

async function compactStore(io: CommandIo, project: Project): Promise<{ readonly before: number; readonly after: number }> {
  io.terminal.progress("writing the store anew …");
  const isHeld = (lease: Parameters<typeof decideLease>[0]): boolean => decideLease(lease, thisProcess(), io.clock.now(), holderIsAlive) === "wait";
  return compactSqliteStore({ file: project.settings.store.file, lockTimeoutMs: LOCK_TIMEOUT_MS, isHeld });
}
