"""One try of a transaction."""

from collections.abc import Awaitable, Callable
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from offstage.base import OffstageError
from offstage.sql import RanBody, run_body
from offstage.state import StoreTx

from .make_store import Beginnings
from .session import Session

T = TypeVar("T")


class Writer:
    """What the writer of these transactions is called in the store, and how many it made."""

    def __init__(self, id: str) -> None:
        self.id = id
        self.made = 0

    def numbered(self) -> str:
        """The statement that says how far it has come."""
        return (
            f"INSERT INTO writers (id, last, at) VALUES ('{self.id}', {self.made}, now()) "
            "ON CONFLICT (id) DO UPDATE SET last = excluded.last, at = excluded.at"
        )


class Committed(NamedTuple, Generic[T]):
    """It is stored."""

    ran: RanBody[T]


class Again(NamedTuple):
    """Nothing of it is stored, and it may be made again."""

    error: OffstageError


class InDoubt(NamedTuple, Generic[T]):
    """COMMIT was sent and its answer is lost."""

    ran: RanBody[T]
    number: int
    error: OffstageError


Attempt: TypeAlias = Committed[T] | Again | InDoubt[T]


class Asked(NamedTuple):
    """How a transaction was asked for."""

    reads: bool
    fence: int | None
    foreign: OffstageError | None


async def attempt(
    session: Session, begin: Beginnings, writer: Writer, asked: Asked, body: Callable[[StoreTx], Awaitable[T]]
) -> Attempt[T]:
    """Tries a transaction once. What is written is committed together with the number of the writer's transaction, by which `was_committed` knows it."""
    try:
        # In another language's store nothing is written: it is looked at, and holds nobody up.
        await session.begin(begin.read if asked.reads or asked.foreign is not None else begin.write)
        ran = await run_body(session, body, fence=asked.fence, refuse_writes=asked.foreign)
        if not ran.wrote:
            await session.execute("COMMIT")
            return Committed(ran)
        writer.made += 1
        number = writer.made
        try:
            await session.execute(f"{writer.numbered()}; COMMIT")
        except OffstageError as error:
            if session.lost:
                return InDoubt(ran, number, error)
            raise
        return Committed(ran)
    except OffstageError as error:
        await session.rollback()
        if session.lost or session.conflicted:
            return Again(error)
        raise
    except BaseException:
        await session.rollback()
        raise


async def was_committed(session: Session, begin: Beginnings, writer: Writer, number: int) -> bool:
    """Whether the writer's transaction of this number is stored. Waits for the turn, and so for the end of that transaction, should the server still be at it."""
    try:
        await session.begin(begin.write)
        rows = await session.all("SELECT last FROM writers WHERE id = ?", [writer.id])
        return bool(rows) and rows[0]["last"] >= number
    finally:
        await session.rollback()


async def forget_writer(session: Session, begin: Beginnings, writer: Writer) -> None:
    """Forgets a writer that is at its end, and those that ended without a word."""
    await session.begin(
        f"{begin.aside}; DELETE FROM writers WHERE id = '{writer.id}' OR at < now() - interval '7 days'; COMMIT"
    )
