"""A journal over a store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from offstage.base import Clock, OffstageError, decode_value, encode_value
from offstage.engine import CompactedItem
from offstage.state import JournalRow, Store, StoreTx

T = TypeVar("T")

_SPILL_ROWS = 1_000
_SPILL_CHARACTERS = 4 << 20
_NO_HASH = ""


class StoreJournal:
    """A journal that batches: what is new waits in memory and is written with the next effect's intent, or when enough has gathered.

    A crash loses only what was not yet written, and nothing durable depends on that: rows are written in the order they arose, and before any
    intent. Rows of a finished item that were not yet written never are.
    """

    def __init__(
        self,
        run_id: str,
        rows: Sequence[JournalRow],
        clock: Clock,
        spill: Callable[[Callable[[StoreTx], Awaitable[None]]], Awaitable[None]],
    ) -> None:
        """`rows`: what the run journaled before it was interrupted. `spill`: runs a transaction of its own for the waiting rows."""
        self._run_id = run_id
        self._known = {row["key"]: row for row in rows}
        self._times: dict[str, int] = {}
        self._clock = clock
        self._spill = spill
        self._waiting = _WaitingRows(run_id, rows)

    async def flush(self, tx: StoreTx) -> None:
        """Writes what waits, inside a transaction of the caller's: an intent never becomes durable before what led to it."""
        await self._waiting.flush(tx)

    def restore(self, tx: StoreTx) -> None:
        """What was flushed in this transaction waits again: it did not commit."""
        self._waiting.restore(tx)

    async def once(self, key: str, hash: str, perform: Callable[[], Awaitable[Any]]) -> Any:
        """Answers from what is journaled, else performs and journals."""
        # Asked once in a life of the process: a long run need not hold what it has used.
        row = self._known.pop(key, None)
        if row is not None:
            if row["hash"] != hash:
                raise _mismatch(self._run_id, key)
            return decode_value(row["value"])
        value = await perform()
        self._waiting.add({"key": key, "kind": "step", "hash": hash, "value": encode_value(value)})
        await self._spill_if_many()
        return value

    def now(self, key: str) -> int:
        """The same for the same key."""
        known = self._times.get(key)
        if known is None:
            row = self._known.get(key)
            known = int(row["value"]) if row is not None and row["kind"] == "now" else None
        time = self._clock.now() if known is None else known
        if known is None:
            self._waiting.add({"key": key, "kind": "now", "hash": _NO_HASH, "value": str(time)})
        self._times[key] = time
        return time

    def compacted(self, key: str) -> CompactedItem | None:
        """What a finished item left behind."""
        row = self._known.get(key)
        return decode_value(row["value"]) if row is not None and row["kind"] == "item" else None

    async def compact(self, key: str, item: CompactedItem) -> None:
        """Puts `item` in the place of everything below `key`."""
        below = f"{key}/"
        self._times = {one: time for one, time in self._times.items() if not one.startswith(below)}
        self._waiting.replace_below({"key": key, "kind": "item", "hash": _NO_HASH, "value": encode_value(item)})
        await self._spill_if_many()

    async def _spill_if_many(self) -> None:
        if self._waiting.is_many():
            await self._spill(self._waiting.flush)


class KeepingStore:
    """A store whose failed transactions give the journal back what they took: other items of the run may go on meanwhile, and a store may make a transaction again."""

    def __init__(self, store: Store, restore: Callable[[StoreTx], None]) -> None:
        self._store = store
        self._restore = restore

    @property
    def id(self) -> str:
        """That of the store."""
        return self._store.id

    async def transact(
        self, body: Callable[[StoreTx], Awaitable[T]], *, durable: bool, reads: bool = False, fence: int | None = None
    ) -> T:
        """One of the store's."""
        begun: list[StoreTx] = []

        async def kept(tx: StoreTx) -> T:
            if begun:
                self._restore(begun.pop())
            begun.append(tx)
            return await body(tx)

        try:
            return await self._store.transact(kept, durable=durable, reads=reads, fence=fence)
        # One whose asker was cancelled has come to its own end: it is left as it is.
        except (OffstageError, Exception):
            if begun:
                self._restore(begun.pop())
            raise

    async def close(self) -> None:
        """It is closed by whoever opened it."""
        raise OffstageError("BUG", "A run does not close its store.")


class _WaitingRows:
    """What is to be written to the store with the next intent."""

    def __init__(self, run_id: str, written: Sequence[JournalRow]) -> None:
        self._run_id = run_id
        self._rows: dict[str, JournalRow] = {}
        self._to_clear: list[str] = []
        self._written = _WrittenKeys(row["key"] for row in written)
        # What a transaction took that may still fail; gone with it when it does not.
        self._taken: WeakKeyDictionary[StoreTx, tuple[list[JournalRow], list[str]]] = WeakKeyDictionary()
        self._characters = 0

    def add(self, row: JournalRow) -> None:
        self._rows[row["key"]] = row
        self._characters += len(row["value"])

    def replace_below(self, row: JournalRow) -> None:
        """Puts `row` in the place of everything at its key and below."""
        below = f"{row['key']}/"
        for key in [key for key in self._rows if key == row["key"] or key.startswith(below)]:
            self._characters -= len(self._rows.pop(key)["value"])
        if self._written.take_below(row["key"]):
            self._to_clear.append(row["key"])
        self.add(row)

    def is_many(self) -> bool:
        return len(self._rows) >= _SPILL_ROWS or self._characters >= _SPILL_CHARACTERS

    async def flush(self, tx: StoreTx) -> None:
        if not self._rows and not self._to_clear:
            return
        rows, cleared = [*self._rows.values()], self._to_clear
        self._rows, self._to_clear, self._characters = {}, [], 0
        self._taken[tx] = (rows, cleared)
        for key in cleared:
            await tx.clear_journal(self._run_id, key)
        if rows:
            await tx.append_journal(self._run_id, rows)
        for row in rows:
            self._written.add(row["key"])

    def restore(self, tx: StoreTx) -> None:
        """Before what arose since, so that the order stays; without what was compacted since."""
        taken = self._taken.pop(tx, None)
        if taken is None:
            return
        rows, cleared = taken
        newer, compacted = [*self._rows.values()], self._to_clear
        self._rows, self._characters = {}, 0
        for row in rows:
            if not any(row["key"] == key or row["key"].startswith(f"{key}/") for key in compacted):
                self.add(row)
        for row in newer:
            self.add(row)
        self._to_clear = [*cleared, *compacted]


class _WrittenKeys:
    """Which keys are in the store, so that compaction clears only where there is something to clear."""

    def __init__(self, keys: Any) -> None:
        self._counts: dict[str, int] = {}
        for key in keys:
            self.add(key)

    def add(self, key: str) -> None:
        for prefix in _prefixes_of(key):
            self._counts[prefix] = self._counts.get(prefix, 0) + 1

    def take_below(self, key: str) -> bool:
        """True when the store has rows at `key` or below; forgets them."""
        count = self._counts.get(key, 0)
        if count == 0:
            return False
        for prefix in _prefixes_of(key):
            self._counts[prefix] = self._counts.get(prefix, 0) - count
        del self._counts[key]
        return True


def _prefixes_of(key: str) -> list[str]:
    return [*(key[:end] for end, char in enumerate(key) if char == "/"), key]


def _mismatch(run_id: str, key: str) -> OffstageError:
    return OffstageError(
        "JOURNAL_MISMATCH",
        f"Run {run_id} was resumed and asked something else at {key} than it did before.",
        hint="This is a fault of Offstage or of an edited store. Start a new run; effects that are done stay done.",
    )
