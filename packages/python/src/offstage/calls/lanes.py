"""Where lanes are kept: by one process alone, or by all processes over a store."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Protocol, TypeAlias

from offstage.base import Clock

from .lane import AskedLane, Lane, LaneProcess

DecideLane: TypeAlias = Callable[[Lane | None, float], AskedLane]
"""What becomes of a lane, given it and the time; it may be asked again."""


@dataclass(frozen=True, kw_only=True)
class SharedPace:
    """How others are noticed, who take turns in the same lanes; ms.

    `pause_ms`: how long to wait before looking for a free slot again; not always the same. `linger_ms`: how long a free slot may stay untold. `renew_ms`: how often
    to say that slots are held still.
    """

    pause_ms: Callable[[], float]
    linger_ms: float
    renew_ms: float


class Lanes(Protocol):
    """Keeps lanes. `shared` None: nobody else takes turns in them."""

    @property
    def me(self) -> LaneProcess: ...
    @property
    def shared(self) -> SharedPace | None: ...
    def new_id(self) -> str:
        """What a queue of this process is called; no other one, of no process, is called so."""
        ...

    def alive(self, process: LaneProcess, /) -> bool: ...
    async def change(self, credential: str, decide: DecideLane, *, looks: bool = False) -> AskedLane:
        """Keeps what `decide` makes of the lane of a credential; with `looks`, only when that is news.

        Never raises: whoever keeps lanes for others knows what to do while they cannot be had.
        """
        ...


class OwnLanes:
    """Lanes of this process only."""

    shared: SharedPace | None = None

    def __init__(self, clock: Clock) -> None:
        self.me: LaneProcess = {"host": "", "boot": "", "pid": 0, "started": None}
        self._clock = clock
        self._lanes: dict[str, Lane] = {}
        self._ids = count(1)

    def new_id(self) -> str:
        return f"queue {next(self._ids)}"

    def alive(self, process: LaneProcess, /) -> bool:
        return True

    async def change(self, credential: str, decide: DecideLane, *, looks: bool = False) -> AskedLane:
        asked = decide(self._lanes.get(credential), self._clock.now())
        self._lanes[credential] = asked.lane
        return asked
