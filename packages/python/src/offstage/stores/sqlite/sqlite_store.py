"""The embedded store."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from offstage.base import OffstageError
from offstage.sql import MarkFile, RanBody, StoreMark, run_body, uninterrupted
from offstage.state import Store, StoreTx

from .make_store import FoundStore, make_or_find, meet_past, refuse_migrated
from .same_file import refuse_lost_log, watch_same_file
from .sqlite_connection import SqliteConnection

T = TypeVar("T")

LOCK_TIMEOUT_MS = 5_000
MEMORY = ":memory:"
"""In the place of a file: a store that ends with the process."""


async def open_sqlite_store(file: str | Path, *, now: int, lock_timeout_ms: int = LOCK_TIMEOUT_MS) -> Store:
    """Opens the embedded store, making it when needed. `now`: milliseconds since the epoch. Several processes may have one file open.

    Errors, here and from `transact`: `STORE_LOCKED`, `STORE_FULL`, `STORE_CORRUPT`, `STORE_UNAVAILABLE`, `STORE_MOVED`, `STORE_NEWER`; `NOT_YET`
    for an older one here; `STORE_FOREIGN` and `LEASE_LOST` in `transact` only. After each of them the store holds exactly what was committed
    before.
    """
    path = str(file)
    is_file = path != MEMORY
    if is_file:
        _make_private(path)
        await refuse_lost_log(path, lock_timeout_ms)
    connection = SqliteConnection(path, lock_timeout_ms)
    mark = MarkFile(Path(f"{path}.mark")) if is_file else None
    try:
        found = await make_or_find(connection, path, now=now, new_id=str(uuid4()))
        if found.foreign is None:
            await meet_past(connection, found.id, mark, now)
    except BaseException:
        connection.close()
        raise
    return _SqliteStore(connection, path, found, mark)


class _SqliteStore:
    """Transactions take turns on one connection."""

    def __init__(self, connection: SqliteConnection, file: str, found: FoundStore, mark: MarkFile | None) -> None:
        self._connection = connection
        self._file = file
        self._found = found
        self._mark = mark
        self._turn = asyncio.Lock()
        self._closed = False
        self._assert_same_file = watch_same_file(file) if mark is not None else None

    @property
    def id(self) -> str:
        return self._found.id

    async def transact(
        self, body: Callable[[StoreTx], Awaitable[T]], *, durable: bool, reads: bool = False, fence: int | None = None
    ) -> T:
        return await uninterrupted(self._in_turn(body, durable=durable, reads=reads, fence=fence))

    async def close(self) -> None:
        # As a transaction takes its turn: those that were begun come before.
        await uninterrupted(self._close())

    async def _close(self) -> None:
        async with self._turn:
            if not self._closed:
                self._closed = True
                self._connection.close()

    async def _in_turn(
        self, body: Callable[[StoreTx], Awaitable[T]], *, durable: bool, reads: bool, fence: int | None
    ) -> T:
        async with self._turn:
            if self._closed:
                raise OffstageError("STORE_UNAVAILABLE", f"The store {self._file} was closed already.")
            ran = await self._commit(body, durable=durable, reads=reads, fence=fence)
            # The mark must not know of a token that the store may still forget.
            if ran.handed_out is not None and self._mark is not None and durable:
                self._mark.write(StoreMark(self._found.id, ran.handed_out.fence, ran.handed_out.epoch))
            return ran.result

    async def _commit(
        self, body: Callable[[StoreTx], Awaitable[T]], *, durable: bool, reads: bool, fence: int | None
    ) -> RanBody[T]:
        connection = self._connection
        try:
            # In another language's store nothing is written: it is looked at, and holds nobody up.
            await connection.begin(durable=durable, reads=reads or self._found.foreign is not None)
            if not reads and self._found.foreign is None:
                await refuse_migrated(connection, self._file)
                # Who drives runs writes outside of this store too, and must not do so by a ledger that is gone.
                if fence is not None and self._assert_same_file is not None:
                    self._assert_same_file()
            ran = await run_body(connection, body, fence=fence, refuse_writes=self._found.foreign)
            await connection.commit()
            return ran
        except BaseException:
            connection.rollback()
            raise


def _make_private(file: str) -> None:
    """Arguments and results are in a store: a new one is its owner's alone, and SQLite gives the files beside it the same rights.

    One that is there already keeps its rights; what cannot be made SQLite tells better.
    """
    with suppress(OSError):
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
