"""What makes one write the same write, for ever or for one root run: two requests with equal identities are one effect."""

from typing import Literal, TypeAlias, TypedDict

RecordAction: TypeAlias = Literal["create", "adopt", "update", "release", "reopen"]
"""What a record can do to its target. `adopt` makes no call."""

EffectId: TypeAlias = str
"""SHA-256 (hex) of the identity's canonical JSON: the ledger's primary key. Made by `effect_id`."""

StepKey: TypeAlias = str
"""The journal's address of a step: the path of call sites and loop keys that leads to it, `each#1[PR_7]/ticket.ensure#1`."""


class RecordIdentity(TypedDict):
    """A write on a record's binding. `revision` counts the settled actions on it, so that A → B → A is three updates."""

    kind: Literal["record"]
    scope: str
    record: str
    key: str
    generation: int
    action: RecordAction
    revision: int


class OnceIdentity(TypedDict):
    """`once(key, …)`. `window` is the number of the `for:` window since the epoch, None for ever."""

    kind: Literal["once"]
    scope: str
    key: str
    window: int | None


class StartIdentity(TypedDict):
    """The starting of a run of its own: `scope` is that of the workflow that is started, whoever starts it."""

    kind: Literal["start"]
    scope: str
    key: str


class StepIdentity(TypedDict):
    """A write without a lasting identity: the same step of the same root run."""

    kind: Literal["step"]
    rootRun: str
    step: str


EffectIdentity: TypeAlias = RecordIdentity | OnceIdentity | StartIdentity | StepIdentity


class RecordKey(TypedDict):
    """Which record, which identity. `scope` is a workflow's scope (its first name) or `"project"`."""

    scope: str
    record: str
    key: str
