"""Workflows that are served, by several processes over one store, on a clock that a test moves."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from offstage.base import OffstageError
from offstage.host import (
    ArrivalNews,
    EmbeddedHost,
    Program,
    ServeNews,
    Serving,
    serve_workflow,
    serve_workflows,
    this_process,
)
from offstage.state import LeaseHolder, Store, StoreTx
from offstage.testing.host_world import HostWorld, VisitedStore, write_program
from offstage.triggers.queue import Desk, QueueBroker, QueueNews, Queues
from offstage.triggers.schedule import Schedules

T = TypeVar("T")
MINUTE = 60_000
TOP = "from offstage import cron, every, queue, sleep, wait_for, webhook\n\n"
# Tells for which time it runs.
TIME = 'await once(context["event"]["at"], lambda: world.send(text=context["event"]["at"][11:16]))'


class ProcessStore:
    """The store of one process, as it can be killed: nothing that it asks comes back then. Knows whether something is under way."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.going = 0
        self.dead = False
        self.buried = asyncio.Event()
        self.idle = asyncio.Event()
        # Raised by each transaction that may write.
        self.fault: BaseException | None = None

    @property
    def id(self) -> str:
        return self._store.id

    async def transact(
        self, body: Callable[[StoreTx], Awaitable[T]], *, durable: bool, reads: bool = False, fence: int | None = None
    ) -> T:
        if self.dead:
            await self.buried.wait()
            raise OffstageError("STORE_UNAVAILABLE", "Killed.")
        if self.fault is not None and not reads:
            raise self.fault
        self.going += 1
        try:
            return await self._store.transact(body, durable=durable, reads=reads, fence=fence)
        finally:
            self.going -= 1
            self.idle.set()

    async def close(self) -> None:
        await self._store.close()


@dataclass
class ServedProcess:
    """One that serves. `taking`: the store as what takes messages sees it. `news`, `queue_news`: what it told of serving, and of queues."""

    pid: int
    store: ProcessStore
    host: EmbeddedHost
    stop: asyncio.Event
    bell: asyncio.Event
    taking: ProcessStore
    queues: Queues
    queue_news: list[QueueNews]
    news: list[ServeNews] = field(default_factory=list[ServeNews])
    serving: asyncio.Task[None] | None = None

    def told(self, kind: str) -> list[str]:
        """The ids of arrivals of which this was told, or its kind."""
        return [
            one.arrival["id"] if isinstance(one, ArrivalNews) else one.kind for one in self.news if one.kind == kind
        ]


@dataclass
class ServedWorld:
    """Processes over the store of a world, and over queues where it has `brokers`."""

    world: HostWorld
    processes: list[ServedProcess] = field(default_factory=list[ServedProcess])
    living: set[int] = field(default_factory=set[int])
    held: asyncio.Event = field(default_factory=asyncio.Event)
    brokers: Sequence[QueueBroker] = ()
    # So many events may wait before nothing more is fetched.
    most_waiting: int = 20

    def hold(self, text: str) -> asyncio.Event:
        """The answer to the write of this text comes when the event is set."""

        async def wait(written: str) -> None:
            if written == text:
                await self.held.wait()

        self.world.calls.before_answer = wait
        return self.held

    async def serve(self, pid: int, *programs: Program, grace_ms: float = 1e9) -> ServedProcess:
        """Begins to serve as the process `pid`."""
        world = self.world
        store = ProcessStore(VisitedStore(await world.open_store(), world.visit))
        environment = world.environment()
        me: LeaseHolder = {**this_process(), "pid": pid, "started": str(pid)}
        host = EmbeddedHost(store=store, environment=environment, programs=programs, me=me, alive=self._lives)
        workflows = [serve_workflow(program, environment) for program in programs]
        taking = ProcessStore(store)
        desk = Desk(store=taking, clock=world.clock, redactor=world.redactor, workflows=workflows)
        told: list[QueueNews] = []
        bell = asyncio.Event()
        queues = Queues(desk, self.brokers, news=told.append, bell=bell, most_waiting=self.most_waiting)
        process = ServedProcess(pid, store, host, asyncio.Event(), bell, taking, queues, told)
        serving = Serving(
            store=store,
            host=host,
            environment=environment,
            workflows=workflows,
            sources=[Schedules(store, world.clock, workflows), queues],
            news=process.news.append,
            stop=process.stop,
            bell=process.bell,
            grace_ms=grace_ms,
        )
        process.serving = asyncio.create_task(serve_workflows(serving))
        self.processes.append(process)
        self.living.add(pid)
        await self.settle()
        return process

    def _lives(self, holder: LeaseHolder) -> bool:
        return holder["pid"] in self.living

    def kill(self, process: ServedProcess) -> None:
        """As SIGKILL does, between two transactions."""
        process.store.dead = True
        self.living.discard(process.pid)

    async def stop(self, process: ServedProcess) -> None:
        """As SIGTERM does; waits until it has ended."""
        process.stop.set()
        assert process.serving is not None
        await process.serving
        closing = asyncio.create_task(process.queues.close())
        while not closing.done():
            await self.advance(250)
        self.living.discard(process.pid)

    async def advance(self, ms: int) -> None:
        """Lets so much time pass, and all that comes with it happen: whoever wakes has done what it woke for before the clock goes on."""
        clock = self.world.clock
        until = clock.now() + ms
        while True:
            next_at = clock.next_at()
            if next_at is None or next_at > until:
                break
            await clock.advance(max(0, math.ceil(next_at) - clock.now()))
            await self.settle()
        await clock.advance(until - clock.now())
        await self.settle()

    async def settle(self) -> None:
        """Until nothing happens any more without time. From the end of one transaction to the beginning of the next one there may be more turns of the loop than the clock waits for."""
        while True:
            for _ in range(5):
                await self.world.clock.settle()
            busy = [one for one in self.processes if one.store.going > 0]
            if not busy:
                return
            busy[0].store.idle.clear()
            if busy[0].store.going > 0:
                await busy[0].store.idle.wait()

    async def close(self) -> None:
        """Ends all of them."""
        self.held.set()
        for process in self.processes:
            process.store.buried.set()
            if process.serving is not None:
                process.serving.cancel()
            closing = asyncio.create_task(process.queues.close())
            while not closing.done():
                await self.world.clock.advance(1_000)
        await asyncio.gather(*(one.serving for one in self.processes if one.serving), return_exceptions=True)
        for process in self.processes:
            await process.store.close()

    def program(self, on: str, body: str = TIME, *, name: str = "tick", was: str = "") -> Program:
        """A workflow of this name with these triggers."""
        before = f', was="{was}"' if was else ""
        folder = self.world.folder / f"package-{name}-{os.getpid()}"
        return write_program(folder, body, top=TOP, options=f'name="{name}"{before}, on=[{on}]')

    def minutes(self, *ids: str) -> Sequence[str]:
        """Of instants as texts: the time of day."""
        return [one[11:16] for one in ids]
