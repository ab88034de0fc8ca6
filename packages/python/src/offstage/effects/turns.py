"""Whose turn it is with an identity."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from offstage.base import canonical_json
from offstage.model import EffectIdentity, RecordKey, effect_id

T = TypeVar("T")


class Turns:
    """Among all runs of a process, one for each process and store: one attempt at an identity ends before the next one, or a look at what became of it, begins.

    What the store calls intended is therefore never under way in this process, but was interrupted. A turn is not torn by the
    cancellation of its asker: that is raised when it is at its end.
    """

    def __init__(self) -> None:
        self._last: dict[str, asyncio.Task[Any]] = {}

    async def take(self, name: str, body: Callable[[], Awaitable[T]]) -> T:
        """Runs `body` when everything that came before under this name has ended; how that ended is its asker's matter. Bodies take no turns themselves."""
        before = self._last.get(name)
        mine = asyncio.ensure_future(_after(before, body))
        self._last[name] = mine
        try:
            return await _whole(mine)
        finally:
            if self._last.get(name) is mine:
                del self._last[name]


async def _after(before: asyncio.Task[Any] | None, body: Callable[[], Awaitable[T]]) -> T:
    if before is not None:
        await asyncio.wait([before])
    return await body()


async def _whole(mine: asyncio.Task[T]) -> T:
    try:
        return await asyncio.shield(mine)
    except asyncio.CancelledError:
        while not mine.done():
            try:
                await asyncio.wait([mine])
            except asyncio.CancelledError:
                continue
        if not mine.cancelled():
            mine.exception()
        raise


def turn_of(identity: EffectIdentity) -> str:
    """All writes of one record's identity share a turn; any other effect has its own."""
    if identity["kind"] != "record":
        return effect_id(identity)
    return turn_of_record({"scope": identity["scope"], "record": identity["record"], "key": identity["key"]})


def turn_of_record(key: RecordKey) -> str:
    """The turn of a record's identity."""
    return canonical_json([key["scope"], key["record"], key["key"]])
