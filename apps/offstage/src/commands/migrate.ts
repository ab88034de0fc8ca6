import type { Command } from "commander";
import { OffstageError } from "offstage/base";
import type { CommandIo } from "../command-io.ts";
import { inProject } from "../command-line.ts";
import { moveToPostgres } from "../compose-migration.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { openProject } from "../project/load-project.ts";
import { tableText } from "../terminal.ts";

interface MigrateOptions {
  readonly from?: string;
  readonly to?: string;
}

/** `offstage migrate`: moves the store to another database, whole. */
export function register(command: Command, io: CommandIo): void {
  command
    .option("--from <kind>", "where the store is: sqlite")
    .option("--to <kind>", "where it is to go: postgres, as offstage.yaml names it")
    .action(io.action((options: MigrateOptions) => migrate(io, options)));
}

async function migrate(io: CommandIo, { from, to }: MigrateOptions): Promise<ExitCode> {
  if (from === undefined || to === undefined) throw new OffstageError("USAGE", "It has to be said from where to where the store is moved.", { hint: "offstage migrate --from sqlite --to postgres" });
  if (from !== "sqlite" || to !== "postgres") throw new OffstageError("NOT_YET", `A store is not moved from ${from} to ${to} yet.`, { hint: "This is: offstage migrate --from sqlite --to postgres" });
  const { place, tables } = await moveToPostgres(openProject(io), (progress) => io.terminal.progress(progress.kind === "copying" ? `copying ${progress.table} …` : `${progress.kind} …`));
  const rows = tables.map(({ table, rows: count, sha256 }) => [table, String(count), sha256.slice(0, 16)]);
  const total = tables.reduce((sum, table) => sum + table.rows, 0);
  io.answer({ to: place, tables: tables.map((table) => ({ ...table })) }, `${tableText([["table", "rows", "sha256"], ...rows])}\n${inProject(io, `${total} rows are in PostgreSQL at ${place}, each table by count and hash as it was. The file is left: it is a copy of how things were, and takes nothing any more.`)}`);
  return EXIT.fine;
}
