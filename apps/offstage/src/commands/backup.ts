import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { OffstageError } from "offstage/base";
import { backUpSqliteStore, movedNote } from "offstage/stores/sqlite";
import type { CommandIo } from "../command-io.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { openProject } from "../project/load-project.ts";
import { escapeControls } from "../terminal.ts";

/** As long as any command waits for another one's transaction. */
const LOCK_TIMEOUT_MS = 5_000;

/** `offstage backup <file>`: one state of the store, in a file of its own. */
export function register(command: Command, io: CommandIo): void {
  command.argument("<file>", "where the backup goes; nothing may be there yet").action(io.action((file: string) => backup(io, file)));
}

async function backup(io: CommandIo, given: string): Promise<ExitCode> {
  const { settings } = openProject(io);
  const { file, postgres } = settings.store;
  if (postgres !== null) throw new OffstageError("USAGE", "The store is in PostgreSQL, which has backups of its own.", { hint: `Use pg_dump --schema=${postgres.schema}, or your database's own snapshots.` });
  if (!existsSync(file)) throw new OffstageError("USAGE", `There is no store at ${file} yet.`, { hint: "A store is made by the first command that needs one, such as a run." });
  if (existsSync(movedNote(file))) throw new OffstageError("STORE_MOVED", `The store ${file} was moved to another database; nothing of it is backed up here.`, { hint: "Name the database in store.postgres of offstage.yaml, and use its own backups." });
  const to = resolve(io.cwd, given);
  if (existsSync(to)) throw new OffstageError("USAGE", `There is a file at ${to} already.`, { hint: "Name another place; a backup never replaces anything." });
  io.terminal.progress("copying the store …");
  const bytes = await backUpSqliteStore({ file, to, now: io.clock.now(), lockTimeoutMs: LOCK_TIMEOUT_MS });
  io.answer({ file: to, bytes }, escapeControls(`The store is in ${to} (${bytes} bytes), whole and on the disk. It holds what runs were given and what servers answered: keep it as you keep the store.`));
  return EXIT.fine;
}
