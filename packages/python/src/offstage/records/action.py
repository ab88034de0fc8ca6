"""The next thing to do for one identity of a record."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

from offstage.base import ErrorData
from offstage.model import EffectId, HoldReason


class Look(TypedDict):
    """Call `find` and note the target keys of all it gives; call `read` with what was kept; call `same` with what was read."""

    kind: Literal["find", "read", "compare"]


class RecordWrite(TypedDict):
    """Evaluate the callback of that name and perform its write under this generation, action and revision. `certain` is false: the plan shows it as `may`."""

    kind: Literal["create", "update", "release", "reopen"]
    generation: int
    revision: int
    certain: bool


class Adopt(TypedDict):
    """Keep the item found whose target key this is; performed with an `Adoption` as arguments."""

    kind: Literal["adopt"]
    generation: int
    revision: int
    targetKey: str


class SettledByLooking(TypedDict):
    """`by: "find"` gives the item found as the value, `by: "read"` None."""

    kind: Literal["found"]
    by: Literal["find", "read"]
    targetKey: str | None


class Absent(TypedDict):
    """Looked for at `askedAt`, not there."""

    kind: Literal["absent"]
    askedAt: int
    provesAfterMs: int | None


class Settle(TypedDict):
    """Tell the ledger what was found."""

    kind: Literal["settle"]
    effect: EffectId
    evidence: SettledByLooking | Absent


class FoundTarget(TypedDict):
    """The item found whose target key this is."""

    targetKey: str


# `from` is a word of Python's: the members of this one cannot be written as a class.
Bound = TypedDict(
    "Bound",
    {
        "kind": Literal["bind"],
        "change": Literal["bound"],
        "effect": EffectId,
        "generation": int,
        "from": Literal["function"] | FoundTarget,
    },
)
"""Keep what `create` returned (evaluated again when its value was lost), or the item found."""


class Updated(TypedDict):
    """After it, facts say `updated: True`."""

    kind: Literal["bind"]
    change: Literal["updated"]
    effect: EffectId
    notConverging: str | None


class Reopened(TypedDict):
    """After it, nothing is observed yet."""

    kind: Literal["bind"]
    change: Literal["reopened"]
    effect: EffectId


class Released(TypedDict):
    """`effect` None only unbinds: an adopted target, or a record without `release`."""

    kind: Literal["bind"]
    change: Literal["released"]
    effect: EffectId | None


class Seen(TypedDict):
    """Keep the first witness of a disappearance."""

    kind: Literal["bind"]
    change: Literal["seen"]
    goneSince: int


RecordBind: TypeAlias = Bound | Updated | Reopened | Released | Seen
"""Store what a done effect means."""


class Done(TypedDict):
    """Everything is as it should be: bind `seen` with `converged`, the value is what is kept."""

    kind: Literal["done"]
    converged: bool


class Blocked(TypedDict):
    """The effect cannot be settled now; the item ends, `offstage resolve` may tell."""

    kind: Literal["blocked"]
    effect: EffectId
    error: ErrorData


class Hold(TypedDict):
    """The next generation may be due, and that is not proven: the value is unknown, from the effect that would create it."""

    kind: Literal["hold"]
    generation: int
    why: HoldReason


class Fail(TypedDict):
    """It cannot go on."""

    kind: Literal["fail"]
    error: ErrorData


RecordStep: TypeAlias = Look | RecordWrite | Adopt | Settle | RecordBind | Done | Blocked | Hold | Fail
"""Whoever executes it adds what it observed to the facts, takes a new view after a write, `settle` and `bind`, and asks again, until `done`, `hold`, `blocked` or `fail`."""
