import { setTimeout as wait } from "node:timers/promises";
import { type Clock, isOffstageError, OffstageError } from "../../base/index.ts";
import { createTurnTaking, foreignStore, type MarkFile, markIn } from "../../sql/index.ts";
import type { Store, StoreTx, TransactOptions } from "../../state/index.ts";
import { type Attempt, attempt, type Beginnings, beginningsOf, forgetWriter, wasCommitted, type Writer } from "./attempt.ts";
import { placeOf } from "./connect.ts";
import { migrate, type MigrateOptions } from "./migrate.ts";
import { mayPass } from "./postgres-errors.ts";
import { openSession, type Session } from "./session.ts";
import { meetPlace, refuseOtherPlace, type Whereabouts, whereaboutsOf } from "./whereabouts.ts";

/** What {@link createPostgresStore} needs; see `PostgresStoreOptions`. */
export interface StoreOptions extends Omit<MigrateOptions, "place" | "now"> {
  readonly clock: Pick<Clock, "now">;
  readonly url: string;
  /** Asked at each further connection in the place of `url`: its password may have been rotated. */
  readonly urlNow?: () => string;
  readonly markFile: string | null;
  readonly patienceMs: number;
}

/** Pauses between two tries, in milliseconds: they grow from the first to the second. */
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 500;

/** Opens, migrates and wraps a store in PostgreSQL. Writers take turns on one connection, readers on another, which is opened by the first of them. */
export async function createPostgresStore(options: StoreOptions): Promise<Store> {
  const place = placeOf(options.url);
  const begin = beginningsOf(options.schema, options.lockTimeoutMs);
  const mark = options.markFile === null ? null : markIn(options.markFile);
  const first = await openSession(options.url, place);
  let here: Whereabouts;
  let foreign: OffstageError | null;
  try {
    await migrate(first, { ...options, now: options.clock.now(), place });
    here = await whereaboutsOf(first, options.schema);
    foreign = await foreignIn(first, begin, place);
    if (foreign === null) await meetPlace(first, here, { mark, now: options.clock.now(), begin });
  } catch (error) {
    first.end();
    throw error;
  }
  const connect = async (): Promise<Session> => {
    const session = await openSession(options.urlNow?.() ?? options.url, place);
    try {
      refuseOtherPlace(here, await whereaboutsOf(session, options.schema), place);
      return session;
    } catch (error) {
      session.end();
      throw error;
    }
  };
  const writer: Writer = { id: options.newId(), made: 0 };
  const writing = createLane(connect, first);
  const reading = createLane(connect, null);
  let closed = false;
  return {
    id: here.id,
    transact(how, body) {
      const lane = how.reads === true ? reading : writing;
      return lane.inTurn(() => {
        if (closed) throw new OffstageError("STORE_UNAVAILABLE", `The store at ${place} was closed already.`);
        return transact({ clock: options.clock, lane, begin, writer, foreign, mark, id: here.id, place, patienceMs: options.patienceMs }, how, body);
      });
    },
    async close() {
      await reading.inTurn(async () => reading.end());
      await writing.inTurn(async () => {
        if (!closed && writer.made > 0 && writing.current !== null) await forgetWriter(writing.current, begin, writer).catch(() => undefined);
        closed = true;
        writing.end();
      });
    },
  };
}

/** See {@link foreignStore}. */
async function foreignIn(session: Session, begin: Beginnings, place: string): Promise<OffstageError | null> {
  await session.begin(begin.read);
  const foreign = await foreignStore(session, place);
  await session.execute("COMMIT");
  return foreign;
}

/** A connection that is made again when it is lost, and those who wait for it. */
interface Lane {
  readonly inTurn: <T>(task: () => Promise<T>) => Promise<T>;
  readonly current: Session | null;
  session(): Promise<Session>;
  end(): void;
}

function createLane(connect: () => Promise<Session>, first: Session | null): Lane {
  let session = first;
  return {
    inTurn: createTurnTaking(),
    get current() {
      return session?.lost === false ? session : null;
    },
    async session() {
      if (session === null || session.lost) session = await connect();
      return session;
    },
    end() {
      session?.end();
      session = null;
    },
  };
}

interface Transacting {
  readonly clock: Pick<Clock, "now">;
  readonly lane: Lane;
  readonly begin: Beginnings;
  readonly writer: Writer;
  readonly foreign: OffstageError | null;
  readonly mark: MarkFile | null;
  readonly id: string;
  readonly place: string;
  readonly patienceMs: number;
}

/** Makes a transaction until it is certain what became of it, or patience is over. */
async function transact<T>({ clock, lane, begin, writer, foreign, mark, id, place, patienceMs }: Transacting, how: TransactOptions, body: (tx: StoreTx) => Promise<T>): Promise<T> {
  const begun = performance.now();
  let unknown: Extract<Attempt<T>, { readonly kind: "unknown" }> | null = null;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    let failure: unknown;
    try {
      const session = await lane.session();
      if (unknown !== null && !(await wasCommitted(session, begin, writer, unknown.number))) unknown = null;
      const tried: Attempt<T> = unknown === null ? await attempt(session, begin, writer, { ...how, foreign, now: clock.now() }, body) : { kind: "committed", ran: unknown.ran };
      if (tried.kind === "committed") {
        const { result, handedOut } = tried.ran;
        if (handedOut !== null) mark?.write({ store: id, ...handedOut });
        return result;
      }
      if (tried.kind === "unknown") unknown = tried;
      failure = tried.error;
    } catch (error) {
      // What the body threw, a lease that was lost: no other try would end better. Nothing of such a transaction is stored.
      if (unknown === null && !(isOffstageError(error) && mayPass(error))) throw error;
      if (unknown !== null && isOffstageError(error) && error.cause === undefined) throw error;
      failure = error;
    }
    if (performance.now() - begun >= patienceMs) throw gaveUp(failure, place, unknown !== null);
    await wait(pause);
  }
}

function gaveUp(failure: unknown, place: string, isUnknown: boolean): unknown {
  if (!isUnknown) return failure;
  return new OffstageError("STORE_UNAVAILABLE", `PostgreSQL at ${place} went away in the middle of a commit, and it is not known whether that is stored. It is whole, or not there at all.`, {
    hint: "See that the server runs, then run the same command again: it looks at what is stored, and goes on from there.", cause: failure,
  });
}
