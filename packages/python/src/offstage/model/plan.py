"""A run held at its writes."""

from typing import Literal, NotRequired, TypeAlias, TypedDict

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


class PlanCut(TypedDict):
    """Where a plan ends and the run would go on: what comes next depends on what is known only after the apply.

    `step`: the item that ends there, `""` for the body. `after`: what is not known, for people: a write that is held, or a wait.
    """

    step: StepKey
    kind: Literal["write", "wait", "other"]
    after: str


class Plan(TypedDict):
    """As shown to a person and kept beside the run. `id` is the run's: apply continues it. `effects`: in the order of the text.

    `cutShort`: only where it ends before the run would. A plan of the TypeScript library never does.
    """

    version: Literal[1]
    id: str
    storeId: str
    workflow: str
    createdAt: int
    expiresAt: int
    basis: PlanBasis
    effects: list[PlannedEffect]
    unchanged: int
    cutShort: NotRequired[list[PlanCut]]
