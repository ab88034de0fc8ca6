"""The durable side of Offstage: runs, journal, ledger, bindings, requests, states."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from offstage.base import Json
from offstage.model import (
    ApprovalRequest,
    Arrival,
    Binding,
    EffectId,
    LedgerEntry,
    LedgerStatus,
    RecordKey,
    RequestStatus,
    Run,
    RunPhase,
    RunStatus,
    StepKey,
    Wait,
    WaitKind,
    WaitStatus,
)

from .retention import RetentionTx
from .rows import (
    BindingPlace,
    EventOffer,
    ExpectedEffect,
    JournalRow,
    LaneNow,
    Lease,
    MetaName,
    OfferedEvent,
    Place,
    PlanRow,
    StateValue,
    Tally,
)

T = TypeVar("T")


class RunsTx(Protocol):
    """Runs, programs, journals and plans."""

    async def get_run(self, id: str) -> Run | None: ...
    async def put_run(self, run: Run) -> None: ...
    async def list_runs(
        self,
        *,
        limit: int,
        status: Sequence[RunStatus] | None = None,
        workflow: str | None = None,
        root_run_id: str | None = None,
        before: Place | None = None,
    ) -> list[Run]:
        """Newest first; `before` leaves out one and what is newer."""
        ...

    async def begun_runs(self, limit: int) -> list[Run]:
        """Queued and interrupted runs, oldest first."""
        ...

    async def count_queued(self, limit: int, phase: RunPhase | None = None) -> int:
        """How many runs are queued, of one phase or of all, no further than `limit`."""
        ...

    async def going_run(self, workflow: str, turn: str) -> str | None:
        """The run of a workflow that goes on under this key: queued, running or parked; None: none."""
        ...

    async def get_program(self, hash: str) -> Json: ...
    async def put_program(self, hash: str, program: Json) -> None: ...
    async def load_journal(self, run_id: str) -> list[JournalRow]:
        """In the order in which the keys were first appended."""
        ...

    async def append_journal(self, run_id: str, rows: Sequence[JournalRow]) -> None:
        """A row whose key is there already takes its place."""
        ...

    async def clear_journal(self, run_id: str, key: StepKey) -> None:
        """Removes the rows whose key is `key` or lies below it (`key/…`)."""
        ...

    async def get_plan(self, id: str) -> PlanRow | None: ...
    async def put_plan(self, plan: PlanRow) -> None: ...


class LedgerTx(Protocol):
    """The ledger and what people permit of it."""

    async def get_effect(self, id: EffectId) -> LedgerEntry | None: ...
    async def put_effect(self, entry: LedgerEntry, expected: ExpectedEffect | None) -> bool:
        """Inserts, or replaces what changes: an intent all but the identity, anything else status, outcome and completion.

        `expected` is the row that was decided about (None: none): another status, attempt or fence there, and nothing happens and False.
        """
        ...

    async def complete_effect(self, id: EffectId, completion: str) -> None:
        """Keeps the completion of a done effect that has none; else nothing happens."""
        ...

    async def list_effects(
        self,
        *,
        limit: int,
        run_id: str | None = None,
        root_run_id: str | None = None,
        status: Sequence[LedgerStatus] | None = None,
        before: Place | None = None,
    ) -> list[LedgerEntry]:
        """Newest intent first; `before` leaves out one and what is newer."""
        ...

    async def count_writes(
        self,
        *,
        since: int,
        besides: EffectId,
        most: int,
        workflows: Sequence[str] | None = None,
        server: str | None = None,
        tool: str | None = None,
    ) -> int:
        """How many calls of tools were intended from `since` on and not proven to have failed, besides one; of these names only, and no further than `most`."""
        ...

    async def last_effect_of(self, key: RecordKey) -> LedgerEntry | None:
        """The effect of a record's identity that was intended last."""
        ...

    async def get_request(self, id: str) -> ApprovalRequest | None: ...
    async def requests_of(self, effect: EffectId) -> list[ApprovalRequest]:
        """The open, approved and denied requests of an effect, newest first."""
        ...

    async def owed_requests(self, root_run_id: str) -> list[ApprovalRequest]:
        """Grants that no run goes on with yet, of the runs of a root, newest first."""
        ...

    async def put_request(self, request: ApprovalRequest) -> None:
        """A second open request of one effect is refused (BUG): replace the first one first."""
        ...

    async def list_requests(
        self, *, limit: int, status: Sequence[RequestStatus] | None = None
    ) -> list[ApprovalRequest]: ...


class BindingsTx(Protocol):
    """What records are bound to."""

    async def get_binding(self, key: RecordKey) -> Binding | None:
        """The newest generation: the live one when there is one."""
        ...

    async def put_binding(self, binding: Binding) -> None:
        """One row a generation; a newer generation releases a live older one. A second live binding of one target is refused (BUG)."""
        ...

    async def list_bindings(
        self,
        *,
        limit: int,
        scope: str | None = None,
        record: str | None = None,
        key: str | None = None,
        live: bool | None = None,
        after: BindingPlace | None = None,
    ) -> list[Binding]:
        """All generations, by scope, record, key, generation; `live=True` leaves one at most of each identity. `after` leaves out one and what stands before it."""
        ...

    async def count_bindings(self, scope: str, record: str) -> int:
        """The live ones."""
        ...

    async def binding_of_target(self, scope: str, record: str, target_key: str) -> Binding | None:
        """The live binding that has this target."""
        ...


