"""Calls of one running server.

When it has ended, calls fail and nothing is sent: ask the pool for the session of its successor.
"""

import math
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from offstage.base import (
    Clock,
    Data,
    ErrorData,
    OffstageError,
    UnsafeInteger,
    error_data,
    is_fields,
    is_items,
    to_error_data,
    unsafe_integer,
)

from .breaker import BreakerGate
from .reply import (
    CallOptions,
    Offer,
    OfferReply,
    OfferResult,
    RawError,
    RawReply,
    RawResult,
)
from .within import within

if TYPE_CHECKING:
    from .connection import Connection

Answer = TypeVar("Answer", RawResult, OfferResult)


class ServerSession:
    """Never raises, never repeats a call: whatever happens is in the reply."""

    def __init__(self, name: str, clock: Clock, connection: "Connection", gate: BreakerGate) -> None:
        """`gate` lets calls pass, and is told how they ended."""
        self._name = name
        self._clock = clock
        self._connection = connection
        self._gate = gate

    async def call(self, tool: str, args: Data, options: CallOptions) -> RawReply:
        """One `tools/call`."""
        try:
            fields = argument_fields(self._name, tool, args)
        except OffstageError as error:
            return RawError(error=to_error_data(error), sent=False)
        return await self._exchange(tool, options, lambda: self._connection.call(tool, fields, options))

    async def offer(self, offer: Offer, options: CallOptions) -> OfferReply:
        """Reads a resource or a prompt, once."""
        return await self._exchange(f"the {offer.shown}", options, lambda: self._connection.offer(offer, options))

    async def _exchange(
        self, what: str, options: CallOptions, send: Callable[[], Coroutine[Any, Any, Answer | RawError]]
    ) -> Answer | RawError:
        if options.signal is not None and options.signal.is_set():
            return RawError(error=self._cancelled(what), sent=False)
        failure = self._connection.failure()
        if failure is not None:
            # Not another one in its place: what was asked about this server, its tools above all, may not be true of
            # the next.
            return RawError(error=to_error_data(failure), sent=False)
        if options.deadline_at is not None and self._clock.now() >= options.deadline_at:
            return RawError(
                error=error_data(
                    "DEADLINE_PASSED",
                    f'{what} of the MCP server "{self._name}" was not called: its deadline passed before the server was ready.',
                ),
                sent=False,
            )
        refused = self._gate.admit()
        if refused is not None:
            return RawError(error=to_error_data(refused), sent=False)
        begun_at = self._clock.now()
        reply = await within(send(), self._clock.sleep, options.timeout_ms, options.signal)
        if isinstance(reply, str):
            # It is under way: whether it was done, nobody knows.
            why = self._cancelled(what) if reply == "aborted" else self._timed_out(what, options.timeout_ms)
            reply = RawError(error=why, sent=True)
        self._gate.ended(reply, begun_at)
        return reply

    def _cancelled(self, what: str) -> ErrorData:
        return error_data("CANCELLED", f'The call of {what} of the MCP server "{self._name}" was cancelled.')

    def _timed_out(self, what: str, ms: float) -> ErrorData:
        return error_data("SERVER_TIMEOUT", f'The MCP server "{self._name}" did not answer {what} within {ms:g} ms.')


def argument_fields(name: str, tool: str, args: Data) -> Mapping[str, Data]:
    """Refuses what JSON would silently send as something else. Errors: `VALUE_INVALID`, `UNSAFE_INTEGER`."""
    fields: Data = {} if args is None else args
    if not is_fields(fields):
        raise OffstageError("VALUE_INVALID", f'The arguments of {tool} of the MCP server "{name}" are not an object.')
    _refuse_inexact(fields, tool)
    return fields


def _refuse_inexact(value: Data, tool: str) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise OffstageError("VALUE_INVALID", f"An argument of {tool} is {value}, which JSON cannot carry.")
    if isinstance(value, UnsafeInteger):
        raise unsafe_integer(value)
    for item in value.values() if is_fields(value) else value if is_items(value) else ():
        _refuse_inexact(item, tool)
