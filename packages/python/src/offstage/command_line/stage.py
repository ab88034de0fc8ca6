"""The composition root: the one place that knows which adapter stands behind which port."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from offstage.base import ErrorData, OffstageError, hash_json
from offstage.calls import Calls, CallsOptions, LockGuard, Rulebook, RunCalls, Session, Turns
from offstage.command_line.command_io import CommandIo
from offstage.command_line.news import news_teller
from offstage.command_line.open_store import open_store
from offstage.command_line.package import Package, load_package
from offstage.command_line.policy_effects import policy_effect, refuse_stale_classes
from offstage.command_line.server_log import ServerLog
from offstage.command_line.start_servers import start_servers
from offstage.command_line.terminal import escape_controls
from offstage.command_line.tracing import address_of, run_observer
from offstage.command_line.turns import turns_over
from offstage.config import Configuration, load_configuration, resolve_all
from offstage.host import (
    EmbeddedHost,
    Environment,
    News,
    Program,
    StoreBlobs,
    holder_is_alive,
    this_process,
    unobserved,
)
from offstage.mcp import ServerPool, ServerPoolOptions
from offstage.state import Store
from offstage.telemetry import open_telemetry, register_telemetry_secrets

if TYPE_CHECKING:
    from offstage.telemetry.tracing import Telemetry


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Everything that runs need, wired. Servers start when they are first used. `unreached` grows while runs begin: what could not be reached then; a run that calls none of them goes on all the same."""

    configuration: Configuration
    environment: Environment
    store: Store
    host: EmbeddedHost
    program: Program
    # Tools that are not as they were pinned, as far as their servers were asked.
    changed_tools: Callable[[], list[str]]
    unreached: dict[str, ErrorData] = field(default_factory=dict[str, ErrorData])


def read_configuration(io: CommandIo) -> Configuration:
    """What the package's files say; secrets are registered, those of the environment's variables for traces too."""
    register_telemetry_secrets(io.env, io.redactor)
    return load_configuration(io.folder, io.env, io.redactor, io.terminal.note)


@asynccontextmanager
async def project_store(io: CommandIo) -> AsyncGenerator[tuple[Store, Configuration]]:
    """The store alone: for commands that only look or append."""
    configuration = read_configuration(io)
    async with open_store(configuration, io.folder, io.clock, io.redactor) as store:
        yield store, configuration


@asynccontextmanager
async def open_stage(io: CommandIo, news: Callable[[News], None] | None = None) -> AsyncGenerator[Stage]:
    """A stage for one command: at its end, however it ends, servers are ended and the store is closed. `news`: who hears how runs go on; the terminal without it."""
    configuration = read_configuration(io)
    package = load_package(io.folder / io.package, io.package)
    pool = server_pool(io, configuration)
    telemetry = open_telemetry(
        io.env, offstage_version(), io.redactor, lambda text: io.terminal.note(escape_controls(text))
    )
    try:
        async with (
            open_store(configuration, io.folder, io.clock, io.redactor) as store,
            turns_over(io, configuration, store) as turns,
        ):
            unreached: dict[str, ErrorData] = {}
            guard = LockGuard(configuration.lock, pool.catalogue)
            environment = _environment(
                _Wiring(
                    io=io,
                    configuration=configuration,
                    package=package,
                    pool=pool,
                    store=store,
                    turns=turns,
                    guard=guard,
                    unreached=unreached,
                    telemetry=telemetry,
                    news=news_teller(io) if news is None else news,
                )
            )
            host = EmbeddedHost(
                store=store,
                environment=environment,
                programs=[package.program],
                me=this_process(),
                alive=holder_is_alive,
            )
            io.interruption.host = host
            yield Stage(
                configuration=configuration,
                environment=environment,
                store=store,
                host=host,
                program=package.program,
                changed_tools=guard.changed_tools,
                unreached=unreached,
            )
    finally:
        await pool.close()
        if telemetry is not None:
            await telemetry.close()


def server_pool(io: CommandIo, configuration: Configuration) -> ServerPool:
    """The package's servers, none of them started; close it."""
    options = ServerPoolOptions(
        servers=configuration.pool_servers(),
        clock=io.clock,
        redactor=io.redactor,
        inherited_env=io.env,
        on_stderr=ServerLog(io.folder, io.clock.now).append,
        client_version=offstage_version(),
    )
    return ServerPool(options)


def offstage_version() -> str:
    """Of this library."""
    try:
        return version("offstage")
    except PackageNotFoundError:
        return "0.0.0"


@dataclass(frozen=True, kw_only=True)
class _Wiring:
    """What the parts of an environment are made of."""

    io: CommandIo
    configuration: Configuration
    package: Package
    pool: ServerPool
    store: Store
    turns: Turns
    guard: LockGuard
    unreached: dict[str, ErrorData]
    telemetry: Telemetry | None
    news: Callable[[News], None]

    def timeout_ms(self, server: str) -> int:
        """Of one call."""
        timeouts = self.configuration.settings.timeouts_ms
        return timeouts.get(server, timeouts["*"])

    def target_of(self, server: str) -> str:
        """To whom a server speaks. It is asked first of all, so that it tells what is missing for the others of the run, too."""
        try:
            return self.configuration.server(server).target
        except OffstageError as error:
            if error.code == "SECRET_MISSING":
                resolve_all(self.package.program.servers, self.configuration.server)
            raise

    async def session(self, server: str) -> Session:
        """What answers now need not be what answered when the run began: it may have ended and been started anew."""
        live = await self.pool.session(server)
        await self.guard.refresh(server)
        return live

    async def connect(self, servers: Sequence[str]) -> None:
        """Starts what a run needs, and keeps what could not be reached."""
        configuration = self.configuration
        refuse_stale_classes(configuration.lock, self.package.profiles, configuration.settings, servers)
        for server in servers:
            configuration.server(server)
        self.unreached.clear()
        self.unreached.update(await start_servers(self.io, self.guard, servers))


def _environment(wiring: _Wiring) -> Environment:
    io, configuration, guard = wiring.io, wiring.configuration, wiring.guard
    settings, lock = configuration.settings, configuration.lock
    rules = Rulebook(
        wiring.package.profiles,
        policy_effect=lambda server, tool: policy_effect(settings.classes, server, tool),
        trusted_read=lambda server, tool: settings.policy["trustHints"] and guard.trusted_read(server, tool),
    )
    telemetry = wiring.telemetry
    sessions: Callable[[str], Awaitable[Session]] = wiring.session
    if telemetry is not None:
        sessions = telemetry.sessions(sessions, lambda server: address_of(configuration.server(server).config))
    calls = Calls(
        CallsOptions(
            sessions=sessions,
            rules=rules,
            redactor=io.redactor,
            clock=io.clock,
            timeout_ms=wiring.timeout_ms,
            blobs=StoreBlobs(wiring.store, io.clock),
            turns=wiring.turns,
            lock_fault=guard.fault,
        )
    )
    pins = {name: {tool: one.hash for tool, one in server.tools.items()} for name, server in lock.servers.items()}
    return Environment(
        clock=io.clock,
        random_bytes=os.urandom,
        policy=settings.policy,
        redactor=io.redactor,
        tools=rules,
        calls=RunCalls(calls),
        connect=wiring.connect,
        lock_fault=guard.fault,
        target_of=wiring.target_of,
        timeout_ms=wiring.timeout_ms,
        classes=hash_json(pins),
        profiles=wiring.package.profiles_hash,
        news=wiring.news,
        dry_run=settings.dry_run,
        around_run=unobserved if telemetry is None else run_observer(telemetry),
        retry_ms=settings.serve.retry_ms,
    )
