"""Making a store in a schema, and looking at one that is there."""

from typing import NamedTuple

from offstage.base import OffstageError
from offstage.sql import (
    MarkFile,
    StoreSchema,
    begin_epoch,
    claim_store,
    corrupt,
    is_behind,
    read_schema,
    refuse_other_version,
)

from .dialect import quoted
from .session import Session

SCHEMA: StoreSchema = read_schema("postgres")

_LOCK = "pg_advisory_xact_lock(1330005587, hashtext(?))"
"""Numbers of a lock that only those take who make a store: "OFFS", and the schema's name."""

_OLDEST = 140_000
"""The oldest server on which all of this is tried, as PostgreSQL numbers its versions."""

_SERVER = (
    "SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS version, "
    "current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby"
)
_WHERE = """
    SELECT (SELECT meta_value FROM {schema}.meta WHERE name = 'store-id') AS id, concat_ws('/',
      (SELECT system_identifier::text FROM pg_control_system()), substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8),
      (SELECT oid::text FROM pg_database WHERE datname = current_database()), to_regclass(?)::oid::text) AS place,
      to_regclass(?) IS NOT NULL AS arriving"""


class Whereabouts(NamedTuple):
    """Which store this is, and where: the cluster, its history (a number that rises when a standby or a backup becomes the primary), the database and its tables."""

    id: str
    place: str


class Beginnings(NamedTuple):
    """The statements that begin transactions on a schema, each in one message.

    `read` sees one state, and holds nobody up. `write`: writers take turns, in all processes: a place that was given is committed before a
    later one is, and nothing has to be made twice. The lock is taken before anything is looked at, because serialisable transactions see
    the state of their first look. All of them wait for the disk: a server that crashes comes back while this process lives on, and it
    would have forgotten what this process takes for stored. `aside`: for what nothing depends on.
    """

    read: str
    write: str
    aside: str


def beginnings_of(schema: str, lock_timeout_ms: int) -> Beginnings:
    """A process that stops in the middle of a transaction loses its turn before the others lose their patience."""
    path = f"SET LOCAL search_path TO {quoted(schema)}"
    idle = max(1, round(lock_timeout_ms * 0.8))
    return Beginnings(
        read=f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {path}",
        write=(
            f"BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE; {path}; SET LOCAL lock_timeout = '{lock_timeout_ms}ms'; "
            f"SET LOCAL idle_in_transaction_session_timeout = '{idle}ms'; SET LOCAL synchronous_commit = on; "
            f"LOCK TABLE turns_{SCHEMA.version} IN EXCLUSIVE MODE"
        ),
        aside=f"BEGIN; {path}; SET LOCAL synchronous_commit = off",
    )


async def make_or_find(
    session: Session, *, schema: str, place: str, now: int, new_id: str, lock_timeout_ms: int
) -> None:
    """Makes the store in a schema that is empty or not there, whole or not at all; any number of processes may do it at once.

    Errors: `STORE_NEWER`, `NOT_YET` for another version; `STORE_UNAVAILABLE` for a schema that is not ours; `STORE_REFUSED` for a server that does not do.
    """
    await _refuse_other_servers(session, place)
    if await _is_there(session, schema, place):
        return
    try:
        path = f"SET LOCAL search_path TO {quoted(schema)}"
        await session.begin(
            f"BEGIN; SET LOCAL lock_timeout = '{lock_timeout_ms}ms'; SET LOCAL synchronous_commit = on; {path}"
        )
        await session.all(f"SELECT {_LOCK}", [schema])
        if not await _is_there(session, schema, place):
            await _make(session, schema=schema, now=now, new_id=new_id)
        await session.execute("COMMIT")
    except BaseException:
        await session.rollback()
        raise


async def whereabouts_of(session: Session, schema: str) -> Whereabouts:
    """Asks a session where it is. `STORE_CORRUPT` when the store has no id, `STORE_MOVED` when it has not arrived there."""
    ours = quoted(schema)
    row = (await session.all(_WHERE.format(schema=ours), [f"{ours}.meta", f"{ours}.arriving"]))[0]
    if row["id"] is None:
        raise corrupt("The store has no id.")
    if row["arriving"]:
        raise OffstageError(
            "STORE_MOVED",
            "A store is being moved to this database, and has not arrived yet.",
            hint="If nobody moves it now, finish it, or begin anew: offstage migrate --from sqlite --to postgres",
        )
    return Whereabouts(row["id"], row["place"])


