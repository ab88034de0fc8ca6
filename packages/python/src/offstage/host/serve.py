"""Serving: what triggers bring becomes runs, and runs that wait go on, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from offstage.base import Clock, OffstageError
from offstage.host.arrivals import admit_arrivals
from offstage.host.embedded_host import EmbeddedHost
from offstage.host.environment import Environment
from offstage.host.served_workflow import ServedWorkflow
from offstage.host.trigger_source import TriggerSource
from offstage.model import Arrival
from offstage.state import Store

# How often the store is looked at for what other processes left there: runs, answers, events. Ms.
_LOOK_MS = 500


@dataclass(frozen=True)
class ListeningNews:
    """A workflow is served, with these triggers."""

    workflow: str
    triggers: Sequence[str]
    kind: Literal["listening"] = "listening"


@dataclass(frozen=True)
class LeadNews:
    """This process drives the store from now on; or another one does, and this one takes over when it is gone."""

    kind: Literal["led", "followed"]


@dataclass(frozen=True)
class ArrivalNews:
    """An event came, started a run (`run_id`), or starts nothing (its `why`)."""

    kind: Literal["arrived", "started", "dropped"]
    arrival: Arrival
    run_id: str | None = None


ServeNews: TypeAlias = ListeningNews | LeadNews | ArrivalNews
"""What goes on while workflows are served."""


@dataclass(frozen=True, kw_only=True)
class Serving:
    """What `serve_workflows` works with.

    `stop`: set to stop. `bell`: set by whatever left something in the store, so that it is looked at at once. `grace_ms`: how long a run that
    goes on then may take to come to its rest.
    """

    store: Store
    host: EmbeddedHost
    environment: Environment
    workflows: Sequence[ServedWorkflow]
    sources: Sequence[TriggerSource]
    news: Callable[[ServeNews], None]
    stop: asyncio.Event
    bell: asyncio.Event
    grace_ms: float


async def serve_workflows(serving: Serving) -> None:
    """Listens to triggers, starts their runs and drives whatever waits in the store, until it is told to stop; then it leaves.

    Of several processes on one store one leads; the others take over when it is gone. Raises when the store cannot be used any more
    (`STORE_…`): whoever started the process starts it anew.
    """
    for one in serving.workflows:
        serving.news(ListeningNews(one.program.name, [trigger.name for trigger in one.triggers]))
    serving.host.when_settled(serving.bell.set)
    driving = _Driving(serving)
    try:
        await _serve(serving, driving)
    except BaseException:
        # What is told is why it ends, not what else went wrong with the same store.
        with contextlib.suppress(OffstageError):
            await serving.host.leave(0)
        raise
    await serving.host.leave(serving.grace_ms)
    driving.refuse_fault()


class _Driving:
    """The one task that drives runs, beside what brings them."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._task: asyncio.Task[Any] | None = None
        self._again = False

    def go(self) -> None:
        """Drives what waits. Where that goes on already, its last look may have been before: its end rings then."""
        if self._task is not None and not self._task.done():
            self._again = True
            return
        self._again = False
        self._task = asyncio.create_task(self._serving.host.work())
        self._task.add_done_callback(self._ended)

    def _ended(self, _task: asyncio.Task[Any]) -> None:
        if self._again:
            self._serving.bell.set()

    def refuse_fault(self) -> None:
        """Raises what ended it, once; that another process took the store over is told by the lease."""
        if self._task is None or not self._task.done():
            return
        task, self._task = self._task, None
        error = None if task.cancelled() else task.exception()
        if error is not None and not (isinstance(error, OffstageError) and error.code == "LEASE_LOST"):
            raise error


async def _serve(serving: Serving, driving: _Driving) -> None:
    clock = serving.environment.clock
    leads: bool | None = None
    while not serving.stop.is_set():
        serving.bell.clear()
        led = await serving.host.lead()
        if led != leads:
            serving.news(LeadNews("led" if led else "followed"))
        leads = led
        next_at: float = math.inf
        if led:
            next_at = await _take_what_came(serving)
            driving.go()
            next_at = min(next_at, await _next_wake_after(serving.store, clock.now()))
        else:
            for source in serving.sources:
                source.rest()
        driving.refuse_fault()
        await _first_of(
            _slept(clock, max(1, min(_LOOK_MS, next_at - clock.now()))), serving.bell.wait(), serving.stop.wait()
        )


async def _take_what_came(serving: Serving) -> float:
    """One look at everything that brings events. Gives when the next one is due by itself."""
    next_at = math.inf
    for source in serving.sources:
        looked = await source.look()
        next_at = min(next_at, looked.next)
        for arrival in looked.came:
            serving.news(ArrivalNews("dropped" if arrival["status"] == "dropped" else "arrived", arrival))
    admitted = await admit_arrivals(serving.store, serving.environment, serving.workflows)
    for run, arrival in admitted.started:
        serving.news(ArrivalNews("started", arrival, run["id"]))
    for arrival in admitted.dropped:
        serving.news(ArrivalNews("dropped", arrival))
    for run_id in admitted.replaced:
        # The wish is kept, and the event that replaces the run waits for its end.
        await serving.host.cancel(run_id)
    return next_at


async def _next_wake_after(store: Store, now: int) -> float:
    """What is due already waits for its turn, and is no reason to look again at once."""
    wake = await store.transact(lambda tx: tx.next_wake(), durable=False, reads=True)
    return math.inf if wake is None or wake <= now else wake


async def _slept(clock: Clock, ms: float) -> None:
    await clock.sleep(ms)


async def _first_of(*awaited: Coroutine[Any, Any, Any]) -> None:
    """Until one of these is over; the others are given up."""
    tasks = [asyncio.ensure_future(one) for one in awaited]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
