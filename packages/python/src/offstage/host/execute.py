"""One run, driven to its end over a store."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from offstage.base import JsonObject, OffstageError, hash_json, new_run_id, to_error_data, utf16_order
from offstage.effects import Turns
from offstage.engine import EngineResult, ReadAnswer, RunFrame, SweepEnd, run_workflow
from offstage.host.checkpoint import Checkpoint
from offstage.host.continue_later import continue_later
from offstage.host.environment import Environment, LogNews, RunNews
from offstage.host.go_on import go_on_after
from offstage.host.input_check import conforms
from offstage.host.journal import KeepingStore, StoreJournal
from offstage.host.new_run import woken
from offstage.host.program import Program
from offstage.host.run_effects import RunEffects
from offstage.host.scopes import others_scopes
from offstage.host.states import StoreStates, commit_states
from offstage.host.stops import Stops
from offstage.host.try_again import try_again
from offstage.host.waits import StoreWaits, forget_waits
from offstage.model import Plan, PlannedEffect, Run, RunStatus
from offstage.records import after_miss
from offstage.state import JournalRow, Store, StoreTx

CANCEL_ASKED = "CANCELLED"
# Beside the keys of steps, which have a number.
_TARGETS = "targets"


@dataclass(frozen=True, kw_only=True)
class Execution:
    """One run to be driven to its end by this process.

    `plan`: the one that is applied. `rows`: what the run journaled before it was interrupted, or while it was planned. `fence`: the lease's
    token; None while planning, which writes nothing that another process could contradict. `turns`: shared by all runs of the process.
    """

    store: Store
    environment: Environment
    turns: Turns
    run: Run
    program: Program
    plan: Plan | None
    rows: list[JournalRow]
    epoch: int
    fence: int | None
    stops: Stops


@dataclass(frozen=True, kw_only=True)
class Executed:
    """How driving a run ended, before its end is stored. `unchanged`: writes and records that were found as they should be."""

    run: Run
    result: EngineResult
    journal: StoreJournal
    effects: RunEffects
    planned: list[PlannedEffect]
    unchanged: int

    def restore(self, tx: StoreTx) -> None:
        """Takes back what a transaction that failed had taken of the run's memory."""
        self.journal.restore(tx)
        self.effects.restore(tx)


async def execute_run(execution: Execution) -> Executed:
    """Executes a run over the environment's ports.

    Raises only when nothing can be said about the run: the store is out of reach or belongs to another process, or this process cannot
    begin to drive it. Whoever holds the store next continues it then.
    """
    environment, run, program, stops = execution.environment, execution.run, execution.program, execution.stops
    journal, effects = _memory_of(execution)
    clock = environment.clock
    # As if it had been driven without a pause: parked time does not count.
    started_at = clock.now() - run["drivenMs"]
    checkpoint = Checkpoint(limits=program.limits, clock=clock, started_at=started_at, stops=stops)
    # One that only ends now needs nobody.
    if not stops.cancelled:
        await _refuse_other_targets(execution, journal)
    await environment.connect(program.servers)
    frame = _frame_of(execution, await others_scopes(execution.store, program))
    ports: Any = _Ports(execution, journal, effects, checkpoint)
    result = await run_workflow(program.workflow, frame, ports)
    ended = _ended_as(run, result, now=clock.now(), started_at=started_at)
    # What it called before it was parked is in part answered from the journal now; what it wrote is all answered.
    ended["counts"] = {
        "calls": max(run["counts"]["calls"], checkpoint.calls),
        "writes": run["counts"]["writes"] + effects.writes,
        "replayed": result.replayed,
    }
    reads = Counter(run["counts"].get("reads", {})) + ports.reads.counted
    if reads:
        ended["counts"]["reads"] = {name: reads[name] for name in sorted(reads, key=utf16_order)}
    if result.sweep is not None:
        ended["counts"]["swept"] = result.sweep["swept"]
    return Executed(
        run=ended,
        result=result,
        journal=journal,
        effects=effects,
        planned=effects.planned_effects(),
        unchanged=effects.done_before + result.unchanged,
    )


