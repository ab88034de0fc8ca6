"""What callbacks are given and steps give, by the names that printed workflows import."""

from __future__ import annotations

from typing import Any, Generic, Literal, TypedDict, TypeVar

Kept = TypeVar("Kept")
Inputs = TypeVar("Inputs")


class Run(TypedDict):
    """The run that goes on."""

    id: str
    startedAt: float


class Context(TypedDict, Generic[Inputs]):
    """What the body of a workflow gets. `event`: what started the run by itself; None on a call."""

    inputs: Inputs
    event: Any
    run: Run


class ScheduleEvent(TypedDict):
    """A schedule's time came."""

    kind: Literal["schedule"]
    at: str


class WebhookEvent(TypedDict):
    """A delivery came."""

    kind: Literal["webhook"]
    source: str
    headers: dict[str, str]
    body: Any


class QueueEvent(TypedDict):
    """A message came."""

    kind: Literal["queue"]
    body: Any
    attempt: float


class ResourceEvent(TypedDict):
    """A server's resource changed."""

    kind: Literal["resource"]
    uri: str


class RecordContext(TypedDict):
    """What every callback of a record gets last."""

    inputs: Any
    event: Any


class RawResult(TypedDict):
    """What a tool answered, as profiles look at it."""

    text: str
    data: Any
    isError: bool


class Approval(TypedDict):
    """A person's answer."""

    outcome: Literal["approved", "denied", "timeout"]
    by: str | None
    at: str | None


class Binding(TypedDict, Generic[Kept]):
    """One of a record."""

    identity: str
    kept: Kept
    released: bool
