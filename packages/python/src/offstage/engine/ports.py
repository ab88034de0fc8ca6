"""Everything the engine asks of the world. It has no clock, no randomness and no I/O of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NotRequired, Protocol, TypeAlias, TypedDict

from offstage.base import Data, ErrorData, JsonObject
from offstage.calls import Paging
from offstage.model import (
    Binding,
    CallClass,
    EffectAnswer,
    EffectIdentity,
    EffectRequest,
    EventSource,
    Evidence,
    LedgerEntry,
    RecordKey,
    RunEvent,
    RunPhase,
    RunWait,
)


class StagedState(TypedDict):
    """A `set` that commits when the run ends well. `scope`: of a called workflow; absent for the run's own."""

    scope: NotRequired[str]
    name: str
    key: str
    value: Data
    version: int


class CompactedItem(TypedDict):
    """The compaction format: the result of a finished item, and the state changes that it staged."""

    result: Any
    staged: list[StagedState]


class Journal(Protocol):
    """What a run has already seen, so that it can go on after a crash. Keys are unique in a run."""

    async def once(self, key: str, hash: str, perform: Callable[[], Awaitable[Any]]) -> Any:
        """Answers from what is journaled under `key`, else performs and journals. Another hash under the same key is JOURNAL_MISMATCH."""
        ...

    def now(self, key: str) -> int:
        """Milliseconds since the epoch, the same for the same key."""
        ...

    def compacted(self, key: str) -> CompactedItem | None:
        """What a finished item of an `each` left behind; None when it has to run."""
        ...

    async def compact(self, key: str, item: CompactedItem) -> None:
        """Replaces everything journaled below `key` by `item`."""
        ...


class Tools(Protocol):
    """Profiles, as the engine sees them. Pure and immediate; what cannot be decided is a write."""

    def classify(self, server: str, tool: str, args: Any) -> CallClass: ...

    def paging(self, server: str, tool: str, args: Any) -> Paging: ...


class ReadValue(TypedDict):
    """`gone`: the profile's `gone` holds."""

    kind: Literal["value"]
    value: Data
    gone: bool


class ReadError(TypedDict):
    """Catchable. `gone` when the profile says that the error means absence."""

    kind: Literal["error"]
    error: ErrorData
    gone: bool


ReadAnswer: TypeAlias = ReadValue | ReadError


class Reads(Protocol):
    """Reading calls. Never used for writes."""

    async def read(self, step: str, server: str, tool: str, args: Data) -> ReadAnswer: ...

    async def read_offer(self, step: str, server: str, offer: dict[str, Any]) -> ReadAnswer:
        """`{"kind": "resource", "uri"}`, or `{"kind": "prompt", "name", "args"}`."""
        ...


class Models(Protocol):
    """Models that are asked: never given tools."""

    async def ask(self, step: str, prompt: str, schema: Any, max_tokens: int, model: str | None) -> ReadAnswer: ...


class Effects(Protocol):
    """Writes, and what the store knows of identities."""

    async def entry(self, identity: EffectIdentity) -> LedgerEntry | None: ...

    async def earlier_window(self, identity: EffectIdentity, step: str) -> int | None: ...

    async def record(self, key: RecordKey, server: str) -> Any: ...

    async def perform(self, request: EffectRequest) -> EffectAnswer: ...

    async def settle(self, effect: str, evidence: Evidence) -> LedgerEntry: ...

    async def complete(self, effect: str, completion: str) -> None: ...

    async def bind(self, change: Any) -> Binding: ...

    async def bindings(self, scope: str, record: str | None) -> Sequence[Binding]: ...


class States(Protocol):
    """Durable values of the workflow."""

    async def get(self, scope: str, name: str, key: str) -> tuple[Any, int]:
        """The committed value (`undefined`: never set) and its version (0: never set)."""
        ...


class WaitOver(TypedDict):
    """What the wait came to."""

    kind: Literal["over"]
    value: Any


class WaitOpen(TypedDict):
    """Not yet; the strand ends, and is run again when something came."""

    kind: Literal["open"]
    wait: RunWait


WaitAnswer: TypeAlias = WaitOver | WaitOpen


class Waits(Protocol):
    """What parks a run. The first time a step asks it is remembered, durably, that it waits, and since when."""

    async def sleep(
        self, *, step: str, hash: str, label: str, kind: Literal["sleep", "poll"], after_ms: int | None, at: int | None
    ) -> WaitAnswer: ...

    async def approve(
        self,
        *,
        step: str,
        hash: str,
        label: str,
        topic: str,
        message: str,
        show: Data | None,
        by: list[str] | None,
        within_ms: int | None,
    ) -> WaitAnswer:
        """Over: `{"verdict", "by", "at"}`; a verdict of None: nobody answered in time."""
        ...

    async def event(
        self, *, step: str, hash: str, label: str, source: EventSource, topic: str, within_ms: int | None, seen: int
    ) -> WaitAnswer:
        """Over: the first event after the place `seen`, as `{"place", "event"}`; None when its time is over."""
        ...


class Ports(Protocol):
    """All of them."""

    journal: Journal
    tools: Tools
    reads: Reads
    models: Models
    effects: Effects
    states: States
    waits: Waits

    def conforms(self, schema: Any, value: Any) -> list[str]:
        """What a value breaks of a JSON Schema, one phrase a fault."""
        ...

    def log(self, step: str, text: str) -> None:
        """A line in the run's story. Called again when a run is resumed, with the same step."""
        ...

    def checkpoint(self, kind: Literal["call", "other"]) -> None:
        """Called at the start of each step: raises CANCELLED or LIMIT_DURATION when the run must end; counts towards LIMIT_CALLS."""
        ...


@dataclass(frozen=True, kw_only=True)
class RunFrame:
    """What the engine is told of the run. `scopes`: of the workflows that it calls, by their names. `sweep`: what it covers as one."""

    run_id: str
    root_run_id: str
    scope: str
    phase: RunPhase
    started_at: int
    inputs: JsonObject
    event: RunEvent
    scopes: dict[str, str] = field(default_factory=dict[str, str])
    sweep: Any = None
