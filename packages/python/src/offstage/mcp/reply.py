"""What is asked of a server, and what came back, before anything is understood or redacted."""

from asyncio import Event
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from offstage.base import Data, ErrorData, is_fields, is_items


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a call is, where its server says so."""

    done: float
    total: float | None
    message: str | None


@dataclass(frozen=True, kw_only=True)
class CallOptions:
    """How long one request may take, and until when it may be made."""

    timeout_ms: float
    """From now until the answer, a start of the server included."""
    deadline_at: float | None = None
    """Instant (ms) from which nothing is sent any more, looked at right before sending."""
    signal: Event | None = None
    """Set: the request is cancelled."""
    on_progress: Callable[[Progress], None] | None = None


@dataclass(frozen=True, kw_only=True)
class RawResult:
    """What a tool answered, before anything is understood or redacted."""

    is_error: bool
    content: Sequence[Data]
    structured: Data = None
    has_structured: bool = False
    """A structured content of null is one, too."""
    declined: bool = False
    """The server wanted something from a person in the middle of the call, and did not get it."""
    kind: Literal["result"] = "result"


@dataclass(frozen=True, kw_only=True)
class RawError:
    """Why there is no result."""

    error: ErrorData
    sent: bool
    """False only when it is certain that the server got nothing of the call."""
    text: str | None = None
    """The server's own words when it answered with a protocol error: what rules see. None when the error is ours."""
    status: int | None = None
    """The HTTP status that came in a message's place."""
    retry_after_ms: float | None = None
    """It was too much for the server, which asks for a pause."""
    kind: Literal["error"] = "error"


RawReply = RawResult | RawError


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What servers have besides tools, and what is only read: a resource by its URI, a prompt by its name."""

    kind: Literal["resource", "prompt"]
    name: str
    args: Mapping[str, str] = field(default_factory=lambda: dict[str, str]())

    @property
    def shown(self) -> str:
        """What it is called in messages."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, kw_only=True)
class OfferResult:
    """The protocol's result of `resources/read` or `prompts/get`, as it came."""

    result: Data
    kind: Literal["result"] = "result"


OfferReply = OfferResult | RawError


def to_reply(result: Data, *, declined: bool = False) -> RawResult:
    """Reads a result as it came over the wire.

    What is not a content block is left out; nothing a server sends makes this fail.
    """
    fields = result if is_fields(result) else {}
    content = fields.get("content")
    return RawResult(
        is_error=fields.get("isError") is True,
        structured=fields.get("structuredContent"),
        has_structured="structuredContent" in fields,
        content=[block for block in content if _is_block(block)] if is_items(content) else [],
        declined=declined,
    )


def _is_block(value: Data) -> bool:
    if not is_fields(value):
        return False
    kind = value.get("type")
    return isinstance(value.get("text"), str) if kind == "text" else isinstance(kind, str)