def refuse_other_place(before: Whereabouts, now: Whereabouts, place: str) -> None:
    """Refuses a connection that leads to another store, or to another state of it, than this process began with."""
    if before != now:
        raise OffstageError(
            "STORE_UNAVAILABLE",
            f"The store at {place} was replaced while this process used it: a standby took over, or a backup was put in its place. Nothing more is written by this process.",
            hint="Run the same command again: what the store may have forgotten is then asked about, and not done twice.",
        )


async def meet_place(
    session: Session, here: Whereabouts, *, mark: MarkFile | None, now: int, begin: Beginnings
) -> None:
    """Looks whether the store is where it was when it was opened last, and has been no further than it knows, as far as this machine's mark tells.

    If not, it may have forgotten the newest writes (a restored backup, a standby that had not everything), and its epoch rises.
    """
    seen = mark.read() if mark else None

    async def look() -> tuple[bool, bool]:
        rows = await session.all("SELECT place FROM whereabouts")
        is_known = bool(rows) and rows[0]["place"] == here.place
        return is_known, (bool(rows) and not is_known) or (seen is not None and await is_behind(session, here.id, seen))

    try:
        await session.begin(begin.read)
        is_known, forgot = await look()
        await session.execute("COMMIT")
        if is_known and not forgot:
            return
        await session.begin(begin.write)
        # Another process may have opened it meanwhile, and said so.
        is_known, forgot = await look()
        following = await begin_epoch(session, here.id, seen, now) if forgot else None
        if not is_known:
            await session.run(
                "INSERT INTO whereabouts (one, place) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET place = excluded.place",
                [here.place],
            )
        await session.execute("COMMIT")
    except BaseException:
        await session.rollback()
        raise
    if following is not None and mark is not None:
        mark.write(following)


async def _make(session: Session, *, schema: str, now: int, new_id: str) -> None:
    # Asked first: who may not make one may still use one that is there.
    if (await session.all("SELECT to_regnamespace(?)::text AS found", [quoted(schema)]))[0]["found"] is None:
        await session.execute(f"CREATE SCHEMA {quoted(schema)}")
    await session.execute(";\n".join(SCHEMA.statements))
    for number in range(1, SCHEMA.version + 1):
        await session.run("INSERT INTO migrations (number, applied_at) VALUES (?, ?)", [number, now])
    await session.run("INSERT INTO meta (name, meta_value) VALUES ('store-id', ?)", [new_id])
    await claim_store(session)


async def _is_there(session: Session, schema: str, place: str) -> bool:
    ours = quoted(schema)
    found = (
        await session.all(
            "SELECT to_regclass(?) IS NOT NULL AND to_regclass(?) IS NOT NULL AND to_regclass(?) IS NOT NULL AS ours, "
            "(SELECT COUNT(*) FROM pg_catalog.pg_class WHERE relnamespace = to_regnamespace(?)) AS others",
            [f"{ours}.migrations", f"{ours}.meta", f"{ours}.fences", ours],
        )
    )[0]
    if found["ours"]:
        version: int | None = (await session.all(f"SELECT MAX(number) AS last FROM {ours}.migrations"))[0]["last"]
        refuse_other_version(version or 0, SCHEMA.version, place)
        return True
    if found["others"] == 0:
        return False
    raise OffstageError(
        "STORE_UNAVAILABLE",
        f"The schema {schema} of {place} has something in it, but no store of Offstage.",
        hint="Give another name in store.schema of offstage.yaml; this schema was left as it is.",
    )


async def _refuse_other_servers(session: Session, place: str) -> None:
    row = (await session.all(_SERVER))[0]
    if int(row["number"]) < _OLDEST:
        raise OffstageError(
            "STORE_REFUSED",
            f"PostgreSQL at {place} is version {row['version']}; a store needs {_OLDEST // 10_000} or newer.",
            hint="Update the server, or name another one.",
        )
    if row["encoding"] != "UTF8":
        raise OffstageError(
            "STORE_REFUSED",
            f"The database {place} has the encoding {row['encoding']}; a store needs UTF8.",
            hint="Make a database for it: createdb --encoding UTF8 --template template0 offstage",
        )
    if row["standby"]:
        raise OffstageError(
            "STORE_UNAVAILABLE",
            f"PostgreSQL at {place} is a standby and takes no writes.",
            hint="Name the primary in store.postgres of offstage.yaml.",
        )
