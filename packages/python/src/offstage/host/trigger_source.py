"""What brings events to whoever leads."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from offstage.model import Arrival


class Looked(NamedTuple):
    """`next`: when it has to be looked at again by itself, ms; infinity: never. `came`: what was kept."""

    next: float
    came: list[Arrival]


class TriggerSource(Protocol):
    """Something that brings events where this process leads: schedules. What is sent to a process, webhooks, comes by itself."""

    async def look(self) -> Looked:
        """Keeps what came since it was looked at last."""
        ...

    def rest(self) -> None:
        """Stops what it does between two looks: another process leads."""
        ...
