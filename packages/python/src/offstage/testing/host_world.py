"""Workflows on a host over a real store, with a server whose book is a file: what it did stays also when its process is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field
from importlib.util import module_from_spec, spec_from_file_location
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from offstage.base import Clock, Data, ErrorData, Redactor, error_data
from offstage.calls import Rulebook
from offstage.effects.ports import CallAnswer
from offstage.engine import Workflow, load_module
from offstage.engine.ports import ReadAnswer
from offstage.host import (
    EmbeddedHost,
    Environment,
    News,
    Program,
    holder_is_alive,
    program_of,
    this_process,
    unobserved,
)
from offstage.model import DEFAULT_POLICY, ApprovalRequest, Policy, Run, RunEvent
from offstage.state import LeaseHolder, Store, StoreTx
from offstage.testing.fake_clock import FakeClock
from offstage.testing.store_places import StoreIn, file_in
from offstage.testing.worlds import RealClock

T = TypeVar("T")

CALLED: RunEvent = {"kind": "call"}
ASKS: Policy = {**DEFAULT_POLICY, "rules": [{"verdict": "approve"}]}
TELL = """
items = await world.list()

async def turn(item):
    await once(f"say:{item['id']}", lambda: world.send(text=item["id"]))

await each(items, turn, key=lambda item: item["id"])
return {"told": len(items)}
"""
NOW = 1_700_000_000_000
TARGET = "https://world.test/"
_CLIENT = """from offstage import Tool


class World(Tool):
    def __call__(self, /, **arguments):
        return self.call(arguments)


SERVER = "world"
list = World(SERVER, "list")
send = World(SERVER, "send")
"""
_HEAD = """from offstage import Context, approve, call, each, log, once, sleep, start, state, workflow

from .servers import world

