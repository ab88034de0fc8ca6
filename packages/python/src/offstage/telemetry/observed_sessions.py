"""Sessions that tell how their exchanges went; nothing of what was asked or answered."""

import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from offstage.base import Data
from offstage.calls import Session
from offstage.mcp.reply import CallOptions, Offer, OfferReply, OfferResult, RawError, RawReply, RawResult

Method = Literal["tools/call", "resources/read", "prompts/get"]
Answer = TypeVar("Answer", RawResult, OfferResult)


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request to a server."""

    server: str
    method: Method
    name: str | None
    """Of the tool or the prompt. Nothing of arguments: a resource's URI is one too."""


class ExchangeObserver(Protocol):
    """Looks at requests from outside."""

    def around(self, exchange: Exchange) -> AbstractContextManager[Callable[[str | None, float], None]]:
        """What is made while a request is under way; told in the end how it went wrong (None: it did not) and how many seconds it took."""
        ...


def observed_sessions(
    sessions: Callable[[str], Awaitable[Session]], observer: ExchangeObserver
) -> Callable[[str], Awaitable[Session]]:
    """Sessions whose exchanges `observer` looks at."""

    async def session(server: str) -> Session:
        return _Observed(server, await sessions(server), observer)

    return session


def error_of(reply: RawReply | OfferReply) -> str | None:
    """How a reply went wrong, as OpenTelemetry's `error.type` has it; None: it did not."""
    if isinstance(reply, RawError):
        return reply.error["code"]
    return "tool_error" if isinstance(reply, RawResult) and reply.is_error else None


class _Observed:
    def __init__(self, server: str, session: Session, observer: ExchangeObserver) -> None:
        self._server = server
        self._session = session
        self._observer = observer

    async def call(self, tool: str, args: Data, options: CallOptions) -> RawReply:
        exchange = Exchange(server=self._server, method="tools/call", name=tool)
        return await self._timed(exchange, lambda: self._session.call(tool, args, options))

    async def offer(self, offer: Offer, options: CallOptions) -> OfferReply:
        is_resource = offer.kind == "resource"
        exchange = Exchange(
            server=self._server,
            method="resources/read" if is_resource else "prompts/get",
            name=None if is_resource else offer.name,
        )
        return await self._timed(exchange, lambda: self._session.offer(offer, options))

    async def _timed(self, exchange: Exchange, ask: Callable[[], Awaitable[Answer | RawError]]) -> Answer | RawError:
        with self._observer.around(exchange) as ended:
            begun = time.perf_counter()
            reply = await ask()
            ended(error_of(reply), time.perf_counter() - begun)
            return reply
