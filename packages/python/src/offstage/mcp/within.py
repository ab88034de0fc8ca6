"""Waits that end with a time limit, a signal, or what they wait for."""

import asyncio
from asyncio import Event
from collections.abc import Awaitable, Callable
from typing import Any, Literal, TypeVar

T = TypeVar("T")

Cause = Literal["deadline", "aborted"]


async def within(
    work: Awaitable[T], sleep: Callable[[float], Awaitable[None]], limit_ms: float | None, signal: Event | None
) -> T | Cause:
    """What `work` gives, or why it was cancelled. What was done in the same moment counts."""
    task = asyncio.ensure_future(work)
    ends: dict[asyncio.Future[Any], Cause] = {}
    if limit_ms is not None:
        ends[asyncio.ensure_future(sleep(limit_ms))] = "deadline"
    if signal is not None:
        ends[asyncio.ensure_future(signal.wait())] = "aborted"
    try:
        await asyncio.wait([task, *ends], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        return next(cause for end, cause in ends.items() if end.done())
    finally:
        await _cancelled([task, *ends])


async def _cancelled(futures: list[asyncio.Future[Any]]) -> None:
    rest = [future for future in futures if not future.done()]
    for future in rest:
        future.cancel()
    if rest:
        await asyncio.wait(rest)
