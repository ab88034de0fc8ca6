"""Where the binary parts of results are: in the store."""

from __future__ import annotations

from offstage.base import Clock
from offstage.state import Store


class StoreBlobs:
    """Fits `Blobs` of the calls. Does not wait for the disk: the row of the journal or ledger that names bytes is committed after them, and never survives them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def keep(self, hash: str, data: bytes) -> None:
        """What is kept already stays, and counts as kept now."""
        await self._store.transact(lambda tx: tx.put_blob(hash, data, self._clock.now()), durable=False)

    async def load(self, hash: str) -> bytes | None:
        """None: never kept, or removed since."""
        return await self._store.transact(lambda tx: tx.get_blob(hash), durable=False, reads=True)
