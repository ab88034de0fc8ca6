"""Events that came, from the store into runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from offstage.engine import Unjudged, Unwanted, judge
from offstage.host.decide_arrivals import ArrivalDecisions, Dropped, GoingRun, decide_arrivals
from offstage.host.environment import Environment
from offstage.host.new_run import start_run
from offstage.host.served_workflow import ServedTrigger, ServedWorkflow, with_former_names
from offstage.model import Arrival, Run, TriggerEvent
from offstage.state import Store, StoreTx

# More than ever wait to be judged at once; the rest is found in the next round.
_ROUND = 1_000
# As many runs stand before a process at most: what comes behind them is an arrival, which costs less to keep and to look at.
_MOST_QUEUED = 256
# Only when so many have begun are others looked for: a look costs as much as arrivals wait, not as runs may start.
_LEAST_STARTS = _MOST_QUEUED // 2


@dataclass(frozen=True, kw_only=True)
class Came:
    """An event that came for a trigger. `id` tells it from the others of the trigger; `due_at`: it starts nothing before, ms."""

    event: TriggerEvent
    id: str
    due_at: int


async def keep_arrival(
    tx: StoreTx, workflow: ServedWorkflow, served: ServedTrigger, came: Came, now: int
) -> Arrival | None:
    """Keeps an event for a workflow, unless its trigger does not want it or had it before. Once the transaction is durable, it is not lost.

    One that the trigger cannot judge is kept as dropped, with the error.
    """
    if workflow.formerly is not None and await tx.get_arrival(workflow.formerly, served.name, came.id) is not None:
        return None
    verdict = judge(served.trigger, came.event)
    if isinstance(verdict, Unwanted):
        return None
    failed = isinstance(verdict, Unjudged)
    said = served.trigger.settings
    arrival: Arrival = {
        "workflow": workflow.program.name,
        "trigger": served.name,
        "id": came.id,
        "event": came.event,
        "dueAt": came.due_at,
        "key": "" if failed else verdict.key,
        "overlap": said["overlap"],
        "sweep": said["sweep"],
        "each": served.trigger.kind in ("webhook", "queue") or said.get("missed") == "all",
        "arrivedAt": now,
        "status": "dropped" if failed else "waiting",
        "runId": None,
        "why": f"its trigger failed: {verdict.error['message']}" if failed else None,
    }
    return arrival if await tx.add_arrival(arrival) else None


class StartedBy(NamedTuple):
    """A run, and what started it."""

    run: Run
    arrival: Arrival


@dataclass(frozen=True)
class Admitted:
    """What one look at the arrivals that wait came to. `dropped`: each with its `why`. `replaced`: ids of runs to cancel."""

    started: list[StartedBy] = field(default_factory=list[StartedBy])
    dropped: list[Arrival] = field(default_factory=list[Arrival])
    replaced: list[str] = field(default_factory=list[str])


async def admit_arrivals(store: Store, environment: Environment, workflows: Sequence[ServedWorkflow]) -> Admitted:
    """Starts runs for the arrivals whose turn it is: run and arrival are one transaction, so that one arrival never starts two.

    Those of workflows that are not served wait, and so do those behind as many runs as a process has before it. One that was renamed takes
    what waits for its former name.
    """
    now = environment.clock.now()
    renamed = with_former_names(workflows)
    takers = {one.formerly: one for one in renamed if one.formerly is not None}
    takers |= {one.program.name: one for one in renamed}

    async def decide(tx: StoreTx) -> ArrivalDecisions:
        return await _decide_now(tx, takers, now, dry_run=environment.dry_run)

    first = await store.transact(decide, durable=False, reads=True)
    if not first.start and not first.drop:
        return Admitted(replaced=first.replace)

    async def admit(tx: StoreTx) -> Admitted:
        # Anew: whoever has the store besides may have begun one.
        decided = await decide(tx)
        admitted = Admitted(replaced=decided.replace)
        for arrival in decided.start:
            run = await _start_for(tx, environment, takers[arrival["workflow"]], arrival)
            admitted.started.append(StartedBy(run, arrival))
        for arrival, why in decided.drop:
            dropped: Arrival = {**arrival, "status": "dropped", "why": why}
            await tx.put_arrival(dropped)
            admitted.dropped.append(dropped)
        return admitted

    return await store.transact(admit, durable=True)


async def _decide_now(
    tx: StoreTx, takers: Mapping[str, ServedWorkflow], now: int, *, dry_run: bool
) -> ArrivalDecisions:
    """Judged under the names that workflows have now, given back under those that arrivals are kept by."""
    # What began for real stands before no dry run: it is left alone there.
    starts = _MOST_QUEUED - await tx.count_queued(_MOST_QUEUED, "plan" if dry_run else None)
    if starts < _LEAST_STARTS:
        return ArrivalDecisions()
    kept: list[tuple[Arrival, Arrival]] = []
    turns: dict[tuple[str, str], ServedWorkflow] = {}
    for arrival in await tx.admissible_arrivals(workflows=[*takers], now=now, starts=starts, limit=_ROUND):
        taker = takers[arrival["workflow"]]
        judged: Arrival = {**arrival, "workflow": taker.program.name}
        kept.append((judged, arrival))
        turns[judged["workflow"], judged["key"]] = taker
    going: list[GoingRun] = []
    left: set[tuple[str, str]] = set()
    for (name, key), taker in turns.items():
        run_id = await tx.going_run(name, key)
        if run_id is None and taker.formerly is not None:
            run_id = await tx.going_run(taker.formerly, key)
        if run_id is None:
            continue
        run = await tx.get_run(run_id) if dry_run else None
        # Whatever its end would mean for them is decided when that may come: until then they wait.
        if dry_run and (run is None or run["phase"] != "plan"):
            left.add((name, key))
        else:
            going.append(GoingRun(run_id, name, key))
    decided = decide_arrivals(
        [judged for judged, _ in kept if (judged["workflow"], judged["key"]) not in left], going, now
    )
    original = {id(judged): arrival for judged, arrival in kept}
    return ArrivalDecisions(
        [original[id(one)] for one in decided.start],
        [Dropped(original[id(one)], why) for one, why in decided.drop],
        decided.replace,
    )


async def _start_for(tx: StoreTx, environment: Environment, workflow: ServedWorkflow, arrival: Arrival) -> Run:
    run = await start_run(
        tx,
        environment,
        workflow.program,
        inputs=workflow.inputs,
        event=arrival["event"],
        phase="run",
        sweep=arrival["sweep"],
    )
    run["turn"] = arrival["key"]
    await tx.put_run(run)
    await tx.put_arrival({**arrival, "status": "started", "runId": run["id"]})
    return run
