"""One execution of a program."""

from typing import Literal, NotRequired, TypeAlias, TypedDict

from offstage.base import Data, ErrorData, JsonObject

from .identity import EffectId, StepKey
from .wait import RunWait

RunEnd: TypeAlias = Literal["succeeded", "partial", "pending", "needs-attention", "failed", "cancelled"]

RUN_ENDS: tuple[RunEnd, ...] = ("succeeded", "partial", "pending", "needs-attention", "failed", "cancelled")
"""How a run ended. Where several hold, the later in this list is told."""

RunStatus: TypeAlias = Literal["queued", "running", "parked", "planned"] | RunEnd
"""`queued`: handed over, not begun. `planned`: held at its writes, waiting for apply. `parked`: it waits in place, and goes on from there."""

RunPhase: TypeAlias = Literal["plan", "apply", "run"]
"""What a run may do: nothing (plan), exactly a plan's effects (apply), what the policy allows (run)."""


class ScheduleEvent(TypedDict):
    """A schedule's time came. `by`: who had a workflow run with it once more."""

    kind: Literal["schedule"]
    at: str
    by: NotRequired[str]


class WebhookEvent(TypedDict):
    """A delivery came. Header names are in lower case; the body is parsed when it is JSON."""

    kind: Literal["webhook"]
    source: str
    headers: dict[str, str]
    body: Data
    by: NotRequired[str]


class QueueEvent(TypedDict):
    """A message came."""

    kind: Literal["queue"]
    body: Data
    attempt: int
    by: NotRequired[str]


class ResourceEvent(TypedDict):
    """A server's resource changed."""

    kind: Literal["resource"]
    uri: str
    by: NotRequired[str]


class CallEvent(TypedDict):
    """Somebody called it, by the name of a token where it was over HTTP."""

    kind: Literal["call"]
    by: NotRequired[str]


class StartedEvent(TypedDict):
    """Another run started it, `run` of `workflow`, under this key; `by`: who started that, or the one that started that."""

    kind: Literal["started"]
    run: str
    workflow: str
    key: str
    by: NotRequired[str]


TriggerEvent: TypeAlias = ScheduleEvent | WebhookEvent | QueueEvent | ResourceEvent
"""What starts runs by itself."""

RunEvent: TypeAlias = CallEvent | StartedEvent | TriggerEvent
"""What started a run."""


class RunFailure(TypedDict):
    """A step that failed."""

    step: StepKey
    error: ErrorData


class RunHold(TypedDict):
    """An effect that a run could not bring to an end.

    `waits`: something may still let it happen. `until`: when the policy may, ms; absent where that is no matter of time. `paused`: what of
    it is paused, `*`, `workflow:x` or `server:y`; absent where it is held for something else.
    """

    effect: EffectId
    step: StepKey
    label: str
    why: str
    waits: bool
    until: NotRequired[int]
    paused: NotRequired[str]


class Swept(TypedDict):
    """What a sweep found besides what it visited.

    `lost`: why it may not have seen everything, None when it saw all. `missed`: live bindings that it did not visit; `orphans`: of them
    those that a sweep before it missed too. `strange`: live bindings by the names of records that the workflow does not have any more.
    `recordless`: the workflow has no records.
    """

    lost: str | None
    missed: int
    orphans: int
    strange: dict[str, int]
    recordless: NotRequired[bool]


class RunCounts(TypedDict):
    """`replayed`: writes answered from the ledger. `reads`: `server.tool` → how often it was read. `unlike`: `server.tool` → how many of its answers were another shape than was learnt."""

    calls: int
    writes: int
    replayed: int
    reads: NotRequired[dict[str, int]]
    unlike: NotRequired[dict[str, int]]
    swept: NotRequired[Swept]


class Run(TypedDict):
    """One execution of a program.

    `rootRunId`: the first run of a chain of continuations, its own id when it is the first. `scope`: of its identities, the workflow's
    first name. `turn`: the key under which an event started it, None for any other run. `sweep`: it visits everything. `waits`: what it
    waits for while it is `parked`. `drivenMs`: how long it was driven before it was parked last.
    """

    id: str
    rootRunId: str
    workflow: str
    scope: str
    programHash: str
    phase: RunPhase
    status: RunStatus
    inputs: JsonObject
    event: RunEvent
    turn: str | None
    sweep: bool
    createdAt: int
    startedAt: int
    endedAt: int | None
    output: Data | None
    error: ErrorData | None
    failures: list[RunFailure]
    held: list[RunHold]
    ambiguous: list[RunHold]
    waits: list[RunWait]
    drivenMs: int
    counts: RunCounts


def trigger_event_of(event: RunEvent) -> TriggerEvent | None:
    """What came by itself, as a workflow gets it; None for a run that somebody called or another one started."""
    if event["kind"] == "call" or event["kind"] == "started":
        return None
    own = event.copy()
    own.pop("by", None)
    return own


def is_ended(status: RunStatus) -> bool:
    """Whether nothing more will happen to a run by itself. A planned run waits for its apply and counts as ended; a parked one goes on."""
    return status not in ("queued", "running", "parked")