async def store_end(execution: Execution, executed: Executed, plan: Plan | None = None) -> Run:
    """Stores how a run ended, in one transaction with what it staged. A lost race of a state is the run's end instead.

    One that somebody asked to end while it came to be parked goes on (`running`), as far as that. What is to be tried again for it, or goes on
    with what it could not write, waits from then on. `plan`: what a run that was held at its
    writes came to.
    """
    run = executed.run
    try:
        return await _end(execution, executed, plan, run, states=run["status"] == "succeeded" and not run["held"])
    except OffstageError as error:
        if error.code != "STATE_CONFLICT":
            raise
        failed = run.copy()
        failed["status"], failed["error"] = "failed", to_error_data(error)
        return await _end(execution, executed, plan, failed, states=False)


async def _end(execution: Execution, executed: Executed, plan: Plan | None, run: Run, *, states: bool) -> Run:
    environment = execution.environment

    async def end(tx: StoreTx) -> tuple[Run, Run | None]:
        await executed.journal.flush(tx)
        await executed.effects.flush(tx)
        await forget_waits(tx, run["id"], run["waits"])
        if states:
            await commit_states(tx, run["scope"], executed.result.staged)
        if run["phase"] != "plan" and run["status"] != "failed":
            await _count_misses(tx, executed.result.sweep, run["startedAt"])
        wished = await _as_wished(tx, run)
        again = await try_again(tx, environment, wished)
        ended = await go_on_after(tx, environment, wished, again)
        await tx.put_run(ended)
        if plan is not None and ended["status"] == "planned":
            await tx.put_plan({"plan": plan, "appliedAt": None, "error": None})
        return ended, await continue_later(tx, environment, ended) if again is None else again

    store = KeepingStore(execution.store, executed.restore)
    ended, later = await store.transact(end, durable=True, fence=execution.fence)
    if later is not None:
        environment.news(RunNews(kind="run-parked", run=later))
    return ended


async def _as_wished(tx: StoreTx, run: Run) -> Run:
    """A run that a person asked to end meanwhile: parked, it goes on as far as that; failed or with something left, nothing begins it again."""
    if run["status"] in ("succeeded", "planned"):
        return run
    stored = await tx.get_run(run["id"])
    error = None if stored is None else stored["error"]
    if error is None or error["code"] != CANCEL_ASKED:
        return run
    ended = run.copy()
    if run["status"] == "parked":
        ended = woken(run)
        ended["error"] = error
    else:
        ended["status"] = "cancelled"
    return ended


async def _count_misses(tx: StoreTx, sweep: SweepEnd | None, since: int) -> None:
    """With the run's end, so that no sweep counts twice: one that is killed before looks again."""
    for key in [] if sweep is None else sweep["missed"]:
        missed = after_miss(await tx.get_binding(key), since)
        if missed is not None:
            await tx.put_binding(missed)


def _memory_of(execution: Execution) -> tuple[StoreJournal, RunEffects]:
    """The journal and the effects of a run: what a transaction takes of both is given back when it fails."""
    store, run, environment, fence = execution.store, execution.run, execution.environment, execution.fence

    async def spill(flush: Any) -> None:
        await KeepingStore(store, journal.restore).transact(flush, durable=False, fence=fence)

    def restore(tx: StoreTx) -> None:
        journal.restore(tx)
        effects.restore(tx)

    journal = StoreJournal(run["id"], execution.rows, environment.clock, spill)
    effects = RunEffects(
        store=KeepingStore(store, restore),
        environment=environment,
        turns=execution.turns,
        run=run,
        program=execution.program,
        fence=fence,
        epoch=execution.epoch,
        plan=execution.plan,
        journal=journal,
    )
    return journal, effects


async def _refuse_other_targets(execution: Execution, journal: StoreJournal) -> None:
    """A run goes on where it began: what it read from one site says nothing about another, and its writes belong where it read.

    The first time, it remembers to whom its servers speak. Errors: `TARGET_CHANGED`; the run stays as it is, and goes on when they do again.
    """
    servers, target_of = execution.program.servers, execution.environment.target_of
    if not servers:
        return
    now = {server: target_of(server) for server in servers}

    async def found() -> dict[str, str]:
        return now

    began: Any = await journal.once(_TARGETS, "", found)
    for server in servers:
        if began.get(server) != now[server]:
            run = execution.run
            raise OffstageError(
                "TARGET_CHANGED",
                f"Run {run['id']} of {run['workflow']} began when {server} spoke to {began.get(server)}; it speaks to {now[server]} now.",
                hint="Point the server in mcp.json back, and it goes on. For the other one, start a new run.",
            )


