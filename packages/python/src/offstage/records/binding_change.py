"""Changes of a binding."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict

from offstage.base import Data
from offstage.model import EffectId, RecordKey


class BoundChange(TypedDict):
    """A target is bound."""

    kind: Literal["bound"]
    key: RecordKey
    effect: EffectId
    generation: int
    kept: Data
    targetKey: str
    adopted: bool
    server: str


class UpdatedChange(TypedDict):
    """It was updated; `notConverging`: the hash of the arguments that did not take."""

    kind: Literal["updated"]
    key: RecordKey
    effect: EffectId
    notConverging: str | None


class ReleasedChange(TypedDict):
    """It was released; without an effect it was only unbound."""

    kind: Literal["released"]
    key: RecordKey
    effect: EffectId | None


class ReopenedChange(TypedDict):
    """It was reopened."""

    kind: Literal["reopened"]
    key: RecordKey
    effect: EffectId


class SeenChange(TypedDict):
    """Nothing was done. `goneSince` keeps the first witness of a disappearance; None clears it. `converged`: the target was seen to be as desired, so that an earlier NOT_CONVERGING is over."""

    kind: Literal["seen"]
    key: RecordKey
    goneSince: int | None
    converged: NotRequired[bool]


BindingChange: TypeAlias = BoundChange | UpdatedChange | ReleasedChange | ReopenedChange | SeenChange
"""A change of a binding. `effect` is the effect it follows from, whose row it completes in the same transaction."""


class Adoption(TypedDict):
    """The arguments (and the value) of an `adopt` effect: perform makes the binding from them, in its own transaction."""

    kept: Data
    targetKey: str
