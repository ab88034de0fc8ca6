"""Turns of calls that all processes over a store take together."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any, cast

from offstage.base import Clock, ErrorData, OffstageError, to_error_data
from offstage.calls import HOLDER_EXPIRES_MS, AskedLane, DecideLane, Lane, LaneProcess, SharedPace
from offstage.state import Store, StoreTx

# Between two looks for a slot: half of it, and up to as much again.
_PAUSE_MS = 30
_LINGER_MS = 10
# After a failure the store is left alone for so long.
_TROUBLE_MS = 5_000


class StoreLanes:
    """Keeps lanes in the store, without waiting for the disk: what a machine forgets that loses its power concerns calls that were a moment ago.

    A store that cannot be asked neither ends a run nor lets its calls pass as they like: this process goes on from what it saw last, alone, until the store answers
    again. `on_trouble` hears why it could not be asked, and, with None, that it can be again.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        me: LaneProcess,
        alive: Callable[[LaneProcess], bool],
        random_bytes: Callable[[int], bytes],
        on_trouble: Callable[[ErrorData | None], None],
    ) -> None:
        self.me = me
        self.alive = alive
        self.shared = SharedPace(
            pause_ms=lambda: _PAUSE_MS * (0.5 + random_bytes(1)[0] / 255),
            linger_ms=_LINGER_MS,
            renew_ms=HOLDER_EXPIRES_MS / 3,
        )
        self._store = store
        self._clock = clock
        self._on_trouble = on_trouble
        self._id = random_bytes(6).hex()
        self._ids = count(1)
        self._seen: dict[str, Lane] = {}
        # Where the store has something of this process.
        self._stored: set[str] = set()
        self._ahead_ms = 0.0
        self._trouble_since: float | None = None
        self._is_closed = False

    def new_id(self) -> str:
        """What a queue of this process is called."""
        return f"{self._id} {next(self._ids)}"

    async def change(self, credential: str, decide: DecideLane, *, looks: bool = False) -> AskedLane:
        """See `Lanes`."""
        asked = await self._ask(credential, decide, looks)
        self._seen[credential] = asked.lane
        return asked

    async def _ask(self, credential: str, decide: DecideLane, looks: bool) -> AskedLane:
        if self._is_closed or self._is_left_alone():
            return self._alone(credential, decide)
        try:
            answered = await self._in_store(credential, decide, looks)
        except (Exception, OffstageError) as error:
            if self._trouble_since is None and not self._is_closed:
                self._on_trouble(to_error_data(error))
            self._trouble_since = self._clock.now()
            return self._alone(credential, decide)
        if self._trouble_since is not None:
            self._on_trouble(None)
        self._trouble_since = None
        return answered

    async def _in_store(self, credential: str, decide: DecideLane, is_look: bool) -> AskedLane:
        async def ask(tx: StoreTx) -> AskedLane:
            known = await tx.get_lane(credential)
            self._ahead_ms = known.now - self._clock.now()
            made = decide(cast(Lane | None, known.lane), known.now)
            if not is_look and made.is_news:
                await tx.put_lane(credential, cast(Any, made.lane))
            return made

        asked = await self._store.transact(ask, durable=False, reads=is_look)
        if any(self._is_mine(use["id"]) for use in asked.lane["uses"]):
            self._stored.add(credential)
        else:
            self._stored.discard(credential)
        return await self._in_store(credential, decide, False) if is_look and asked.is_news else asked

    def _is_left_alone(self) -> bool:
        return self._trouble_since is not None and abs(self._clock.now() - self._trouble_since) < _TROUBLE_MS

    def _alone(self, credential: str, decide: DecideLane) -> AskedLane:
        return decide(self._seen.get(credential), self._clock.now() + self._ahead_ms)

    def _is_mine(self, id: str) -> bool:
        return id.startswith(f"{self._id} ")

    async def close(self) -> None:
        """Gives up all that this process holds; to be called before the store is closed. Never raises."""
        self._is_closed = True
        if len(self._stored) == 0 or self._trouble_since is not None:
            return

        async def give_up(tx: StoreTx) -> None:
            for credential in self._stored:
                lane = cast(Lane | None, (await tx.get_lane(credential)).lane)
                if lane is not None:
                    left = [use for use in lane["uses"] if not self._is_mine(use["id"])]
                    await tx.put_lane(credential, cast(Any, {**lane, "uses": left}))

        try:
            await self._store.transact(give_up, durable=False)
        except (Exception, OffstageError):
            # Others notice that this process has ended.
            return
