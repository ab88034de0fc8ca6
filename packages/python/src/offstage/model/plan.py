"""A run held at its writes."""

from typing import Literal, TypeAlias, TypedDict

from .effect import Certainty, HoldReason
from .identity import EffectId, EffectIdentity, StepKey
from .partial import PartialData

PlanSign: TypeAlias = Literal["+", "=", "~", "-"]
"""The sign in front of a plan's line: create, adopt, update, release; a bare write is `+` too."""


class PlannedEffect(TypedDict):
    """One effect that a plan shows and, once approved, permits. `knownHash`: over the known parts, unknown ones as None."""

    id: EffectId
    identity: EffectIdentity
    identityKnown: bool
    step: StepKey
    sign: PlanSign
    label: str
    server: str
    tool: str | None
    target: str
    args: PartialData
    knownHash: str
    certainty: Certainty
    undo: str | None
    why: HoldReason


class PlanBasis(TypedDict):
    """Hashes of what a plan was made under: a change of any voids it. `targets`: server → target."""

    program: str
    classes: str
    profiles: str
    policy: str
    targets: dict[str, str]


class Plan(TypedDict):
    """As shown to a person and kept beside the run. `id` is the run's: apply continues it. `effects`: in the order of the text."""

    version: Literal[1]
    id: str
    storeId: str
    workflow: str
    createdAt: int
    expiresAt: int
    basis: PlanBasis
    effects: list[PlannedEffect]
    unchanged: int
