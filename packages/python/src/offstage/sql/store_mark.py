"""How far a store has been: what lies outside of it, and is not restored with it."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from .connection import SqlConnection
from .fact_rows import last_fence
from .store_tx import SqlStoreTx


class StoreMark(NamedTuple):
    """`fence`: the highest fencing token that was handed out."""

    store: str
    fence: int
    epoch: int


class MarkFile:
    """Keeps a mark in a file. It only helps to notice a restore: what cannot be read or written counts as none."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> StoreMark | None:
        """What it says; None: nothing."""
        try:
            said: Any = json.loads(self._path.read_text(encoding="utf-8"))
            store, fence, epoch = said["store"], said["fence"], said["epoch"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return (
            StoreMark(store, fence, epoch)
            if isinstance(store, str) and type(fence) is int and type(epoch) is int
            else None
        )

    def write(self, mark: StoreMark) -> None:
        """Replaces what it says."""
        # A full disk is told by the store itself.
        with suppress(OSError):
            following = f"{self._path}.{os.getpid()}"
            with open(os.open(following, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                json.dump(mark._asdict(), file, separators=(",", ":"))
            os.replace(following, self._path)


async def is_behind(connection: SqlConnection, id: str, seen: StoreMark) -> bool:
    """Whether the store has been further than it knows: an older state of it was put in its place, or it is another one."""
    return seen.store != id or await last_fence(connection) < seen.fence


async def begin_epoch(connection: SqlConnection, id: str, seen: StoreMark | None, now: int) -> StoreMark:
    """Raises the store's epoch, because what it does not know may have happened; fencing tokens go on where they were, as far as `seen` tells.

    Call it in a transaction; gives back what the mark is to be once that is durable.
    """
    tx = SqlStoreTx(connection)
    known = await tx.get_meta("epoch")
    epoch = max(known if isinstance(known, int) else 1, seen.epoch if seen else 0) + 1
    await tx.put_meta("epoch", epoch)
    await tx.put_meta("restored-at", now)
    fence = max(await last_fence(connection), seen.fence if seen else 0)
    await connection.run("UPDATE fences SET last = ?", [fence])
    return StoreMark(id, fence, epoch)
