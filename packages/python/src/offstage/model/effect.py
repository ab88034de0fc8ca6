"""Writes: what the engine asks for, what became of them, and the ledger's rows."""

from typing import Literal, NotRequired, TypeAlias, TypedDict

from offstage.base import Data, ErrorData

from .call_class import CallClass
from .identity import EffectId, EffectIdentity, StepKey
from .partial import PartialData

# `class` is a word of Python's: the members of this one cannot be written as a class.
EffectCall = TypedDict("EffectCall", {"server": str, "tool": str, "class": CallClass})
"""The call that an effect makes, and what is known of it. Adoption makes none."""

Certainty: TypeAlias = Literal["sure", "may", "may-many"]
"""How sure a plan is that a write will be made. `may-many`: in a loop whose length is not known."""


class EffectRequest(TypedDict):
    """A write that the engine asks for.

    `call` is None for an adoption. `identityKnown` is false when the identity itself contains an unknown: it can be shown, never
    permitted. `after`: a held or ambiguous effect earlier in the same item, branch or body, for which this one waits. `label`: one line
    for people. `server`: whose target is meant, when there is no call. `within`: names of the called workflows that the write stands in,
    outermost first; absent in the run's own.
    """

    identity: EffectIdentity
    step: StepKey
    call: EffectCall | None
    args: PartialData
    certainty: Certainty
    identityKnown: bool
    after: EffectId | None
    label: str
    server: str
    within: NotRequired[list[str]]


class Done(TypedDict):
    """It happened. `unreadable`: what it answered could not be understood."""

    kind: Literal["done"]
    value: Data
    unreadable: bool


class Failed(TypedDict):
    """Proven not to have happened: nothing was sent, or a `refused`/`failed` rule says so."""

    kind: Literal["failed"]
    error: ErrorData


class Ambiguous(TypedDict):
    """It cannot be known whether it happened."""

    kind: Literal["ambiguous"]
    error: ErrorData


Outcome: TypeAlias = Done | Failed | Ambiguous
"""What happened to a write. Stored; never revised except by settling an `ambiguous` one."""

LedgerStatus: TypeAlias = Literal["intended", "done", "failed", "ambiguous"]
SettledBy: TypeAlias = Literal["answer", "found", "absent", "repeated", "person"]


class LedgerEntry(TypedDict):
    """One row of the ledger.

    `intended` is written, durably, before anything is sent; whoever finds it without an outcome and its owner gone knows only that the
    write may have happened. `runId` and `rootRunId`: the run that last attempted it. `args` are redacted, for people, and may be dropped
    by retention. `attempt` counts from 1. `fence`: the lease's token of the process that intends it. After `deadlineAt` nothing of this
    attempt is sent any more. `settledBy`: how it was settled when not by its own answer. `completion`: the value of the function around
    the write (`once`), encoded; None until completed.
    """

    id: EffectId
    identity: EffectIdentity
    status: LedgerStatus
    runId: str
    rootRunId: str
    step: StepKey
    server: str
    tool: str | None
    target: str
    argsHash: str
    args: Data | None
    attempt: int
    fence: int
    epoch: int
    idempotent: bool
    intendedAt: int
    deadlineAt: int
    settledAt: int | None
    outcome: Outcome | None
    settledBy: SettledBy | None
    completion: str | None


class HeldPlanning(TypedDict):
    """A plan holds every write."""

    kind: Literal["planning"]


class HeldNotInPlan(TypedDict):
    """The plan that is applied does not have it."""

    kind: Literal["not-in-plan"]
    detail: str


class HeldForApproval(TypedDict):
    """A person has to permit it: `by` says who (anybody without it), `count` how many (one without it)."""

    kind: Literal["approval"]
    detail: str
    by: NotRequired[list[str]]
    count: NotRequired[int]


class HeldDenied(TypedDict):
    """A person said no to exactly this: it waits for nobody."""

    kind: Literal["denied"]
    detail: str


class HeldByGuard(TypedDict):
    """So many updates and releases of one run are held."""

    kind: Literal["guard"]
    detail: str


class HeldPaused(TypedDict):
    """Something of it takes no writes now."""

    kind: Literal["paused"]
    detail: str


class HeldDryRun(TypedDict):
    """The process that comes to it writes nothing: another one makes it."""

    kind: Literal["dry-run"]


class HeldNotNow(TypedDict):
    """The policy lets it wait; `until`: when its time may come, ms, None where that is not known."""

    kind: Literal["not-now"]
    detail: str
    until: int | None


class HeldAfter(TypedDict):
    """It waits for another effect."""

    kind: Literal["after"]
    effect: EffectId


class HeldUncertain(TypedDict):
    """Its arguments or its identity are not known yet."""

    kind: Literal["uncertain"]


class HeldUnproven(TypedDict):
    """It is not proven that it did not happen already."""

    kind: Literal["unproven"]
    detail: str


HoldReason: TypeAlias = (
    HeldPlanning
    | HeldNotInPlan
    | HeldForApproval
    | HeldDenied
    | HeldByGuard
    | HeldPaused
    | HeldDryRun
    | HeldNotNow
    | HeldAfter
    | HeldUncertain
    | HeldUnproven
)
"""Why a write is held."""


class AnswerDone(TypedDict):
    """It was made. `replayed`: answered from the ledger."""

    kind: Literal["done"]
    effect: EffectId
    value: Data
    unreadable: bool
    replayed: bool


class AnswerFailed(TypedDict):
    """It did not happen."""

    kind: Literal["failed"]
    effect: EffectId
    error: ErrorData


class AnswerHeld(TypedDict):
    """It is held."""

    kind: Literal["held"]
    effect: EffectId
    why: HoldReason


class AnswerAmbiguous(TypedDict):
    """Ends the item, uncatchably; the identity is blocked until it is settled."""

    kind: Literal["ambiguous"]
    effect: EffectId
    error: ErrorData


class AnswerRefused(TypedDict):
    """Ends the run, uncatchably."""

    kind: Literal["refused"]
    effect: EffectId
    error: ErrorData


EffectAnswer: TypeAlias = AnswerDone | AnswerFailed | AnswerHeld | AnswerAmbiguous | AnswerRefused
"""What the engine gets for an `EffectRequest`."""


class EvidenceFound(TypedDict):
    """It is there."""

    kind: Literal["found"]
    value: Data


class EvidenceAbsent(TypedDict):
    """Looked for at `askedAt`, not there. `provesAfterMs`: how long after the deadline such an answer proves it; None never."""

    kind: Literal["absent"]
    askedAt: int
    provesAfterMs: int | None


Evidence: TypeAlias = EvidenceFound | EvidenceAbsent
"""What was learnt by looking for the traces of an ambiguous effect."""
