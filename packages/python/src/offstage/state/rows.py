"""What transactions take and give besides the rows of `offstage.model`."""

from typing import Literal, NamedTuple, TypeAlias, TypedDict

from offstage.base import Data, ErrorData, Json
from offstage.model import LedgerStatus, Plan, RecordKey, RunStatus, StepKey


class JournalRow(TypedDict):
    """One journaled step. `value` is encoded by base's codec."""

    key: StepKey
    kind: Literal["step", "now", "item", "log"]
    hash: str
    value: str


class LeaseHolder(TypedDict):
    """Enough to tell, on the same machine, whether the holder still lives.

    `boot` changes with every boot. `started`: start of the process in the kernel's ticks, so that a reused pid is not taken for the
    holder; None where unknown.
    """

    host: str
    boot: str
    pid: int
    started: str | None


class Lease(TypedDict):
    """Who drives the runs of a store. Renewed while the holder lives; after `expiresAt` anybody may take it."""

    fence: int
    holder: LeaseHolder
    takenAt: int
    expiresAt: int


class PlanRow(TypedDict):
    """A plan and what became of it."""

    plan: Plan
    appliedAt: int | None
    error: ErrorData | None


class EventOffer(TypedDict):
    """One event, for one step that waits. `id`: what tells this event from others."""

    runId: str
    step: StepKey
    id: str
    event: Data
    offeredAt: int


class RunTally(TypedDict):
    """Runs of a workflow that are not at their end, in one status."""

    workflow: str
    status: RunStatus
    count: int


class ArrivalTally(TypedDict):
    """Arrivals of a workflow that wait to start a run, and when the first of them was due; ms."""

    workflow: str
    count: int
    firstDueAt: int


class Tally(TypedDict):
    """How much stands in a store at one moment. `requests`: writes that wait for a person; `questions`: what workflows ask a person."""

    runs: list[RunTally]
    arrivals: list[ArrivalTally]
    requests: int
    questions: int


MetaName: TypeAlias = Literal["epoch", "paused", "restored-at", "doubt-ended", "removed-until"]
"""`epoch`: rises at a restore, 1 at first. `paused`: names that take no writes (`*`, `workflow:x`, `server:y`), none at first.
`restored-at`: ms or None. `doubt-ended`: a person's word after a restore. `removed-until`: runs that ended before this instant may be gone.
"""


class Place(NamedTuple):
    """A row of a list that is ordered by an instant and an id, as the place behind which the next page begins."""

    at: int
    id: str


class StateValue(NamedTuple):
    """A durable value, encoded, and how often it was put."""

    value: str
    version: int


class ExpectedEffect(TypedDict):
    """What of a ledger's row was decided about. A whole row is one."""

    status: LedgerStatus
    attempt: int
    fence: int


class BindingPlace(RecordKey):
    """The place of a binding in the order of lists. A whole binding is one."""

    generation: int


class OfferedEvent(NamedTuple):
    """An event that a step was offered. Places grow for ever, in a store, and are never 0."""

    place: int
    event: Data


class LaneNow(NamedTuple):
    """What is known of a credential's turns (None: nothing), and the time as all processes over the store have it, ms."""

    lane: Json
    now: int
