"""What happens between the beginning of a transaction and its end."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from offstage.base import OffstageError
from offstage.state import StoreTx

from .connection import SqlConnection, SqlRow, SqlValue, refuse_unkeepable
from .fact_rows import assert_fence
from .store_tx import SqlStoreTx

T = TypeVar("T")


class HandedOut(NamedTuple):
    """A fencing token that was handed out, with the store's epoch."""

    fence: int
    epoch: int


class RanBody(NamedTuple, Generic[T]):
    """What a transaction's body came to, before it is committed."""

    result: T
    handed_out: HandedOut | None
    wrote: bool


class _Guarded:
    """The connection as one transaction sees it.

    Dead when the transaction has ended, so that a forgotten `await` cannot write into the next one; and a transaction in which a statement
    failed cannot commit what is left, should its body have caught the error.
    """

    def __init__(self, connection: SqlConnection, refuse_writes: OffstageError | None) -> None:
        self._connection = connection
        self._refuse_writes = refuse_writes
        self._ended = False
        self.failure: BaseException | None = None
        self.wrote = False

    async def all(self, sql: str, parameters: Sequence[SqlValue] = ()) -> list[SqlRow]:
        return await self._guard(self._connection.all, sql, parameters)

    async def run(self, sql: str, parameters: Sequence[SqlValue] = ()) -> int:
        if self._refuse_writes is not None:
            self.failure = self.failure or self._refuse_writes
            raise self._refuse_writes
        self.wrote = True
        return await self._guard(self._connection.run, sql, parameters)

    def end(self) -> None:
        self._ended = True

    async def _guard(
        self, statement: Callable[[str, Sequence[SqlValue]], Awaitable[T]], sql: str, parameters: Sequence[SqlValue]
    ) -> T:
        if self._ended:
            raise OffstageError("BUG", "A transaction was used after it had ended: an await is missing.")
        try:
            refuse_unkeepable(parameters)
            return await statement(sql, parameters)
        except BaseException as error:
            self.failure = self.failure or error
            raise


async def run_body(
    connection: SqlConnection,
    body: Callable[[StoreTx], Awaitable[T]],
    *,
    fence: int | None,
    refuse_writes: OffstageError | None,
) -> RanBody[T]:
    """Runs a transaction's body on a connection where the transaction has begun.

    Whoever calls commits when this returns, and rolls back when it raises: LEASE_LOST, what the body raised, or the error of a statement
    that failed, should the body have caught it. `refuse_writes`: raised by every statement that writes, in a store that is only read.
    """
    guarded = _Guarded(connection, refuse_writes)
    try:
        if fence is not None:
            await assert_fence(guarded, fence)
        tx = SqlStoreTx(guarded)
        result = await body(tx)
        handed_out = None
        if tx.handed_out is not None:
            epoch = await tx.get_meta("epoch")
            handed_out = HandedOut(tx.handed_out, epoch if isinstance(epoch, int) else 1)
        if guarded.failure is not None:
            raise guarded.failure
        return RanBody(result, handed_out, guarded.wrote)
    finally:
        guarded.end()


async def uninterrupted(work: Coroutine[Any, Any, T]) -> T:
    """Runs to its end what a cancellation must not tear, as a commit; the cancellation is raised after it."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            if task.cancelled():
                raise
            cancelled = error
        except BaseException:
            break
    if cancelled is None:
        return task.result()
    # Looked at, so that nobody is told of an exception that was never retrieved.
    task.exception()
    raise cancelled
