"""What the writes of a run need of the world."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, TypedDict

from offstage.base import Clock, Data, ErrorData, JsonObject
from offstage.effects.turns import Turns
from offstage.model import EffectId, Plan, Policy, RunPhase
from offstage.state import Store, StoreTx


class CallMade(TypedDict):
    """The write was made, and gave this."""

    kind: Literal["value"]
    value: Data


class CallUnread(TypedDict):
    """The write was made, and what it gave could not be understood."""

    kind: Literal["unreadable"]
    error: ErrorData


class CallFailed(TypedDict):
    """`refused`: provably without effect (never sent, or a rule says so)."""

    kind: Literal["error"]
    error: ErrorData
    refused: bool


CallAnswer: TypeAlias = CallMade | CallUnread | CallFailed
"""How a call ended."""


class Caller(Protocol):
    """Sends one call and understands its answer (`calls` fits by shape)."""

    async def call(self, server: str, tool: str, args: Data, deadline_at: float) -> CallAnswer:
        """Sends nothing after `deadline_at`. Should it raise, the call may have been made."""
        ...


@dataclass(frozen=True, kw_only=True)
class EffectsRun:
    """The run that asks for the effects. `formerly`: the name that its workflow had before a renaming; `name_now`: the one that it has now, where it was renamed while the run went on. `max_writes`: None for no limit."""

    id: str
    root_run_id: str
    workflow: str
    phase: RunPhase
    inputs_hash: str
    max_writes: int | None = None
    formerly: str | None = None
    name_now: str | None = None


EffectKind: TypeAlias = Literal["effect-done", "effect-failed", "effect-held", "effect-ambiguous", "effect-refused"]


@dataclass(frozen=True, kw_only=True)
class EffectEvent:
    """What became of a write, for progress lines and counts. `tool` is None where no tool is called. `replayed`: answered from the ledger. `attempted`: this run intended it now; everything else is an answer without a call."""

    kind: EffectKind
    run_id: str
    effect: EffectId
    server: str
    tool: str | None
    label: str
    detail: str
    replayed: bool
    attempted: bool


class StartedRun(TypedDict):
    """What `start` asks for."""

    workflow: str
    key: str
    inputs: JsonObject


@dataclass(frozen=True, kw_only=True)
class EffectsOptions:
    """What `create_effects` needs.

    `fence`: the lease's token of this process, None while planning, which needs no lease. `plan`: the one that is applied. `dry_run`: this
    process writes nothing. `target_of`: the account or site that a server speaks to. `lock_fault`: TOOL_CHANGED or NOT_LOCKED, None when
    the tool is as it was pinned. `timeout_ms`: how long a write may take, from its intent; nothing is sent after that. `turns`: shared by
    all runs of the process. `start_run` makes the run that a `start` asks for, in the transaction that says that it is started, and gives
    its id. `before_commit` writes what the journal holds back, in the transaction of an intent: nothing durable comes before what led to
    it. `asks`: False: what is held for a person is held without asking one, and what failed may be attempted again under the same run.
    """

    store: Store
    caller: Caller
    clock: Clock
    run: EffectsRun
    fence: int | None
    epoch: int
    plan: Plan | None
    policy: Policy
    target_of: Callable[[str], str]
    lock_fault: Callable[[str, str], ErrorData | None]
    timeout_ms: Callable[[str], int]
    turns: Turns
    new_id: Callable[[], str]
    start_run: Callable[[StoreTx, StartedRun], Awaitable[str]]
    before_commit: Callable[[StoreTx], Awaitable[None]]
    on_effect: Callable[[EffectEvent], None]
    dry_run: bool = False
    asks: bool = True
