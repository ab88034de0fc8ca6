"""What calls are made of: the session of a server, what came back, the rule that it is judged by, and what it meant."""

from asyncio import Event
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from offstage.base import Data, ErrorData
from offstage.mcp.reply import (
    CallOptions,
    Offer,
    OfferReply,
    Progress,
    RawReply,
)

CallEffect = Literal["read", "prepare", "write"]


@dataclass(frozen=True, kw_only=True)
class CallLimits:
    """Limits of one call."""

    deadline_at: float | None = None
    """Instant (ms) from which nothing is sent: waiting for a turn and for the server included."""
    timeout_ms: float | None = None
    """From its turn until the answer; the server's own when absent."""
    signal: Event | None = None
    on_progress: Callable[[Progress], None] | None = None


class Session(Protocol):
    """A live connection to one MCP server.

    Never raises and never repeats a call: a failure, a timeout, a cancellation is a reply too.
    """

    async def call(self, tool: str, args: Data, options: CallOptions) -> RawReply: ...

    async def offer(self, offer: Offer, options: CallOptions) -> OfferReply: ...


class Blobs(Protocol):
    """Where the binary parts of results are kept, by the SHA-256 (hex) of their bytes. What is kept already stays."""

    async def keep(self, hash: str, data: bytes) -> None: ...

    async def load(self, hash: str) -> bytes | None: ...


@dataclass(frozen=True, kw_only=True)
class RateLimit:
    """Calls that begin in one second, calls under way at once. None is without limit."""

    per_second: float | None = None
    concurrent: int | None = None


@dataclass(frozen=True, kw_only=True)
class RuleReply:
    """`r` of the language's §4."""

    text: str
    data: Data
    is_error: bool


Predicate = Callable[[RuleReply], bool]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What is known of one call with its final arguments. A function that is None says nothing."""

    effect: CallEffect
    is_hinted: bool = False
    """Only its server says so (`readOnlyHint`), of the tool that was pinned: what became of that since is vouched for
    by nobody.
    """
    sensitive: Sequence[str] = ()
    rate: RateLimit = RateLimit()
    result: Callable[[RuleReply], Data] | None = None
    failed: Predicate | None = None
    refused: Predicate | None = None
    gone: Predicate | None = None


class Rules(Protocol):
    """Says what a call does, and how its answer is read."""

    def rule(self, server: str, tool: str, args: Any) -> Rule: ...


@dataclass(frozen=True, kw_only=True)
class CallValue:
    """The call gave this."""

    value: Data
    gone: bool = False
    kind: Literal["value"] = "value"


@dataclass(frozen=True, kw_only=True)
class CallUnreadable:
    """A write succeeded, and its result could not be understood."""

    error: ErrorData
    kind: Literal["unreadable"] = "unreadable"


@dataclass(frozen=True, kw_only=True)
class CallError:
    """The call gave an error. `refused`: provably without effect (never sent, or a rule says so)."""

    error: ErrorData
    refused: bool = False
    gone: bool = False
    kind: Literal["error"] = "error"


CallOutcome = CallValue | CallUnreadable | CallError
ReadOutcome = CallValue | CallError

SessionOf = Callable[[str], Awaitable[Session]]
