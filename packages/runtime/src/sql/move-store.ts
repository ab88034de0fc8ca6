import { OffstageError } from "../base/index.ts";
import { copyTable, type MovedTable, sumTable, type TableSum } from "./move-tables.ts";
import type { SqlConnection } from "./prepared-query.ts";

/** Where a store went. */
export interface MovedTo {
  /** Tells this move from others. */
  readonly move: string;
  /** Server, database and schema, without user and password. */
  readonly place: string;
  readonly at: number;
}

/** A store that is to be moved. While it is open nobody writes in it. */
export interface MoveSource {
  readonly id: string;
  /** null: it was not moved yet. */
  readonly movedTo: MovedTo | null;
  readonly connection: SqlConnection;
  readonly tables: readonly MovedTable[];
  /** Durably makes it one that nobody writes in any more, and says where it went. */
  leave(to: MovedTo): Promise<void>;
}

/** What is at the place where a store is to go. `arriving`: a move got that far; nobody uses it until the move is finished. */
export type FoundTarget = { readonly kind: "empty" } | { readonly kind: "arriving"; readonly move: string } | { readonly kind: "store"; readonly id: string };

/** Where a store is to go. */
export interface MoveTarget {
  readonly place: string;
  look(): Promise<FoundTarget>;
  /** Begins a transaction in which all tables are there, and empty. What an earlier move left there is gone in it. */
  begin(): Promise<SqlConnection>;
  /** Commits it as `arriving`. Places go on after the last that were given. */
  arrive(move: string, tables: readonly MovedTable[]): Promise<void>;
  /** Begins a transaction that only reads. */
  read(): Promise<SqlConnection>;
  /** From now on it is a store like any other. */
  finish(): Promise<void>;
}

/** How far a move is. */
export type MoveProgress = { readonly kind: "copying"; readonly table: string } | { readonly kind: "checking" } | { readonly kind: "arrived" } | { readonly kind: "left" };

/** What {@link moveStore} needs besides both ends. */
export interface MoveOptions {
  readonly newId: () => string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly tell: (progress: MoveProgress) => void;
}

/**
 * Moves everything that a store holds to another database, and checks each table by count and hash. At no moment both can be driven: the copy is
 * refused by everybody until the source has said, durably, that it was left. A move that was killed before that left the source as it
 * was, and is begun anew; one that was killed after that is finished by the next. Errors: `STORE_MOVED` when something else is at the target,
 * or the source went elsewhere; `STORE_CORRUPT` when the copy is not what was read.
 */
export async function moveStore(source: MoveSource, target: MoveTarget, { newId, now, tell }: MoveOptions): Promise<readonly TableSum[]> {
  const found = await target.look();
  if (source.movedTo !== null) return finishMove(source, source.movedTo, target, found);
  if (found.kind === "store") {
    throw new OffstageError("STORE_MOVED", `There is a store at ${target.place} already: nothing is moved over it.`, { hint: "Name another schema in store.schema of offstage.yaml; or drop that one, when nothing in it matters." });
  }
  const connection = await target.begin();
  const sums: TableSum[] = [];
  for (const table of source.tables) {
    tell({ kind: "copying", table: table.name });
    sums.push(await copyTable(source.connection, connection, table));
  }
  tell({ kind: "checking" });
  await assertSums(connection, source.tables, sums);
  const move = newId();
  await target.arrive(move, source.tables);
  tell({ kind: "arrived" });
  await source.leave({ move, place: target.place, at: now });
  tell({ kind: "left" });
  await target.finish();
  return sums;
}

async function finishMove(source: MoveSource, to: MovedTo, target: MoveTarget, found: FoundTarget): Promise<readonly TableSum[]> {
  const isOurs = (found.kind === "arriving" && found.move === to.move) || (found.kind === "store" && found.id === source.id && to.place === target.place);
  if (!isOurs) {
    throw new OffstageError("STORE_MOVED", `The store was moved to ${to.place} at ${new Date(to.at).toISOString()}, and is not moved to ${target.place}.`, { hint: `Name ${to.place} in store.postgres of offstage.yaml.` });
  }
  const sums: TableSum[] = [];
  for (const table of source.tables) sums.push(await sumTable(source.connection, table));
  // One that is driven already is further than the source.
  if (found.kind === "arriving") {
    await assertSums(await target.read(), source.tables, sums);
    await target.finish();
  }
  await source.leave(to);
  return sums;
}

async function assertSums(connection: SqlConnection, tables: readonly MovedTable[], sums: readonly TableSum[]): Promise<void> {
  for (const [index, table] of tables.entries()) {
    const copied = await sumTable(connection, table);
    const read = sums[index];
    if (copied.rows === read?.rows && copied.sha256 === read.sha256) continue;
    throw new OffstageError("STORE_CORRUPT", `The table ${table.name} was not copied as it is: ${read?.rows} rows were read, ${copied.rows} are there, and their hashes are ${read?.sha256.slice(0, 12)} and ${copied.sha256.slice(0, 12)}.`, { hint: "Nothing was moved. See the logs of the server, and give the same command again." });
  }
}
