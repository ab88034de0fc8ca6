"""What the gate decides from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from offstage.effects.budget import Budget
from offstage.effects.ports import EffectsOptions
from offstage.gate import Changes, DayCount, GateContext, GateEffect, Writes, day_of, limits_of
from offstage.model import ApprovalRequest, Binding, EffectId, LedgerEntry, PlannedEffect
from offstage.state import StoreTx, paused_names, restore_doubt


class Known(NamedTuple):
    """What the store knows of one effect's identity when it is decided about."""

    entry: LedgerEntry | None
    binding: Binding | None
    asked: Sequence[ApprovalRequest]


async def gather_context(
    tx: StoreTx,
    effect: GateEffect,
    known: Known,
    options: EffectsOptions,
    plan: Mapping[EffectId, PlannedEffect],
    budget: Budget,
) -> GateContext:
    """Gathers it, inside the transaction that acts on the decision."""
    run, identity, call = options.run, effect.request["identity"], effect.request["call"]
    workflow, formerly = _names_of(options)
    changes = Changes(0, 0)
    if identity["kind"] == "record" and identity["action"] in ("update", "release"):
        scope, record = identity["scope"], identity["record"]
        changed = await budget.changes(tx, scope, record, effect.id)
        changes = Changes(changed, await tx.count_bindings(scope, record))
    lasting = identity["kind"] in ("once", "start") and known.entry is None and options.epoch > 1
    asks_lock = call is not None and identity["kind"] != "start"
    return GateContext(
        phase=run.phase,
        workflow=workflow,
        formerly=formerly,
        now=options.clock.now(),
        policy=options.policy,
        planned=plan.get(effect.id),
        planned_at=None if options.plan is None else options.plan["createdAt"],
        answers=known.asked,
        writes=Writes(0 if run.max_writes is None else await budget.writes(tx, effect.id), run.max_writes),
        today=await _count_today(tx, effect, options, budget),
        changes=changes,
        dry_run=options.dry_run,
        paused=await paused_names(tx),
        lock_fault=options.lock_fault(call["server"], call["tool"]) if asks_lock and call is not None else None,
        known_target=_target_of_known(known),
        forgotten=lasting and await restore_doubt(tx) is not None,
    )


def _names_of(options: EffectsOptions) -> tuple[str, str | None]:
    """A run that began before its workflow was renamed is judged by what is said of it under the name that it has now."""
    run = options.run
    now = run.workflow if run.name_now is None else run.name_now
    return now, run.formerly if now == run.workflow else run.workflow


async def _count_today(tx: StoreTx, effect: GateEffect, options: EffectsOptions, budget: Budget) -> list[DayCount]:
    """In the transaction that intends the write: of two processes that come to the last one, only one has it. A plan adds what it would write itself."""
    names = [name for name in _names_of(options) if name is not None]
    counted: list[DayCount] = []
    for limit in limits_of(options.policy["limits"], names, effect.request["call"]):
        made = await tx.count_writes(
            since=day_of(options.clock.now()).since,
            besides=effect.id,
            most=limit["perDay"],
            workflows=names if "workflow" in limit else None,
            server=limit.get("server"),
            tool=limit.get("tool"),
        )
        planned = budget.planned(limit, effect.id) if options.run.phase == "plan" else 0
        counted.append(DayCount(limit, made + planned))
    return counted


def _target_of_known(known: Known) -> str | None:
    if known.binding is not None:
        return known.binding["target"]
    return None if known.entry is None or known.entry["status"] == "failed" else known.entry["target"]
