"""All servers of a project: started when first needed, once each, side by side; started again with back-off after their
end.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from offstage.base import Clock, OffstageError, Redactor, to_error_data

from .breaker import BreakerGate
from .process_group import ClosePatience
from .restart import RestartState, after_death, after_failed_start, wait_before_start
from .server_config import ServerConfig
from .server_session import ServerSession
from .way import MAX_LINE_BYTES, WayContext

if TYPE_CHECKING:
    from .catalogue import Catalogue
    from .connection import Connection


@dataclass(frozen=True, kw_only=True)
class LateConfig:
    """A server whose config is asked for when it is first used, once: to know it may cost a program that asks a vault.

    Whatever it raises is the error of the use.
    """

    name: str
    config: Callable[[], ServerConfig]


@dataclass(frozen=True, kw_only=True)
class ServerPoolOptions:
    """What the pool is made of."""

    servers: Sequence[ServerConfig | LateConfig]
    clock: Clock
    redactor: Redactor
    inherited_env: Mapping[str, str]
    """Ours: children get PATH, HOME and LANG of it, and nothing else."""
    on_stderr: Callable[[str, str], None]
    """A line that a server wrote, redacted: its stderr, and what on its stdout was not the protocol."""
    client_version: str
    connect_timeout_ms: float = 60_000
    max_line_bytes: int = MAX_LINE_BYTES
    patience: ClosePatience = field(default_factory=ClosePatience)


class ServerPool:
    """Gives sessions of servers as they run now."""

    def __init__(self, options: ServerPoolOptions) -> None:
        self._options = options
        self._servers = {server.name: server for server in options.servers}
        self._members: dict[str, _Member] = {}
        self._closing = asyncio.Event()

    async def session(self, name: str) -> ServerSession:
        """A session, of a server that is started when it does not run.

        Errors: `SERVER_UNKNOWN` for a name that no config has, and those of a start. A start that failed is not tried
        again before its back-off is over: until then the same error comes at once.
        """
        return await self._member(name).session()

    async def catalogue(self, name: str, at_most_ms: float | None = None) -> "Catalogue":
        """What the server offers; read again when it says that it changed, when it is a minute old, and when it is
        older than `at_most_ms`. Errors as of `session`.
        """
        return await self._member(name).catalogue(at_most_ms)

    async def close(self) -> None:
        """Ends all servers with their whole process groups, and starts none any more."""
        self._closing.set()
        await asyncio.gather(*(member.close() for member in self._members.values()))

    def _member(self, name: str) -> "_Member":
        known = self._members.get(name)
        if known is not None:
            return known
        server = self._servers.get(name)
        if server is None:
            raise OffstageError(
                "SERVER_UNKNOWN",
                f'mcp.json has no MCP server "{name}".',
                hint=f"It has: {', '.join(self._servers) or 'none'}.",
            )
        config = server.config() if isinstance(server, LateConfig) else server
        member = self._members[name] = _Member(config, self._context(config), self._closing)
        return member

    def _context(self, config: ServerConfig) -> WayContext:
        options = self._options
        return WayContext(
            clock=options.clock,
            redactor=options.redactor,
            inherited_env=options.inherited_env,
            log=lambda line: options.on_stderr(config.name, line),
            client_version=options.client_version,
            connect_timeout_ms=options.connect_timeout_ms,
            max_line_bytes=options.max_line_bytes,
            patience=options.patience,
        )


class _Member:
    """Starts its server when it is first needed, and again after its end."""

    def __init__(self, config: ServerConfig, context: WayContext, closing: asyncio.Event) -> None:
        self._config = config
        self._context = context
        self._closing = closing
        self._restart = RestartState()
        self._connection: Connection | None = None
        self._current: tuple[Connection, ServerSession] | None = None
        self._starting: asyncio.Task[Connection] | None = None
        self._gate = BreakerGate(config.name, context.clock)
        self._watches: set[asyncio.Task[None]] = set()

    async def session(self) -> ServerSession:
        live = await self.ready()
        self._gate.assert_open_to_start()
        if self._current is None or self._current[0] is not live:
            self._current = (live, ServerSession(self._config.name, self._context.clock, live, self._gate))
        return self._current[1]

    async def catalogue(self, at_most_ms: float | None) -> "Catalogue":
        """What the server offers; that it fails counts as its calls do. An answer tells nothing: lists are kept."""
        live = await self.ready()
        begun_at = self._context.clock.now()
        try:
            return await live.catalogue(at_most_ms)
        except OffstageError as error:
            self._gate.failed(error, begun_at)
            raise

    async def ready(self) -> "Connection":
        """The live connection, started when there is none. All who ask meanwhile wait for the one start."""
        if self._connection is not None and self._connection.failure() is None:
            return self._connection
        self._gate.assert_open_to_start()
        if self._starting is None:
            self._starting = asyncio.create_task(self._start_next())
            self._starting.add_done_callback(self._started)
        return await asyncio.shield(self._starting)

    async def close(self) -> None:
        if self._starting is not None:
            await asyncio.wait([self._starting])
        if self._connection is not None:
            await self._connection.close()
        await asyncio.gather(*self._watches, return_exceptions=True)

    def _started(self, task: "asyncio.Task[Connection]") -> None:
        self._starting = None
        if not task.cancelled():
            # Whoever waited for it may have been cancelled.
            task.exception()

    async def _start_next(self) -> "Connection":
        if self._connection is not None:
            # The one that ended must be gone before its successor: some servers lock files.
            await self._connection.close()
        clock = self._context.clock
        ms = wait_before_start(self._restart, clock.now())
        if ms > 0:
            await clock.sleep(ms)
        if self._closing.is_set():
            raise OffstageError(
                "CANCELLED",
                f'The MCP server "{self._config.name}" is not started any more: all servers are being ended.',
            )
        # What speaks MCP is as large as all the rest: who uses no server does not load it.
        from .connect import connect

        begun_at = clock.now()
        try:
            live = await connect(self._config, self._context)
        except (Exception, OffstageError) as error:
            failure = (
                error if isinstance(error, OffstageError) else OffstageError("BUG", to_error_data(error)["message"])
            )
            self._restart = after_failed_start(self._restart, failure, clock.now())
            self._gate.failed(failure, begun_at)
            raise failure from error
        self._connection = live
        watch = asyncio.create_task(self._watch(live, clock.now()))
        self._watches.add(watch)
        watch.add_done_callback(self._watches.discard)
        return live

    async def _watch(self, live: "Connection", started_at: float) -> None:
        await live.over()
        if self._closing.is_set():
            return
        self._restart = after_death(
            self._restart, started_at, self._context.clock.now(), self._gate.last_answer_at >= started_at
        )
        failure = live.failure()
        if failure is not None:
            self._gate.failed(failure, started_at)