"""
_PACKAGES = count()


def write_program(folder: Path, body: str, *, top: str = "", options: str = 'name="tell"') -> Program:
    """A package with one workflow, loaded as an exported one is; another one each time."""
    package = f"hosted_{next(_PACKAGES)}"
    (folder / "servers").mkdir(parents=True, exist_ok=True)
    _write(folder / "__init__.py", "")
    _write(folder / "servers" / "__init__.py", "from . import world as world\n")
    _write(folder / "servers" / "world.py", _CLIENT)
    indented = "\n".join(f"    {line}" for line in body.strip().splitlines())
    text = f"{_HEAD}{top}\n@workflow({options})\nasync def tell(context: Context) -> object:\n{indented}\n"
    _write(folder / "workflow.py", text)
    return load_program(folder, package)


def _write(file: Path, text: str) -> None:
    """At once: processes that begin together write the same, and read it meanwhile."""
    part = file.with_name(f"{file.name}.{os.getpid()}")
    part.write_text(text)
    part.replace(file)


def load_program(folder: Path, package: str) -> Program:
    """The workflow of a package that was written."""
    spec = spec_from_file_location(package, folder / "__init__.py", submodule_search_locations=[str(folder)])
    assert spec is not None
    sys.modules[package] = module_from_spec(spec)
    module = load_module(folder / "workflow.py", f"{package}.workflow")
    # Those that it calls or starts are imported, or stand before it.
    workflows = [one for one in vars(module).values() if isinstance(one, Workflow)]
    return program_of([one for one in workflows if one.body.__module__ == module.__name__][-1])


@dataclass
class BookCalls:
    """Gives the items that it has, and writes each call down. `visit` is told each step of it."""

    book: Path
    items: list[Data] = field(default_factory=lambda: list[Data]([{"id": "a"}, {"id": "b"}]))
    visit: Callable[[str], None] = lambda _point: None
    reads: int = 0
    before_read: Callable[[], Awaitable[None]] | None = None
    # Waits before the answer to a write, which is made by then.
    before_answer: Callable[[str], Awaitable[None]] | None = None
    broken: bool = False
    # What a write answers.
    answer: Data = field(default_factory=lambda: {"ok": True})
    # The code with which every call fails before it is sent.
    down: str = ""

    async def read(self, step: str, server: str, tool: str, args: Any) -> ReadAnswer:
        self.reads += 1
        if self.before_read is not None:
            await self.before_read()
        if self.down != "":
            return {"kind": "error", "error": error_data(self.down, "no"), "gone": False}
        if self.broken:
            return {"kind": "error", "error": error_data("TOOL_ERROR", "no"), "gone": False}
        return {"kind": "value", "value": [*self.items], "gone": False}

    async def read_offer(self, step: str, server: str, offer: dict[str, Any]) -> ReadAnswer:
        return {"kind": "value", "value": None, "gone": False}

    async def call(self, server: str, tool: str, args: Any, deadline_at: float) -> CallAnswer:
        if self.down != "":
            return {"kind": "error", "error": error_data(self.down, "no"), "refused": True}
        self.visit("sending")
        with self.book.open("a") as book:
            book.write(f"{args['text']}\n")
        self.visit("sent")
        if self.before_answer is not None:
            await self.before_answer(args["text"])
        return {"kind": "value", "value": self.answer}

    def written(self) -> list[str]:
        """What was written, in order."""
        return self.book.read_text().splitlines() if self.book.exists() else []


class VisitedStore:
    """A store that tells before and after each of its transactions."""

    def __init__(self, store: Store, visit: Callable[[str], None]) -> None:
        self._store = store
        self._visit = visit

    @property
    def id(self) -> str:
        return self._store.id

    async def transact(
        self, body: Callable[[StoreTx], Awaitable[T]], *, durable: bool, reads: bool = False, fence: int | None = None
    ) -> T:
        self._visit("before")
        given = await self._store.transact(body, durable=durable, reads=reads, fence=fence)
        self._visit("after")
        return given

    async def close(self) -> None:
        await self._store.close()


@dataclass
class HostWorld:
    """One process over a folder, and the store of that folder."""

    folder: Path
    store_in: StoreIn = file_in
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))
    # By the system's time, which several processes share, instead.
    is_real: bool = False
    news: list[News] = field(default_factory=list[News])
    redactor: Redactor = field(default_factory=Redactor)
    policy: Policy = field(default_factory=lambda: DEFAULT_POLICY)
    target: str = TARGET
    dry_run: bool = False
    retry_ms: int = 0
    # Dies at this visit, counted from 1; 0: lives.
    dies_at: int = 0
    # Or the first time it is there: `sending`, `sent`.
    dies_on: str = ""
    visits: int = 0
    calls: BookCalls = field(init=False)
    alive: Callable[[LeaseHolder], bool] = holder_is_alive
    around_run: Callable[[Run], AbstractContextManager[Callable[[Run], None]]] = unobserved
    _awaited: tuple[str, asyncio.Event] | None = None

    def __post_init__(self) -> None:
        self.calls = BookCalls(self.folder / "book", visit=self.visit)

    def visit(self, point: str) -> None:
        """A step that the process may die at."""
        self.visits += 1
        if self.visits == self.dies_at or point == self.dies_on:
            os.kill(os.getpid(), signal.SIGKILL)

    async def until_told(self, kind: str) -> None:
        """Waits until this was told."""
        self._awaited = (kind, asyncio.Event())
        if kind not in self.kinds():
            await self._awaited[1].wait()

    def _hear(self, news: News) -> None:
        self.news.append(news)
        if self._awaited is not None and self._awaited[0] == getattr(news, "kind", "log"):
            self._awaited[1].set()

    def tell(self, body: str = TELL, **more: Any) -> Program:
        """A workflow in a package of this process's own, in the place of the one before. What it is, its text says."""
        return write_program(self.folder / f"package-{os.getpid()}", body, **more)

    async def runs(self) -> list[Run]:
        """Those that continue others come after them, whatever the clock says."""
        runs = await self.stored(lambda tx: tx.list_runs(limit=9))
        return sorted(runs, key=lambda run: run["id"] != run["rootRunId"])

    async def open_requests(self) -> list[ApprovalRequest]:
        """What people are asked to permit."""
        return await self.stored(lambda tx: tx.list_requests(status=["open"], limit=9))

    def time(self) -> Clock:
        """That of this world."""
        return RealClock() if self.is_real else self.clock

    def kinds(self) -> list[str]:
        """What was told, by its kind."""
        return [str(getattr(one, "kind", "log")) for one in self.news]

    async def open_store(self) -> Store:
        """The folder's store, as one more process opens it."""
        return await self.store_in(self.folder).open(self.time().now())

    async def stored(self, body: Callable[[StoreTx], Awaitable[T]]) -> T:
        """A transaction of somebody else's."""
        store = await self.open_store()
        try:
            return await store.transact(body, durable=True)
        finally:
            await store.close()

    @asynccontextmanager
    async def host(self, *programs: Program) -> AsyncGenerator[EmbeddedHost]:
        """A host over the folder's store."""
        store = VisitedStore(await self.open_store(), self.visit)
        try:
            yield EmbeddedHost(
                store=store,
                environment=self.environment(),
                programs=programs,
                me=this_process(),
                alive=self.alive,
            )
        finally:
            await store.close()

    def environment(self) -> Environment:
        """What hosts of this process need."""

        async def connect(_servers: Sequence[str]) -> None:
            return None

        return Environment(
            clock=self.time(),
            random_bytes=os.urandom,
            policy=self.policy,
            redactor=self.redactor,
            tools=Rulebook({}, policy_effect=lambda _server, tool: "read" if tool == "list" else "write"),
            calls=self.calls,
            connect=connect,
            lock_fault=_no_fault,
            target_of=lambda _server: self.target,
            timeout_ms=lambda _server: 60_000,
            classes="c",
            profiles="p",
            news=self._hear,
            dry_run=self.dry_run,
            retry_ms=self.retry_ms,
            around_run=self.around_run,
        )


def _no_fault(_server: str, _tool: str) -> ErrorData | None:
    return None
