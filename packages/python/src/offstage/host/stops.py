"""Reasons for a run to go on no further in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from offstage.base import OffstageError

T = TypeVar("T")


class Stops:
    """Whether a run has to stop. One that another process has is not this one's to end, so that a loss weighs more than a cancellation."""

    def __init__(self) -> None:
        self._came = asyncio.Event()
        self._lost: BaseException | None = None
        self.cancelled = False

    def lose(self, why: BaseException) -> None:
        """Another process took the store over: nothing may be sent any more."""
        self._lost = why
        self._came.set()

    def cancel(self) -> None:
        """A person ended the run."""
        self.cancelled = True
        self._came.set()

    def error(self) -> OffstageError | None:
        """What its next step is told; None: it goes on."""
        if self._lost is not None:
            error = OffstageError("LEASE_LOST", "Another process took the store over.")
            error.__cause__ = self._lost
            return error
        return OffstageError("CANCELLED", "The run was cancelled.") if self.cancelled else None

    async def unless_stopped(self, asked: Coroutine[Any, Any, T]) -> T:
        """What a read gives, unless the run is to stop: then whatever the server still says is dropped. Writes are never left like this; they settle."""
        stopped = self.error()
        if stopped is not None:
            asked.close()
            raise stopped
        reading = asyncio.ensure_future(asked)
        coming = asyncio.ensure_future(self._came.wait())
        try:
            await asyncio.wait([reading, coming], return_when=asyncio.FIRST_COMPLETED)
            stopped = None if reading.done() else self.error()
            if stopped is not None:
                raise stopped
            return await reading
        finally:
            coming.cancel()
            reading.cancel()
