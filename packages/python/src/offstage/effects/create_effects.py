"""The writes of one run."""

from __future__ import annotations

from offstage.base import OffstageError
from offstage.effects.bind import bind_change
from offstage.effects.budget import ALL, Budget
from offstage.effects.earlier_windows import EarlierWindows
from offstage.effects.intend import target_for
from offstage.effects.ledger_answer import moved_away
from offstage.effects.perform import PerformerState, perform_once
from offstage.effects.planned_lines import PlannedLines
from offstage.effects.ports import EffectsOptions
from offstage.effects.record_view import view_record
from offstage.effects.settle import need_effect, settle_effect
from offstage.effects.turns import turn_of, turn_of_record
from offstage.model import (
    Binding,
    EffectAnswer,
    EffectId,
    EffectIdentity,
    EffectRequest,
    Evidence,
    LedgerEntry,
    OnceIdentity,
    PlannedEffect,
    RecordKey,
    StepKey,
    effect_id,
)
from offstage.records import BindingChange, RecordView
from offstage.state import StoreTx

# So many transactions at most are under way at once; of older ones it is long known how they ended.
_TAKEN = 16


class Effects:
    """The engine's port of the same name, over one store: the only way to a server's writing tools. What a host asks besides.

    Methods raise `LEASE_LOST` when another process took the store over, and store errors; what a server does is an answer.
    """

    def __init__(self, options: EffectsOptions) -> None:
        self._options = options
        lines = [] if options.plan is None else options.plan["effects"]
        plan = {line["id"]: line for line in lines}
        self._state = PerformerState(options, plan, Budget(options.run.root_run_id), PlannedLines())
        # Lost in a crash, a completion is only made again: it need not cost a transaction of its own.
        self._completions: dict[EffectId, str] = {}
        # What a transaction took that may still fail.
        self._taken: dict[int, tuple[StoreTx, dict[EffectId, str]]] = {}
        self._windows = EarlierWindows(options.store, options.run)

    async def perform(self, request: EffectRequest) -> EffectAnswer:
        """The one path of a write. Before its identity is known it is not another's either, and takes no turn."""
        if not request["identityKnown"]:
            return await perform_once(self._state, request)
        turn = turn_of(request["identity"])
        return await self._options.turns.take(turn, lambda: perform_once(self._state, request))

    async def entry(self, identity: EffectIdentity) -> LedgerEntry | None:
        """The row of an effect, with a completion that is not stored yet. Raises `TARGET_CHANGED`."""
        id, options = effect_id(identity), self._options
        entry = await options.turns.take(
            turn_of(identity),
            lambda: options.store.transact(lambda tx: tx.get_effect(id), durable=False, reads=True),
        )
        if entry is None or entry["status"] == "failed":
            return entry
        target = target_for(entry["identity"], entry["server"], options)
        if entry["target"] != target:
            error = moved_away(entry, target)
            raise OffstageError(error["code"], error["message"], hint=error.get("hint"))
        if entry["completion"] is None:
            entry = entry.copy()
            entry["completion"] = self._completions.get(id)
        return entry

    async def earlier_window(self, identity: OnceIdentity, step: StepKey) -> int | None:
        """In which window the runs that this one continues wrote at this step, or may have."""
        return await self._windows.window_of(identity, step)

    async def record(self, key: RecordKey, server: str) -> RecordView:
        """What the store knows of one identity."""
        options = self._options
        return await options.turns.take(
            turn_of_record(key),
            lambda: options.store.transact(lambda tx: view_record(tx, key, server, options), durable=False, reads=True),
        )

    async def settle(self, effect: EffectId, evidence: Evidence) -> LedgerEntry:
        """Settles an effect by what was found, or provably not."""
        options = self._options
        entry = await options.store.transact(lambda tx: need_effect(tx, effect), durable=False, reads=True)
        return await options.turns.take(
            turn_of(entry["identity"]),
            lambda: options.store.transact(
                lambda tx: settle_effect(tx, effect, evidence, options.clock.now()), durable=True, fence=options.fence
            ),
        )

    async def complete(self, effect: EffectId, completion: str) -> None:
        """Keeps the value of the function around a write, with the next intent."""
        self._completions[effect] = completion

    async def bind(self, change: BindingChange) -> Binding:
        """Changes a binding."""
        options = self._options
        return await options.store.transact(
            lambda tx: bind_change(tx, change, options), durable=False, fence=options.fence
        )

    async def bindings(self, scope: str, record: str | None) -> list[Binding]:
        """Of each identity the generation that counts."""
        all = await self._options.store.transact(
            lambda tx: tx.list_bindings(scope=scope, record=record, limit=ALL), durable=False, reads=True
        )
        # Generations come in order: the last of a key is the one that counts.
        return [*{(one["scope"], one["record"], one["key"]): one for one in all}.values()]

    async def flush(self, tx: StoreTx) -> None:
        """Writes the completions that wait, in a transaction of the caller's: with the next intent, and at the run's end."""
        if not self._completions:
            return
        taken = {**self._completions}
        self._taken[id(tx)] = (tx, taken)
        if len(self._taken) > _TAKEN:
            del self._taken[next(iter(self._taken))]
        self._completions.clear()
        for effect, completion in taken.items():
            await tx.complete_effect(effect, completion)

    def restore(self, tx: StoreTx) -> None:
        """What was flushed in this transaction waits again: it did not commit."""
        _, taken = self._taken.pop(id(tx), (tx, {}))
        self._completions.update(taken)

    def planned_effects(self) -> list[PlannedEffect]:
        """The lines of the plan so far, in the order of the text, loops in the order of their items."""
        return self._state.lines.list()


def create_effects(options: EffectsOptions) -> Effects:
    """The writes of one run, over one store."""
    return Effects(options)
