"""One live connection: from a successful handshake until the server ends. Never comes back to life."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any, cast

import mcp_types as types
from mcp.client.session import ClientRequestContext, ClientSession
from mcp.shared.exceptions import MCPError
from mcp.shared.jsonrpc_dispatcher import JSONRPCDispatcher
from pydantic import ValidationError

from offstage.base import (
    Data,
    OffstageError,
    shorten,
    stringify_exact,
    to_error_data,
)

from .catalogue import Catalogue
from .failures import Refusal, protocol_failure
from .issue_text import pages_required, said
from .raw_dispatcher import RawDispatcher
from .read_catalogue import read_catalogue
from .reply import (
    CallOptions,
    Offer,
    OfferReply,
    OfferResult,
    RawError,
    RawReply,
    to_reply,
)
from .server_config import Era, ServerConfig
from .turn import Line, Turn, Unanswered
from .way import Way, WayContext
from .within import within

# How long a list of tools is kept at the most, ms, whatever its server says: writes are made by it, and one that is
# replaced behind its address tells nobody.
_TOOLS_KEPT_MS = 60_000
# UTF-16 units of what a server tells that stand in a line of its log.
_LOG_LINE = 2_000


class Connection:
    """A server that is there."""

    def __init__(self, config: ServerConfig, way: Way, context: WayContext) -> None:
        self.name = config.name
        self._way = way
        self._context = context
        self._line = Line(name=config.name, way=way, context=context)
        self._task: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._catalogue: tuple[float, Catalogue] | None = None
        self._reading = asyncio.Lock()

    async def open(self, era: Era | None) -> None:
        """Starts a server, or reaches it, and shakes hands.

        Errors: `SERVER_START`, `SERVER_EXITED`, `SERVER_GARBAGE`, `SERVER_TIMEOUT`, `SERVER_PROTOCOL`,
        `SERVER_UNREACHABLE`, `SERVER_REFUSED`; nothing of the server is left then.
        """
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._live(era, ready))
        try:
            cause = await within(
                asyncio.shield(ready), self._context.clock.sleep, self._context.connect_timeout_ms, None
            )
        except BaseException:
            await self._end()
            raise
        if cause is not None:
            failure = self._way.unanswered(self._context.connect_timeout_ms)
            ready.cancel()
            await self._end()
            raise failure

    def failure(self) -> OffstageError | None:
        """Why it is over; None while it lives."""
        return self._way.failure()

    @property
    def ended_early(self) -> bool:
        """The server ended before it was ready."""
        return self._way.ended_early

    async def over(self) -> None:
        """Returns when it is over."""
        await self._way.over()

    async def close(self) -> None:
        """Returns when the server's whole process group is gone."""
        await self._end()

    async def call(self, tool: str, args: Mapping[str, Data], options: CallOptions) -> RawReply:
        """One call. Never raises."""
        turn = Turn(self._line, options)
        try:
            result = await turn.ask(
                {"name": tool, "arguments": args},
                lambda session, progress: session.call_tool(tool, {}, progress_callback=progress),
            )
            return to_reply(result, declined=turn.declined)
        except (Exception, OffstageError) as error:
            return self._failed(tool, error, turn)

    async def offer(self, offer: Offer, options: CallOptions) -> OfferReply:
        """Reads a resource or a prompt. Never raises."""
        turn = Turn(self._line, options)
        is_resource = offer.kind == "resource"
        params: Mapping[str, Data] = (
            {"uri": offer.name} if is_resource else {"name": offer.name, "arguments": dict(offer.args)}
        )

        async def send(session: ClientSession, _: Any) -> object:
            return await (session.read_resource(offer.name) if is_resource else session.get_prompt(offer.name))

        try:
            return OfferResult(result=await turn.ask(params, send))
        except (Exception, OffstageError) as error:
            return self._failed(f"the {offer.shown}", error, turn)

    async def catalogue(self, at_most_ms: float | None = None) -> Catalogue:
        """Read again after the server said that its tools changed, when it is a minute old, and when it is older than
        `at_most_ms`.
        """
        async with self._reading:
            kept, now = self._catalogue, self._context.clock.now()
            if kept is not None and now - kept[0] < min(
                _TOOLS_KEPT_MS, _TOOLS_KEPT_MS if at_most_ms is None else at_most_ms
            ):
                return kept[1]
            read = await within(
                read_catalogue(self._line), self._context.clock.sleep, self._context.connect_timeout_ms, None
            )
            if isinstance(read, str):
                raise OffstageError("SERVER_TIMEOUT", f'The MCP server "{self.name}" did not list its tools in time.')
            self._catalogue = (now, read)
            return read

    async def _live(self, era: Era | None, ready: "asyncio.Future[None]") -> None:
        try:
            async with AsyncExitStack() as stack:
                read, write = await self._way.open(stack)
                dispatcher = RawDispatcher(JSONRPCDispatcher(read, write), self._way.content)
                info = types.Implementation(name="offstage", version=self._context.client_version)
                session = ClientSession(
                    dispatcher=dispatcher,
                    client_info=info,
                    elicitation_callback=self._decline,
                    logging_callback=self._tell,
                    message_handler=self._hear,
                )
                await stack.enter_async_context(session)
                await _greet(session, era)
                self._line.greeted = session
                if not ready.done():
                    ready.set_result(None)
                await self._closing.wait()
        except BaseException as error:
            if not ready.done():
                ready.set_exception(self._handshake_failure(error))
                # Whoever waited may be gone.
                ready.exception()
            if isinstance(error, asyncio.CancelledError):
                raise
        finally:
            await self._way.close()

    def _handshake_failure(self, error: BaseException) -> OffstageError:
        root = _root(error)
        if isinstance(root, OffstageError):
            return root
        refusal = next((found for number in range(3, 0, -1) if (found := self._way.refusal(number)) is not None), None)
        failure = self._way.failure()
        if refusal is not None:
            return refusal.error
        if failure is not None:
            return failure
        return protocol_failure(self.name, "initialize", self._said(root))

    async def _end(self) -> None:
        self._closing.set()
        if self._task is None:
            return
        if self._line.greeted is None:
            self._task.cancel()
        await asyncio.wait([self._task])

    async def _decline(self, context: ClientRequestContext, params: types.ElicitRequestParams) -> types.ElicitResult:
        """Nobody is here who could answer; every call that is under way may be meant."""
        for turn in self._line.under_way:
            turn.declined = True
        self._log(f"asks: {params.message} -> declined")
        return types.ElicitResult(action="decline")

    async def _tell(self, params: types.LoggingMessageNotificationParams) -> None:
        data: Any = params.data
        self._log(
            f"{params.level}: {'' if params.logger is None else params.logger + ': '}{data if isinstance(data, str) else stringify_exact(data)}"
        )

    async def _hear(self, message: object) -> None:
        if isinstance(message, types.ToolListChangedNotification):
            self._catalogue = None
        elif isinstance(message, Exception):
            self._log(f"protocol: {self._said(message)}")

    def _log(self, line: str) -> None:
        self._context.log(shorten(self._context.redactor.redact(line), _LOG_LINE))

    def _said(self, error: BaseException) -> str:
        return self._context.redactor.redact(said(error))

    def _failed(self, what: str, error: BaseException, turn: Turn) -> RawError:
        """Why there is no result, and whether the server may have got anything."""
        after_first = turn.rounds > 0
        if isinstance(error, Unanswered):
            return RawError(
                error=to_error_data(
                    OffstageError(
                        "SERVER_PROTOCOL",
                        f'The MCP server "{self.name}" asked back in the middle of {what}, which was left there: {error}.',
                    )
                ),
                sent=True,
            )
        if isinstance(error, OffstageError):
            return RawError(error=to_error_data(error), sent=after_first or turn.request_id is not None)
        refusal = self._refusal(turn)
        if refusal is not None:
            return RawError(
                error=to_error_data(refusal.error),
                sent=after_first or refusal.sent,
                retry_after_ms=refusal.retry_after_ms,
                status=refusal.status,
            )
        if isinstance(error, MCPError) and self._way.failure() is None and error.code != types.CONNECTION_CLOSED:
            pages = pages_required(error)
            text = error.error.message if pages is None else f"{error.error.message} (somebody has to open {pages})"
            return RawError(
                error=to_error_data(protocol_failure(self.name, what, self._said(error))), sent=True, text=text
            )
        failure = self._way.failure() or protocol_failure(self.name, what, self._said(error))
        return RawError(error=to_error_data(failure), sent=after_first or turn.request_id is not None)

    def _refusal(self, turn: Turn) -> Refusal | None:
        return None if turn.request_id is None else self._way.refusal(turn.request_id)


async def _greet(session: ClientSession, era: Era | None) -> None:
    """A server that was locked as legacy is spoken to as such at once; any other is asked first whether it speaks the
    modern era.
    """
    if era == "legacy":
        await session.initialize()
        return
    try:
        await session.discover()
    except (MCPError, RuntimeError, ValidationError):
        await session.initialize()


def _root(error: BaseException) -> BaseException:
    """What task groups wrap."""
    root: Any = error
    while isinstance(root, BaseExceptionGroup):
        root = cast("BaseExceptionGroup[BaseException]", root).exceptions[0]
    return cast("BaseException", root)
