"""Starts a server, or reaches it, in the ways that it may understand."""

import logging
from collections.abc import Callable

from offstage.base import OffstageError, Redactor

from .connection import Connection
from .http_auth import auth_of
from .http_way import HttpWay
from .server_config import Era, ServerConfig
from .stdio_way import StdioWay
from .way import Way, WayContext


async def connect(config: ServerConfig, context: WayContext) -> Connection:
    """One that was locked as legacy is spoken to as such at once; any other is asked first whether it speaks the modern
    era, on the same connection. Where that is answered by the end of the process, the older way is tried. Errors as
    of `Connection.open`.
    """
    quieten_libraries(context.redactor, context.log)
    if config.kind == "http" and config.transport == "sse":
        raise OffstageError(
            "NOT_YET",
            f'The MCP server "{config.name}" is configured with the older event stream ("type": "sse"), which the exported Python does not speak.',
            hint='Most servers speak streamable HTTP today: write "type": "http" and the URL of its MCP endpoint, often …/mcp.',
        )
    era: Era | None = "legacy" if config.era == "legacy" else None
    first = Connection(config, _way(config, context), context)
    try:
        await first.open(era)
        return first
    except OffstageError:
        if config.kind != "stdio" or era == "legacy" or not first.ended_early:
            raise
    # Some servers end at any request before `initialize`.
    second = Connection(config, _way(config, context), context)
    await second.open("legacy")
    return second


def _way(config: ServerConfig, context: WayContext) -> Way:
    if config.kind == "stdio":
        return StdioWay(config, context)
    return HttpWay(config, context, None if config.auth is None else auth_of(config.url, config.auth, context.redactor))


class _Redacted(logging.Handler):
    """What libraries complain about may quote what a server said."""

    def __init__(self, redactor: Redactor, log: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._redactor = redactor
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        # Not the trace: it quotes values.
        self._log(f"protocol: {self._redactor.redact(record.getMessage())[:300]}")


def quieten_libraries(redactor: Redactor, log: Callable[[str], None]) -> None:
    """From now on what the SDK and its HTTP log goes through the redactor, instead of to standard error."""
    for name in ("mcp", "client", "httpx2", "httpcore2"):
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.handlers = [_Redacted(redactor, log)]
