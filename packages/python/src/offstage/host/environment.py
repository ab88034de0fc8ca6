"""What a host needs of the machine and of what the package's files say."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from offstage.base import Clock, Data, ErrorData
from offstage.effects import Caller, EffectEvent
from offstage.engine import Models, Reads, Tools
from offstage.model import Policy, Run


class Redacts(Protocol):
    """Knows the secrets."""

    def redact_data(self, data: Data) -> Data:
        """The same, with secrets replaced; the very same where there is none."""
        ...


class Calls(Reads, Caller, Protocol):
    """Reads and writes of tools (`calls.RunCalls`)."""


class Making(Protocol):
    """What makes runs: the time, and cryptographically random bytes for ids."""

    @property
    def clock(self) -> Clock: ...
    @property
    def random_bytes(self) -> Callable[[int], bytes]: ...


@dataclass(frozen=True, kw_only=True)
class RunNews:
    """A run began, was taken up again, came to wait, or ended; or this process waits for one that another process drives (`why`)."""

    kind: Literal["run-started", "run-resumed", "run-parked", "run-ended", "run-waiting"]
    run: Run
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class WaitingNews:
    """Something waits, or does no more, that is no single run's matter: what, and what to do about it."""

    why: str
    kind: Literal["waiting"] = "waiting"


@dataclass(frozen=True, kw_only=True)
class LogNews:
    """A line of the workflow's own."""

    run_id: str
    text: str


News: TypeAlias = RunNews | WaitingNews | LogNews | EffectEvent
"""What goes on, as it goes on: for progress lines."""


def unobserved(_run: Run) -> AbstractContextManager[Callable[[Run], None]]:
    """Nobody looks at runs."""
    return nullcontext(lambda _at_rest: None)


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What a host needs; made by the composition root.

    `random_bytes`: cryptographically random ones, for ids. `connect`: starts the servers that a program names and compares their tools with
    the lock; raises when this process cannot even try. `lock_fault`: why a tool may not be written through. `target_of`: the account or site that
    a server speaks to. `timeout_ms`: of one write. `classes`, `profiles`: hashes of what a plan is made under. `dry_run`: runs that begin here
    are held at all their writes. `retry_ms`: how long it is tried again what an event asked for and a server could not be had for; 0: not at all.
    `around_run`: what a run is driven within, for who traces runs; it is told how the run came to its rest.
    """

    clock: Clock
    random_bytes: Callable[[int], bytes]
    policy: Policy
    redactor: Redacts
    tools: Tools
    calls: Calls
    connect: Callable[[Sequence[str]], Awaitable[None]]
    lock_fault: Callable[[str, str], ErrorData | None]
    target_of: Callable[[str], str]
    timeout_ms: Callable[[str], int]
    classes: str
    profiles: str
    news: Callable[[News], None]
    models: Models | None = None
    dry_run: bool = False
    retry_ms: int = 0
    around_run: Callable[[Run], AbstractContextManager[Callable[[Run], None]]] = unobserved
