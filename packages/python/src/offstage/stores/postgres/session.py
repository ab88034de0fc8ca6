"""One connection to the server, and what became of it."""

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from typing import Any, LiteralString, TypeVar, cast
from urllib.parse import parse_qs, urlsplit

import psycopg
from psycopg.rows import dict_row

from offstage.base import OffstageError
from offstage.sql import SqlRow, SqlValue

from .dialect import query_for_postgres, text_for_postgres, text_from_postgres
from .postgres_errors import ends_connection, is_conflict, postgres_error

T = TypeVar("T")

_CONNECT_S = 10
_QUERY_S = 30
"""How long a statement may take to be answered: longer than anything a store asks for."""


class Session:
    """A `SqlConnection` with the statements of transactions."""

    def __init__(self, connection: psycopg.AsyncConnection[dict[str, Any]], place: str) -> None:
        self._connection = connection
        self._place = place
        self._lost = False
        self.conflicted = False
        """Since `begin`: the server asked for the transaction to be made again."""

    @property
    def lost(self) -> bool:
        """It is gone, or of no use any more."""
        return self._lost or self._connection.closed

    async def all(self, sql: str, parameters: Sequence[SqlValue] = ()) -> list[SqlRow]:
        cursor = await self._guard(self._connection.execute(_text(sql), _values(parameters)))
        rows = await self._guard(cursor.fetchall())
        return [
            {name: text_from_postgres(value) if isinstance(value, str) else value for name, value in row.items()}
            for row in rows
        ]

    async def run(self, sql: str, parameters: Sequence[SqlValue] = ()) -> int:
        return (await self._guard(self._connection.execute(_text(sql), _values(parameters)))).rowcount

    async def begin(self, statements: str) -> None:
        """Runs the statements that begin a transaction, in one message."""
        self.conflicted = False
        await self.execute(statements)

    async def execute(self, statements: str) -> None:
        """Runs statements without values, in one message."""
        await self._guard(self._connection.execute(cast(LiteralString, statements), prepare=False))

    async def rollback(self) -> None:
        """Ends the transaction without effect; a connection on which that fails is lost."""
        if self.lost:
            return
        try:
            await self.execute("ROLLBACK")
        except OffstageError:
            await self.end()

    async def end(self) -> None:
        """Ends the connection, in the middle of whatever it does."""
        self._lost = True
        with suppress(psycopg.Error):
            await self._connection.close()

    async def _guard(self, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(_QUERY_S):
                return await work
        except (psycopg.Error, TimeoutError) as error:
            if is_conflict(error):
                self.conflicted = True
            # An answer that comes later would be taken for that of the next statement.
            if ends_connection(error):
                await self.end()
            raise postgres_error(error, self._place) from error


async def open_session(url: str, place: str) -> Session:
    """Opens a session. `place` is for messages."""
    try:
        connection = await psycopg.AsyncConnection[dict[str, Any]].connect(
            url, autocommit=True, row_factory=dict_row, connect_timeout=_CONNECT_S, application_name=_name_in(url)
        )
    except psycopg.Error as error:
        raise postgres_error(error, place) from error
    return Session(connection, place)


def place_of(url: str) -> str:
    """`host:port/database` of a URL: what messages may name."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    return (
        f"{asked.get('host', [parts.hostname or ''])[0]}:{asked.get('port', [str(parts.port or 5432)])[0]}{parts.path}"
    )


def _name_in(url: str) -> str:
    return parse_qs(urlsplit(url).query).get("application_name", ["offstage"])[0]


def _text(sql: str) -> LiteralString:
    return cast(LiteralString, query_for_postgres(sql))


def _values(parameters: Sequence[SqlValue]) -> list[SqlValue]:
    return [text_for_postgres(value) if isinstance(value, str) else value for value in parameters]