class WaitsTx(Protocol):
    """What runs wait for, and what steps that wait were offered."""

    async def get_wait(self, run_id: str, step: StepKey) -> Wait | None: ...
    async def put_wait(self, wait: Wait) -> None:
        """One row a run and step."""
        ...

    async def remove_wait(self, run_id: str, step: StepKey) -> None:
        """With what it was offered."""
        ...

    async def list_waits(
        self,
        *,
        limit: int,
        run_id: str | None = None,
        kind: WaitKind | None = None,
        topic: str | None = None,
        status: Sequence[WaitStatus] | None = None,
    ) -> list[Wait]:
        """Newest first."""
        ...

    async def waits_of(self, run_id: str) -> list[Wait]:
        """All of a run, newest first."""
        ...

    async def open_topics(self) -> list[str]:
        """The topics of which steps wait for events, each once."""
        ...

    async def due_runs(self, now: int, limit: int) -> list[Run]:
        """Parked runs that can go on: one of their waits is ready, or open and its instant came. Oldest first."""
        ...

    async def next_wake(self) -> int | None:
        """The first instant at which an open wait of a parked run is over by itself; None: none."""
        ...

    async def offer_event(self, offer: EventOffer) -> bool:
        """Keeps an event for a step that waits, behind those that are there; False, and nothing happens, when it was offered one of this id before."""
        ...

    async def remember_event(self, run_id: str, topic: str, id: str) -> bool:
        """Remembers that a run was offered an event of this id, of this source, until it is forgotten; False when it was before."""
        ...

    async def forget_events(self, run_id: str) -> None:
        """Forgets which events a run was offered."""
        ...

    async def next_event(self, run_id: str, step: StepKey, place: int) -> OfferedEvent | None:
        """The first event that a step was offered behind the one at `place`, 0 for all; None: none."""
        ...

    async def clear_events(self, run_id: str, step: StepKey, place: int) -> None:
        """Forgets what a step was offered up to `place`, but for the ids."""
        ...


class ArrivalsTx(Protocol):
    """Events that came for workflows, and how far schedules were looked at."""

    async def add_arrival(self, arrival: Arrival) -> bool:
        """False, and nothing happens, when this trigger had one of this id before."""
        ...

    async def get_arrival(self, workflow: str, trigger: str, id: str) -> Arrival | None: ...
    async def arrival_of(self, run_id: str) -> Arrival | None:
        """What started a run, the first of its chain; None: no event did, or it is kept no more."""
        ...

    async def put_arrival(self, arrival: Arrival) -> None:
        """Replaces the one of this workflow, trigger and id."""
        ...

    async def admissible_arrivals(
        self, *, workflows: Sequence[str], now: int, starts: int, limit: int
    ) -> list[Arrival]:
        """Of those of these workflows that wait and are due: the first of each key of which no run goes on, and those that others may make needless.

        `starts` of the first at most, and `limit` of those that may end a run or be dropped, whether their turn has come or not. In the
        order in which they came.
        """
        ...

    async def count_waiting_arrivals(self, *, workflows: Sequence[str], limit: int) -> int:
        """How many arrivals of these workflows wait to start a run, due or not; counted no further than `limit`."""
        ...

    async def get_schedule(self, workflow: str, trigger: str) -> int | None:
        """The instant up to which every planned time of a schedule has become an arrival or was passed over; None: it was never looked at."""
        ...

    async def put_schedule(self, workflow: str, trigger: str, seen_until: int) -> None: ...


class FactsTx(Protocol):
    """Durable values, bytes, scopes, the lease, lanes, store-wide facts."""

    async def get_state(self, scope: str, name: str, key: str) -> StateValue | None: ...
    async def put_state(self, scope: str, name: str, key: str, value: str, expected: int) -> bool:
        """False when the version is no longer `expected` (0: absent)."""
        ...

    async def get_blob(self, hash: str) -> bytes | None: ...
    async def put_blob(self, hash: str, data: bytes, kept_at: int) -> None:
        """Binary parts of results, by their SHA-256 (hex); what is there already stays, and counts as kept now."""
        ...

    async def get_scope(self, workflow: str) -> str | None:
        """A workflow's scope: its first name."""
        ...

    async def put_scope(self, workflow: str, scope: str) -> None: ...
    async def get_lease(self) -> Lease | None: ...
    async def put_lease(self, lease: Lease | None) -> None:
        """One lease per store."""
        ...

    async def next_fence(self) -> int:
        """The next fencing token; grows for ever."""
        ...

    async def get_lane(self, credential: str) -> LaneNow: ...
    async def put_lane(self, credential: str, lane: Json) -> None: ...
    async def tally(self) -> Tally: ...
    async def get_meta(self, name: MetaName) -> Json: ...
    async def put_meta(self, name: MetaName, value: Json) -> None: ...


class StoreTx(RunsTx, LedgerTx, BindingsTx, WaitsTx, ArrivalsTx, FactsTx, RetentionTx, Protocol):
    """What a transaction can do. Small reads and writes of whole rows; decisions are made by pure functions around them."""


class Store(Protocol):
    """An adapter (`stores.sqlite`, `stores.postgres`) gives one. One transaction spans journal and ledger, so that an outcome and the step that saw it commit together."""

    @property
    def id(self) -> str:
        """Made once with the store; plans name it."""
        ...

    async def transact(
        self, body: Callable[[StoreTx], Awaitable[T]], *, durable: bool, reads: bool = False, fence: int | None = None
    ) -> T:
        """Runs `body` in one serialisable transaction, retried by the adapter when the database says so.

        With `fence`, it is refused (LEASE_LOST) unless the lease has that token still. `durable` waits for the disk: a must for the
        ledger. `reads`: nothing is written in it, it sees one state of the store and holds nobody up. When `body` raises, nothing of it is
        stored. `tx` is dead once `body` has ended; never call transact inside it. It is not torn by a cancellation of its caller: that is
        raised when it is at its end.
        """
        ...

    async def close(self) -> None: ...
