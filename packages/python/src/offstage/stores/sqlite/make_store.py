"""Making a store in a file, and looking at one that is there."""

import json
from typing import Any, NamedTuple

from offstage.base import OffstageError
from offstage.sql import (
    APPLICATION_ID,
    MarkFile,
    begin_epoch,
    claim_store,
    corrupt,
    foreign_store,
    is_behind,
    read_schema,
    refuse_other_version,
)

from .sqlite_connection import SqliteConnection
from .sqlite_errors import store_moved

SCHEMA = read_schema("sqlite")

_CHECKPOINT_PAGES = 400
"""How long the log grows before it is folded into the file: as TypeScript's, where it was measured."""

_CHECKED_BYTES = 16 << 20
"""Looking through a store takes about 2.5 ms a megabyte."""

_LOOK = (
    "SELECT EXISTS (SELECT 1 FROM sqlite_schema) AS made, (SELECT user_version FROM pragma_user_version) AS version, "
    "(SELECT application_id FROM pragma_application_id) AS application"
)

BACKUP_NOTE = "backup-of"
"""Stands in a backup, and in no store. Its value: when it was made, ms."""


class FoundStore(NamedTuple):
    """A store of this version. `foreign`: what writes are refused with when another language made it."""

    id: str
    foreign: OffstageError | None


async def make_or_find(connection: SqliteConnection, file: str, *, now: int, new_id: str) -> FoundStore:
    """Makes the store in an empty file, whole or not at all; several processes may do it at once, and one of them does.

    Errors: `STORE_NEWER`, `NOT_YET` for another version; `STORE_UNAVAILABLE` for a database that is not ours; `STORE_MOVED`; `STORE_CORRUPT`,
    which is looked for in stores up to 16 MB.
    """
    # Looked at before anything is changed, the journal mode included: a file that is not ours stays as it is.
    version = await _version_of(connection, file)
    mode = await connection.pragma("journal_mode = WAL")
    if mode not in ("wal", "memory"):
        raise OffstageError(
            "STORE_UNAVAILABLE",
            f"The store {file} cannot keep a write-ahead log (its journal mode stays {mode}).",
            hint="Put the store on a local disk; network file systems do not do.",
        )
    await connection.pragma(f"wal_autocheckpoint = {_CHECKPOINT_PAGES}")
    if version == 0:
        await connection.begin(durable=True)
        try:
            if await _version_of(connection, file) == 0:
                await _make(connection, now=now, new_id=new_id)
            await connection.commit()
        except BaseException:
            connection.rollback()
            raise
    await _check_whole(connection, file)
    rows = await connection.all("SELECT meta_value FROM meta WHERE name = 'store-id'")
    if not rows:
        raise corrupt(f"The store {file} has no id.")
    await _refuse_moved(connection, file)
    return FoundStore(rows[0]["meta_value"], await foreign_store(connection, file))


async def meet_past(connection: SqliteConnection, id: str, mark: MarkFile | None, now: int) -> None:
    """Looks whether the store has been further than it knows: it is a backup, or an older state of it was put in its place.

    Then its epoch rises, because what it does not know may have happened, and fencing tokens go on where they were.
    """
    if not await _forgot(connection, id, mark):
        return
    await connection.begin(durable=True)
    try:
        # Another process may have opened it meanwhile, and said so.
        if not await _forgot(connection, id, mark):
            connection.rollback()
            return
        await connection.run("DELETE FROM meta WHERE name = ?", [BACKUP_NOTE])
        following = await begin_epoch(connection, id, mark.read() if mark else None, now)
        await connection.commit()
    except BaseException:
        connection.rollback()
        raise
    if mark is not None:
        mark.write(following)


async def refuse_migrated(connection: SqliteConnection, file: str) -> None:
    """Refuses (`STORE_NEWER`) to write on in a store that another version migrated while this process had it open: rows mean something else now."""
    version = (await connection.all("PRAGMA user_version"))[0]["user_version"]
    if version != SCHEMA.version:
        raise OffstageError(
            "STORE_NEWER",
            f"The store {file} was brought to version {version} while this process used it, and this package knows version {SCHEMA.version}. Nothing more is written by this process.",
            hint="Update this package too, then start it again: every process of a store has to be of one version.",
        )


async def _forgot(connection: SqliteConnection, id: str, mark: MarkFile | None) -> bool:
    seen = mark.read() if mark else None
    if seen is not None and await is_behind(connection, id, seen):
        return True
    return bool(await connection.all("SELECT 1 FROM meta WHERE name = ?", [BACKUP_NOTE]))


async def _make(connection: SqliteConnection, *, now: int, new_id: str) -> None:
    for statement in SCHEMA.statements:
        connection.execute(statement)
    for number in range(1, SCHEMA.version + 1):
        await connection.run("INSERT INTO migrations (number, applied_at) VALUES (?, ?)", [number, now])
    await connection.run("INSERT INTO meta (name, meta_value) VALUES ('store-id', ?)", [new_id])
    await claim_store(connection)
    await connection.pragma(f"application_id = {APPLICATION_ID}")
    await connection.pragma(f"user_version = {SCHEMA.version}")


async def _check_whole(connection: SqliteConnection, file: str) -> None:
    """A damaged index would hide a row of the ledger, and its write would be made again: so small stores are looked through at each opening."""
    size: int = await connection.pragma("page_count") * await connection.pragma("page_size")
    if size > _CHECKED_BYTES:
        return
    found = await connection.pragma("integrity_check(1)")
    if found != "ok":
        raise corrupt(f"The store {file} is damaged ({found}).")


async def _refuse_moved(connection: SqliteConnection, file: str) -> None:
    if not await connection.all("SELECT 1 FROM sqlite_schema WHERE name = 'moved'"):
        return
    rows = await connection.all("SELECT note FROM moved")
    note: Any = json.loads(rows[0]["note"]) if rows else None
    raise store_moved(file, note["place"]) if note else store_moved(file)


async def _version_of(connection: SqliteConnection, file: str) -> int:
    # In one statement, so that what is seen is of one moment: another process may make the store meanwhile.
    seen = (await connection.all(_LOOK))[0]
    version: int = seen["version"]
    if seen["application"] != APPLICATION_ID:
        if version != 0 or seen["application"] != 0 or seen["made"]:
            raise OffstageError(
                "STORE_UNAVAILABLE",
                f"{file} is a database, but not a store of Offstage.",
                hint="Give another path for the store; this file was left as it is.",
            )
        return 0
    if version < 1:
        raise corrupt(f"The store {file} has lost its version.")
    refuse_other_version(version, SCHEMA.version, file)
    return version
