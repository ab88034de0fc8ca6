"""A way to one server: what the SDK drives, and what can be said when it fails."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from offstage.base import Clock, OffstageError, Redactor

from .failures import Refusal
from .process_group import ClosePatience

Streams: TypeAlias = tuple[Any, Any]
"""What comes and what goes, as the SDK's dispatcher takes them."""

MAX_LINE_BYTES = 64 * 1024 * 1024
"""The longest line, and the largest answer, of a server."""


@dataclass(frozen=True, kw_only=True)
class WayContext:
    """What every way gets from the pool."""

    clock: Clock
    redactor: Redactor
    inherited_env: Mapping[str, str]
    """PATH, HOME and LANG are taken from it; nothing else."""
    log: Callable[[str], None]
    """A line for the log: the server's stderr, or a line of its stdout that is not the protocol. Already redacted."""
    client_version: str
    connect_timeout_ms: float
    max_line_bytes: int = MAX_LINE_BYTES
    patience: ClosePatience = field(default_factory=ClosePatience)


class Way(Protocol):
    """One connection's way; made anew for the next one."""

    async def open(self, stack: AsyncExitStack) -> Streams:
        """Begins it; what has to be closed is on the stack. Errors: `SERVER_START`."""
        ...

    def failure(self) -> OffstageError | None:
        """Why the connection is over; None while it lasts."""
        ...

    def unanswered(self, ms: float) -> OffstageError:
        """What the server did instead of answering the handshake in `ms`."""
        ...

    def refusal(self, request_id: int) -> Refusal | None:
        """What became of a request that was answered by an error, where this way knows more of it than the message.

        Asked once.
        """
        ...

    def content(self, result: Mapping[str, object]) -> Mapping[str, object]:
        """A result as it came, where the SDK was handed a stub of it."""
        ...

    @property
    def ended_early(self) -> bool:
        """The server ended before it was ready, so that another kind of greeting may do."""
        ...

    async def over(self) -> None:
        """Returns when the connection is over."""
        ...

    async def close(self) -> None:
        """Ends the connection, and whatever it needs at this end."""
        ...
