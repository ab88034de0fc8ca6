"""What the gate decides about, from what, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias, TypedDict

from offstage.base import ErrorData
from offstage.model import (
    ApprovalRequest,
    DayLimit,
    EffectId,
    EffectRequest,
    HoldReason,
    PlannedEffect,
    Policy,
    RunPhase,
)


@dataclass(frozen=True, kw_only=True)
class GateEffect:
    """A write as the gate sees it. `args_hash`: of the whole arguments, None while a part is unknown. `target`: of its server now."""

    id: EffectId
    request: EffectRequest
    args_hash: str | None
    target: str


class Writes(NamedTuple):
    """Writes that this run has sent or may have sent (in a plan: would send), and the most it may."""

    made: int
    limit: int | None


class DayCount(NamedTuple):
    """A day's limit, and how many writes besides this one it has counted; no further than to the limit."""

    limit: DayLimit
    made: int


class Changes(NamedTuple):
    """Updates and releases of the record in this run before this one, and the record's bindings."""

    made: int
    bindings: int


@dataclass(frozen=True, kw_only=True)
class GateContext:
    """Everything that decides besides the effect itself. Plain facts: the gate asks nobody.

    `workflow`: the name that policies and the pause switch use; `formerly`: the one that it had before a renaming. `planned`: the line of
    the plan that is applied with this effect's id, and `planned_at` when that plan was made; None in the other phases. `answers`: requests
    of this effect that a person approved or denied. `today`: the day's limits that speak of this write. `dry_run`: this process writes
    nothing. `paused`: `*`, `workflow:x`, `server:y`. `lock_fault`: TOOL_CHANGED or NOT_LOCKED for the call's tool. `known_target`: where the
    identity lives already, None when nowhere. `forgotten`: the store was restored and knows nothing of this `once`: it may have happened.
    """

    phase: RunPhase
    workflow: str
    now: int
    policy: Policy
    planned: PlannedEffect | None
    planned_at: int | None
    answers: Sequence[ApprovalRequest]
    writes: Writes
    today: Sequence[DayCount]
    changes: Changes
    dry_run: bool
    paused: Sequence[str]
    lock_fault: ErrorData | None
    known_target: str | None
    forgotten: bool
    formerly: str | None = None


class Perform(TypedDict):
    """It is made. `grant`: the request whose grant this uses up."""

    kind: Literal["perform"]
    grant: str | None


class Hold(TypedDict):
    """It waits."""

    kind: Literal["hold"]
    why: HoldReason


class Refuse(TypedDict):
    """It ends the run."""

    kind: Literal["refuse"]
    error: ErrorData


Decision: TypeAlias = Perform | Hold | Refuse
"""What becomes of a write."""
