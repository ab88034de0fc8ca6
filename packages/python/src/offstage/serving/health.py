"""How the process that serves is, as far as it can tell by itself: no other system is asked."""

from __future__ import annotations

import asyncio
import math
from typing import Literal, TypedDict

from offstage.base import Clock
from offstage.host import Looked
from offstage.state import Store

# A turn takes half a second, and longer while the store's disk is slow or another process writes for long. Ms.
_STUCK_AFTER_MS = 60_000
# Who asks whether we are ready waits a second or a few.
_STORE_ANSWERS_S = 2.0


class Readiness(TypedDict):
    """Nothing in it tells of the project: it may be seen by anybody. `undecided`: before the first turn."""

    status: Literal["ready", "not ready"]
    role: Literal["leader", "follower", "undecided"]
    store: Literal["answers", "silent"]
    stopping: bool


class Health:
    """Stands among the sources of events, so that each turn of the loop that serves is told to it."""

    def __init__(self, store: Store, clock: Clock, stop: asyncio.Event) -> None:
        self._store = store
        self._clock = clock
        self._stop = stop
        self._turned_at = clock.now()
        self._role: Literal["leader", "follower", "undecided"] = "undecided"

    async def look(self) -> Looked:
        """A turn as the one that leads."""
        self._turned("leader")
        return Looked(math.inf, [])

    def rest(self) -> None:
        """A turn while another process leads."""
        self._turned("follower")

    @property
    def leads(self) -> bool:
        """Whether this process drives the store."""
        return self._role == "leader"

    def is_alive(self) -> bool:
        """Whether the loop still turns. Nothing was stuck before its first turn."""
        return self._clock.now() - self._turned_at < _STUCK_AFTER_MS

    async def readiness(self) -> Readiness:
        """Whether the store answers and it is known who drives it."""
        answers, stopping = await self._store_answers(), self._stop.is_set()
        ready = answers and self._role != "undecided" and not stopping and self.is_alive()
        return {
            "status": "ready" if ready else "not ready",
            "role": self._role,
            "store": "answers" if answers else "silent",
            "stopping": stopping,
        }

    def _turned(self, role: Literal["leader", "follower"]) -> None:
        self._turned_at, self._role = self._clock.now(), role

    async def _store_answers(self) -> bool:
        asking = asyncio.ensure_future(self._store.transact(lambda tx: tx.get_meta("epoch"), durable=False, reads=True))
        done, _ = await asyncio.wait([asking], timeout=_STORE_ANSWERS_S)
        if not done:
            asking.cancel()
            return False
        return not asking.cancelled() and asking.exception() is None
