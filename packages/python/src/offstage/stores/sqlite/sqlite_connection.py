"""Python's driver behind a `SqlConnection`, with the commands of transactions."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from offstage.base import OffstageError
from offstage.sql import SqlRow, SqlValue

from .sqlite_errors import is_busy, store_error

T = TypeVar("T")

_LONGEST_PAUSE_MS = 25
"""The longest pause between two attempts to get at a busy file."""

_STATEMENTS = 200
"""How many statements stay compiled: more than there are fixed ones; lists with filters come and go."""

_OLDEST = (3, 37, 0)
"""The first that knows strict tables."""


class SqliteConnection:
    """One per store: callers take turns. `lock_timeout_ms` is how long a transaction waits for those of other processes."""

    def __init__(self, file: str, lock_timeout_ms: int) -> None:
        if sqlite3.sqlite_version_info < _OLDEST:
            raise OffstageError(
                "STORE_REFUSED",
                f"This Python's SQLite is {sqlite3.sqlite_version}; a store needs 3.37 or newer.",
                hint="Use another build of Python, or a store in PostgreSQL.",
            )
        self._file = file
        self._lock_timeout_ms = lock_timeout_ms
        self._durable: bool | None = None
        # Another thread waits for the disk in this one's place; nobody else uses the connection meanwhile.
        self._database = self._guard(
            lambda: sqlite3.connect(
                file, timeout=0, isolation_level=None, check_same_thread=False, cached_statements=_STATEMENTS
            )
        )
        self._database.row_factory = sqlite3.Row

    async def all(self, sql: str, parameters: Sequence[SqlValue] = ()) -> list[SqlRow]:
        def look() -> list[SqlRow]:
            return [dict(row) for row in self._database.execute(sql, parameters).fetchall()]

        # Outside of a transaction others may have the file to themselves for a moment: they make the store, or look whether it is closed.
        return self._guard(look) if self._database.in_transaction else await self._patiently(look)

    async def run(self, sql: str, parameters: Sequence[SqlValue] = ()) -> int:
        return self._guard(lambda: self._database.execute(sql, parameters).rowcount)

    def execute(self, sql: str) -> None:
        """Runs a statement without values."""
        self._guard(lambda: self._database.execute(sql).close())

    async def begin(self, *, durable: bool, reads: bool = False) -> None:
        """Begins a transaction, waiting for other processes without blocking this one."""
        if reads:
            await self._ask("BEGIN")
            return
        # Outside a transaction only. FULL waits for the disk at each commit, NORMAL leaves it to the next one that does.
        if self._durable is not durable:
            await self._ask(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._durable = durable
        await self._ask("BEGIN IMMEDIATE")

    async def commit(self) -> None:
        """Ends the transaction; where the disk is waited for, the event loop goes on meanwhile."""
        if self._durable and self._database.in_transaction:
            await asyncio.to_thread(self.execute, "COMMIT")
        else:
            self.execute("COMMIT")

    def rollback(self) -> None:
        """Does nothing when SQLite has rolled back by itself."""
        if self._database.in_transaction:
            self.execute("ROLLBACK")

    async def pragma(self, text: str) -> Any:
        """The first column of a pragma's first row, or None."""
        row = await self._ask(f"PRAGMA {text}")
        return row[0] if row is not None else None

    def close(self) -> None:
        """Closes the file."""
        self._guard(self._database.close)

    async def _ask(self, sql: str) -> Any:
        """The first row of a statement without values."""
        return await self._patiently(lambda: self._database.execute(sql).fetchone())

    async def _patiently(self, work: Callable[[], T]) -> T:
        """Waits with growing pauses, and without blocking this process as SQLite's own busy handler would."""
        pause = waited = 0
        while True:
            try:
                return work()
            except sqlite3.Error as error:
                if not is_busy(error) or waited >= self._lock_timeout_ms:
                    raise store_error(error, self._file) from error
            pause = min(pause + 1, _LONGEST_PAUSE_MS)
            waited += pause
            await asyncio.sleep(pause / 1000)

    def _guard(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except sqlite3.Error as error:
            raise store_error(error, self._file) from error
