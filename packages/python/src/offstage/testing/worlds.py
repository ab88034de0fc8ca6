"""What tests of servers stand on: the real clock, servers that misbehave, and the log of both."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from offstage.base import Redactor
from offstage.calls import Calls, CallsOptions, Rule, RuleReply
from offstage.mcp import HttpServerConfig, ServerConfig, ServerPool, ServerPoolOptions, StdioServerConfig

HERE = Path(__file__).parent
SECRET = "swordfish-1234"


class RealClock:
    """The system's time."""

    def now(self) -> int:
        return int(time.time() * 1_000)

    async def sleep(self, ms: float) -> None:
        await asyncio.sleep(ms / 1_000)


@dataclass
class MemoryBlobs:
    """Blobs of one test."""

    kept: dict[str, bytes] = field(default_factory=lambda: dict[str, bytes]())

    async def keep(self, hash: str, data: bytes) -> None:
        self.kept[hash] = data

    async def load(self, hash: str) -> bytes | None:
        return self.kept.get(hash)


@dataclass
class OneRule:
    """Says the same of every call."""

    now: Rule

    def rule(self, server: str, tool: str, args: Any) -> Rule:
        return self.now


@dataclass(frozen=True)
class World:
    """Servers and calls of them."""

    pool: ServerPool
    calls: Calls
    redactor: Redactor
    rules: OneRule
    log: list[str]
    blobs: MemoryBlobs


def faulty(name: str, *flags: str, env: Mapping[str, str] | None = None) -> StdioServerConfig:
    """The faulty server on stdio."""
    return StdioServerConfig(
        name=name, command=sys.executable, args=[str(HERE / "faulty_server.py"), *flags], env=lambda: env or {}
    )


def web(port: int, name: str = "web", **more: Any) -> HttpServerConfig:
    """The faulty server over HTTP."""
    return HttpServerConfig(name=name, url=f"http://127.0.0.1:{port}/mcp", **more)


@contextmanager
def http_server() -> Generator[int, None, None]:
    """Runs the faulty server over HTTP; its port."""
    path = os.pathsep.join([str(HERE.parent.parent), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        [sys.executable, "-m", "offstage.testing.faulty_http"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert process.stdout is not None and process.stdin is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


@asynccontextmanager
async def world(
    servers: Sequence[ServerConfig], timeout_ms: float = 20_000, connect_timeout_ms: float = 20_000
) -> AsyncGenerator[World, None]:
    """A pool of these servers, and calls of them."""
    redactor, clock, log = Redactor(), RealClock(), list[str]()
    redactor.register(SECRET, "TOKEN")
    rules = OneRule(Rule(effect="write"))
    pool = ServerPool(
        ServerPoolOptions(
            servers=servers,
            clock=clock,
            redactor=redactor,
            inherited_env=dict(os.environ),
            on_stderr=lambda server, line: log.append(f"{server}: {line}"),
            client_version="0.0.0",
            connect_timeout_ms=connect_timeout_ms,
        )
    )
    blobs = MemoryBlobs()
    calls = Calls(
        CallsOptions(
            sessions=pool.session,
            rules=rules,
            redactor=redactor,
            clock=clock,
            timeout_ms=lambda _: timeout_ms,
            blobs=blobs,
        )
    )
    try:
        yield World(pool, calls, redactor, rules, log, blobs)
    finally:
        await pool.close()


def reading(**more: Any) -> Rule:
    """A rule of a read."""
    return Rule(effect="read", **more)


def writing(**more: Any) -> Rule:
    """A rule of a write."""
    return Rule(effect="write", **more)


def says(text: str) -> Callable[[RuleReply], bool]:
    """A predicate of a profile."""
    return lambda reply: text in reply.text
