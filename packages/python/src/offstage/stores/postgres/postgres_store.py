"""A store in PostgreSQL."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from offstage.base import OffstageError
from offstage.sql import MarkFile, RanBody, StoreMark, foreign_store, uninterrupted
from offstage.state import Store, StoreTx

from .attempt import Asked, Committed, InDoubt, Writer, attempt, forget_writer, was_committed
from .make_store import (
    Beginnings,
    Whereabouts,
    beginnings_of,
    make_or_find,
    meet_place,
    refuse_other_place,
    whereabouts_of,
)
from .postgres_errors import may_pass
from .session import Session, open_session, place_of

T = TypeVar("T")

SCHEMA_NAME = "offstage"
LOCK_TIMEOUT_MS = 5_000
PATIENCE_MS = 50_000
"""A process that serves counts as stuck after a minute."""

_FIRST_PAUSE_MS = 10
_LONGEST_PAUSE_MS = 500


async def open_postgres_store(
    url: str,
    *,
    now: int,
    schema: str = SCHEMA_NAME,
    mark_file: Path | None = None,
    lock_timeout_ms: int = LOCK_TIMEOUT_MS,
    patience_ms: int = PATIENCE_MS,
) -> Store:
    """Opens a store in PostgreSQL 14 or newer, making it when needed. Any number of processes may have one store open.

    `url`: `postgresql://user:password@host:port/database`, with libpq's parameters; its password is in no message. `mark_file`: remembers on this
    machine how far the store has been. `patience_ms`: how long a transaction waits for a server that is away; opening does not wait. A
    transaction whose connection breaks, or that the server asks to make again, is made again: also when the answer to its COMMIT was
    lost, once it is certain that it was not committed.

    Errors, here and from `transact`: `STORE_UNAVAILABLE`, `STORE_REFUSED`, `STORE_LOCKED`, `STORE_FULL`, `STORE_CORRUPT`, `STORE_MOVED`, `STORE_NEWER`; `NOT_YET`
    for an older store here; `STORE_FOREIGN` and `LEASE_LOST` in `transact` only. After each of them the store holds whole transactions;
    when the server went away for longer than patience lasts, the last one may be among them.
    """
    place = place_of(url)
    begin = beginnings_of(schema, lock_timeout_ms)
    mark = MarkFile(mark_file) if mark_file is not None else None
    first = await open_session(url, place)
    try:
        await make_or_find(
            first, schema=schema, place=place, now=now, new_id=str(uuid4()), lock_timeout_ms=lock_timeout_ms
        )
        here = await whereabouts_of(first, schema)
        foreign = await _foreign_in(first, begin, place)
        if foreign is None:
            await meet_place(first, here, mark=mark, now=now, begin=begin)
    except BaseException:
        await first.end()
        raise

    async def connect() -> Session:
        session = await open_session(url, place)
        try:
            refuse_other_place(here, await whereabouts_of(session, schema), place)
        except BaseException:
            await session.end()
            raise
        return session

    return _PostgresStore(here, begin, place, patience_ms, foreign, mark, _Lane(connect, first), _Lane(connect, None))


class _Lane:
    """A connection that is made again when it is lost, and those who wait for it."""

    def __init__(self, connect: Callable[[], Awaitable[Session]], first: Session | None) -> None:
        self._connect = connect
        self._session = first
        self.turn = asyncio.Lock()

    @property
    def current(self) -> Session | None:
        return None if self._session is None or self._session.lost else self._session

    async def session(self) -> Session:
        session = self.current
        if session is None:
            session = self._session = await self._connect()
        return session

    async def end(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.end()


class _PostgresStore:
    """Writers take turns on one connection, readers on another, which is opened by the first of them."""

    def __init__(
        self,
        here: Whereabouts,
        begin: Beginnings,
        place: str,
        patience_ms: int,
        foreign: OffstageError | None,
        mark: MarkFile | None,
        writing: _Lane,
        reading: _Lane,
    ) -> None:
        self._here = here
        self._begin = begin
        self._place = place
        self._patience_ms = patience_ms
        self._foreign = foreign
        self._mark = mark
        self._writing = writing
        self._reading = reading
        self._writer = Writer(str(uuid4()))
        self._closed = False

    @property
    def id(self) -> str:
        return self._here.id

    async def transact(
        self, body: Callable[[StoreTx], Awaitable[T]], *, durable: bool, reads: bool = False, fence: int | None = None
    ) -> T:
        # Every transaction that writes waits for the disk.
        del durable
        return await uninterrupted(self._in_turn(body, Asked(reads, fence, self._foreign)))

    async def close(self) -> None:
        # As a transaction takes its turn: those that were begun come before.
        await uninterrupted(self._close())

    async def _close(self) -> None:
        async with self._reading.turn:
            await self._reading.end()
        async with self._writing.turn:
            session = self._writing.current
            if not self._closed and self._writer.made > 0 and session is not None:
                with suppress(OffstageError):
                    await forget_writer(session, self._begin, self._writer)
            self._closed = True
            await self._writing.end()

    async def _in_turn(self, body: Callable[[StoreTx], Awaitable[T]], asked: Asked) -> T:
        lane = self._reading if asked.reads else self._writing
        async with lane.turn:
            if self._closed:
                raise OffstageError("STORE_UNAVAILABLE", f"The store at {self._place} was closed already.")
            ran = await self._until_certain(lane, body, asked)
            if ran.handed_out is not None and self._mark is not None:
                self._mark.write(StoreMark(self.id, ran.handed_out.fence, ran.handed_out.epoch))
            return ran.result

    async def _until_certain(self, lane: _Lane, body: Callable[[StoreTx], Awaitable[T]], asked: Asked) -> RanBody[T]:
        """Makes a transaction until it is certain what became of it, or patience is over."""
        begun = time.monotonic()
        pause = _FIRST_PAUSE_MS
        in_doubt: InDoubt[T] | None = None
        while True:
            try:
                session = await lane.session()
                if in_doubt is not None and await was_committed(session, self._begin, self._writer, in_doubt.number):
                    return in_doubt.ran
                in_doubt = None
                tried = await attempt(session, self._begin, self._writer, asked, body)
                if isinstance(tried, Committed):
                    return tried.ran
                if isinstance(tried, InDoubt):
                    in_doubt = tried
                failure = tried.error
            except OffstageError as error:
                # What the body raised, a lease that was lost: no other try would end better. Nothing of such a transaction is stored.
                if not may_pass(error) and (in_doubt is None or error.__cause__ is None):
                    raise
                failure = error
            if (time.monotonic() - begun) * 1_000 >= self._patience_ms:
                raise self._gave_up(failure, in_doubt is not None)
            await asyncio.sleep(pause / 1_000)
            pause = min(2 * pause, _LONGEST_PAUSE_MS)

    def _gave_up(self, failure: OffstageError, is_in_doubt: bool) -> OffstageError:
        if not is_in_doubt:
            return failure
        return OffstageError(
            "STORE_UNAVAILABLE",
            f"PostgreSQL at {self._place} went away in the middle of a commit, and it is not known whether that is stored. It is whole, or not there at all.",
            hint="See that the server runs, then run the same command again: it looks at what is stored, and goes on from there.",
        )


async def _foreign_in(session: Session, begin: Beginnings, place: str) -> OffstageError | None:
    await session.begin(begin.read)
    try:
        return await foreign_store(session, place)
    finally:
        await session.rollback()