def _frame_of(execution: Execution, scopes: dict[str, str]) -> RunFrame:
    run, was = execution.run, execution.program.was
    names = [run["workflow"]] if was is None else [run["workflow"], was]
    return RunFrame(
        run_id=run["id"],
        root_run_id=run["rootRunId"],
        scope=run["scope"],
        scopes=scopes,
        phase=run["phase"],
        started_at=run["startedAt"],
        inputs=run["inputs"],
        event=run["event"],
        sweep={"workflows": names, "inputsHash": hash_json(run["inputs"])} if run["sweep"] else None,
    )


def _ended_as(run: Run, result: EngineResult, *, now: int, started_at: int) -> Run:
    """`started_at`: when driving it began, as if without a pause."""
    status = _end_of(result)
    ended = run.copy()
    ended["status"] = "planned" if run["phase"] == "plan" and status not in ("failed", "cancelled") else status
    ended["endedAt"] = None if status == "parked" else now
    # A clock that was put back takes nothing off.
    ended["drivenMs"] = max(run["drivenMs"], now - started_at)
    ended["output"], ended["error"], ended["failures"] = result.output, result.error, result.failures
    ended["held"], ended["ambiguous"], ended["waits"] = result.held, result.ambiguous, result.waits
    return ended


def _end_of(result: EngineResult) -> RunStatus:
    """Where several hold, the weightier is told."""
    if result.end in ("parked", "cancelled", "failed"):
        return result.end
    if result.ambiguous:
        return "needs-attention"
    if any(one["waits"] for one in result.held):
        return "pending"
    return "partial" if result.failures else "succeeded"


class _Ports:
    """All that the engine asks, over one run."""

    def __init__(
        self, execution: Execution, journal: StoreJournal, effects: RunEffects, checkpoint: Checkpoint
    ) -> None:
        environment, run = execution.environment, execution.run
        self._environment = environment
        self._run_id = run["id"]
        self.journal = journal
        self.effects = effects
        self.checkpoint = checkpoint
        self.tools = environment.tools
        self.reads = self.models = _Answers(environment, execution.stops)
        self.states = StoreStates(execution.store)
        self.waits = StoreWaits(
            store=KeepingStore(execution.store, journal.restore),
            run=run,
            clock=environment.clock,
            fence=execution.fence,
            journal=journal,
            new_id=lambda: new_run_id(environment.clock.now(), environment.random_bytes),
            approvers=environment.policy["approvers"],
        )

    def conforms(self, schema: JsonObject, value: Any) -> list[str]:
        """What an input of a workflow that is called breaks of its schema."""
        return conforms(schema, value)

    def log(self, step: str, text: str) -> None:
        """A line in the run's story."""
        self._environment.news(LogNews(run_id=self._run_id, text=text))


class _Answers:
    """Reads, and questions to models, which a run that is to stop does not wait for."""

    def __init__(self, environment: Environment, stops: Stops) -> None:
        self._environment = environment
        self._stops = stops
        self.counted = Counter[str]()
        """`server.tool` → how often it gave a value."""

    async def read(self, step: str, server: str, tool: str, args: Any) -> ReadAnswer:
        answer = await self._stops.unless_stopped(self._environment.calls.read(step, server, tool, args))
        if answer["kind"] == "value":
            self.counted[f"{server}.{tool}"] += 1
        return answer

    async def read_offer(self, step: str, server: str, offer: dict[str, Any]) -> ReadAnswer:
        return await self._stops.unless_stopped(self._environment.calls.read_offer(step, server, offer))

    async def ask(self, step: str, prompt: str, schema: Any, max_tokens: int, model: str | None) -> ReadAnswer:
        models = self._environment.models
        if models is None:
            raise OffstageError(
                "MODEL_MISSING",
                "The workflow asks a model, and none is configured.",
                hint="Name one in settings.json, under model.",
            )
        return await self._stops.unless_stopped(models.ask(step, prompt, schema, max_tokens, model))
