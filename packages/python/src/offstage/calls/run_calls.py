"""Calls as runs ask for them: the engine's reads and the writes of `effects`, whose answers are plain data."""

from typing import Any, Literal, TypedDict

from offstage.base import Data, ErrorData
from offstage.mcp.reply import Offer

from .calls import Calls
from .ports import CallLimits, CallUnreadable, CallValue, ReadOutcome


class ReadValue(TypedDict):
    """`gone`: the profile's `gone` holds."""

    kind: Literal["value"]
    value: Data
    gone: bool


class ReadError(TypedDict):
    """`gone` when the profile says that the error means absence."""

    kind: Literal["error"]
    error: ErrorData
    gone: bool


class WrittenValue(TypedDict):
    """The write was made, and gave this."""

    kind: Literal["value"]
    value: Data


class WrittenUnreadable(TypedDict):
    """The write was made, and what it gave could not be understood."""

    kind: Literal["unreadable"]
    error: ErrorData


class WriteError(TypedDict):
    """`refused`: provably without effect (never sent, or a rule says so)."""

    kind: Literal["error"]
    error: ErrorData
    refused: bool


WriteAnswer = WrittenValue | WrittenUnreadable | WriteError


class RunCalls:
    """Fits the engine's `Reads` and the `Caller` of `effects` by shape."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def read(self, step: str, server: str, tool: str, args: Data) -> ReadValue | ReadError:
        """A reading call."""
        return _read_answer(await self._calls.read(server, tool, args))

    async def read_offer(self, step: str, server: str, offer: dict[str, Any]) -> ReadValue | ReadError:
        """`{"kind": "resource", "uri"}`, or `{"kind": "prompt", "name", "args"}`."""
        is_resource = offer["kind"] == "resource"
        asked = (
            Offer(kind="resource", name=offer["uri"])
            if is_resource
            else Offer(kind="prompt", name=offer["name"], args=offer.get("args", {}))
        )
        return _read_answer(await self._calls.read_offer(server, asked))

    async def call(self, server: str, tool: str, args: Data, deadline_at: float) -> WriteAnswer:
        """Sends nothing after `deadline_at`, ms. Should it raise, the call may have been made."""
        outcome = await self._calls.call(server, tool, args, CallLimits(deadline_at=deadline_at))
        if isinstance(outcome, CallValue):
            return {"kind": "value", "value": outcome.value}
        if isinstance(outcome, CallUnreadable):
            return {"kind": "unreadable", "error": outcome.error}
        return {"kind": "error", "error": outcome.error, "refused": outcome.refused}


def _read_answer(outcome: ReadOutcome) -> ReadValue | ReadError:
    if isinstance(outcome, CallValue):
        return {"kind": "value", "value": outcome.value, "gone": outcome.gone}
    return {"kind": "error", "error": outcome.error, "gone": outcome.gone}
