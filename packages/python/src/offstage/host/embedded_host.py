"""The host that needs nothing but a store: one process at a time drives its runs.

A process that takes the lease drives everything of its workflows that waits or was interrupted, oldest first; one that does not hold it follows
its own run and takes the lease when it is free.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from offstage.base import ENDS_ENGINE, JsonObject, OffstageError, error_data
from offstage.effects import RequestAnswer, Turns, answer_requests
from offstage.engine import inputs_over
from offstage.host.begin_apply import begin_apply
from offstage.host.end_unknown import end_unknown, is_asked_to_end
from offstage.host.environment import Environment, RunNews
from offstage.host.execute import CANCEL_ASKED, Executed, Execution, conforms, execute_run, store_end
from offstage.host.go_on import continue_run, go_on_with_grant, need_run
from offstage.host.lease_keeper import AcquiredLease, LeaseKeeper
from offstage.host.new_run import start_run, woken
from offstage.host.plan_document import basis_of, create_plan
from offstage.host.program import Program
from offstage.host.run_effects import refuse_secret_inputs
from offstage.host.stops import Stops
from offstage.host.waits import is_past
from offstage.model import ApprovalRequest, Plan, Run, RunEvent, is_ended
from offstage.state import JournalRow, LeaseHolder, Store, StoreTx

# How often a process that does not drive looks whether the other one is done, and whether somebody wished that a run ends, ms.
_FOLLOW_MS = 500
_WISH_MS = 1_000
_MOST = 1_000


class EmbeddedHost:
    """Plans, starts, applies and goes on with runs of some programs over one store."""

    def __init__(
        self,
        *,
        store: Store,
        environment: Environment,
        programs: Sequence[Program],
        me: LeaseHolder,
        alive: Callable[[LeaseHolder], bool],
    ) -> None:
        self._store = store
        self._environment = environment
        self._programs = {program.hash: program for program in _all(programs)}
        self._keeper = LeaseKeeper(store, environment.clock, me, alive)
        self._turns = Turns()
        self._going: dict[str, Stops] = {}
        # Runs that this process could not begin to drive, and why.
        self._undrivable: dict[str, OffstageError] = {}
        self._driving = asyncio.Lock()

    async def plan(
        self, program: Program, *, inputs: JsonObject, event: RunEvent, sweep: bool = False
    ) -> tuple[Run, Plan]:
        """Runs a program held at its writes; the plan is kept with its run. Needs no lease: it calls reading tools only."""
        checked = self._checked(program, inputs)

        async def begin(tx: StoreTx) -> tuple[Run, int]:
            run = await start_run(
                tx, self._environment, program, inputs=checked, event=event, phase="plan", sweep=sweep
            )
            return run, await _epoch_of(tx)

        run, epoch = await self._store.transact(begin, durable=False)
        execution = self._execution(run, program, plan=None, rows=[], epoch=epoch, fence=None, stops=Stops())
        executed = await execute_run(execution)
        plan = self._plan_of(execution, executed)
        return await store_end(execution, executed, plan), plan

    async def start(self, program: Program, *, inputs: JsonObject, event: RunEvent, sweep: bool = False) -> Run:
        """Starts a run, durably, and goes on with it as far as it can: until it has ended, or waits for what has not come."""
        checked = self._checked(program, inputs)
        return await self._enqueue(
            lambda tx: start_run(tx, self._environment, program, inputs=checked, event=event, phase="run", sweep=sweep)
        )

    async def apply(self, plan_id: str, program: Program) -> Run:
        """Continues a planned run as an apply; an apply that was interrupted goes on.

        Errors: `PLAN_UNKNOWN`, `PLAN_EXPIRED`, `PLAN_VOID`, `PLAN_APPLIED`, `DRY_RUN`.
        """
        self._refuse_dry(f"The plan {plan_id} is not applied")
        return await self._enqueue(lambda tx: begin_apply(tx, self._environment, plan_id, program))

    async def resume(self, run_id: str) -> Run:
        """Goes on with a run that is not at its end, as far as it can; one that is stays as it ended. Errors: `RUN_UNKNOWN`."""

        async def awake(tx: StoreTx) -> Run:
            run = await need_run(tx, run_id)
            if run["status"] == "parked" and run["phase"] != "plan":
                self._refuse_dry(_began_for_real(run))
            return woken(run)

        return await self._enqueue(awake)

    async def go_on(self, run_id: str) -> Run:
        """A run of the same root with the same program and event, and new reads: what a settled effect leads to. One that is parked goes on itself. Errors: `RUN_UNKNOWN`."""
        self._refuse_dry(f"Run {run_id} is not gone on with")
        return await self._enqueue(lambda tx: continue_run(tx, self._environment, run_id))

    async def answer(
        self, request_ids: Sequence[str], verdict: Literal["approve", "deny"], *, by: str, why: str | None = None
    ) -> list[ApprovalRequest]:
        """A person's answer to writes that are held. Of what is permitted a run goes on: in the transaction of the answer, and driven by whoever works next.

        Errors: `REQUEST_UNKNOWN`, `ANSWER_NOT_ALLOWED`; nothing is kept then.
        """
        environment = self._environment
        answer = RequestAnswer(
            verdict=verdict,
            by=by,
            why=why,
            now=environment.clock.now(),
            max_age_ms=environment.policy["grantMaxAgeMs"],
            approvers=environment.policy["approvers"],
            permitted=lambda tx, granted: go_on_with_grant(tx, environment, granted),
        )
        return await answer_requests(self._store, request_ids, answer)

    async def cancel(self, run_id: str) -> None:
        """Has a run end at its next step, whoever drives it: durable when this returns. A run that ended stays as it ended. Errors: `RUN_UNKNOWN`."""
        going = self._going.get(run_id)
        if going is not None:
            going.cancel()

        async def ask(tx: StoreTx) -> None:
            run = await need_run(tx, run_id)
            if is_ended(run["status"]):
                return
            asked = woken(run).copy()
            asked["error"] = error_data(CANCEL_ASKED, "The run was asked to end.")
            await tx.put_run(asked)

        await self._store.transact(ask, durable=True)

    async def get(self, run_id: str) -> Run:
        """A run as it is stored. Errors: `RUN_UNKNOWN`."""
        return await self._store.transact(lambda tx: need_run(tx, run_id), durable=False, reads=True)

    async def work(self) -> LeaseHolder | None:
        """Drives whatever waits in the store, until nothing does; who else does, where another process holds it."""
        async with self._driving:
            lease = await self._keeper.acquire()
            if not isinstance(lease, AcquiredLease):
                return lease
            try:
                await self._drive_all(lease)
            finally:
                await self._keeper.release(lease)
        return None

    async def _enqueue(self, make: Callable[[StoreTx], Awaitable[Run]]) -> Run:
        async def enqueued(tx: StoreTx) -> Run:
            run = await make(tx)
            await tx.put_run(run)
            return run

        return await self._finish(await self._store.transact(enqueued, durable=True))

    async def _finish(self, run: Run) -> Run:
        """The run at its rest, here or elsewhere."""
        told = False
        while not await self._is_at_rest(run):
            by = await self.work()
            if run["id"] in self._undrivable:
                raise self._undrivable[run["id"]]
            run = await self.get(run["id"])
            if by is None:
                continue
            if not told:
                told = True
                why = f"Process {by['pid']} on {by['host'].split(' ')[0]} drives this store; it has the run now."
                self._environment.news(RunNews(kind="run-waiting", run=run, why=why))
            await self._environment.clock.sleep(_FOLLOW_MS)
            run = await self.get(run["id"])
        return run

    async def _drive_all(self, lease: AcquiredLease) -> None:
        self._undrivable.clear()
        while True:
            waiting = next((run for run in await self._waiting() if run["id"] not in self._undrivable), None)
            if waiting is None:
                return
            try:
                await self._drive(waiting, lease)
            except OffstageError as error:
                if error.code in ENDS_ENGINE:
                    raise
                # Others go on; whoever waits for this one is told.
                self._undrivable[waiting["id"]] = error

    async def _waiting(self) -> list[Run]:
        """Begun and due ones, oldest first."""

        async def found(tx: StoreTx) -> list[Run]:
            return [*await tx.begun_runs(_MOST), *await tx.due_runs(self._environment.clock.now(), _MOST)]

        runs = await self._store.transact(found, durable=False, reads=True)
        return sorted(runs, key=lambda run: (run["createdAt"], run["id"]))

    async def _drive(self, waiting: Run, lease: AcquiredLease) -> None:
        """Drives one run to its end, or until it is parked."""
        if waiting["phase"] != "plan" and not is_asked_to_end(waiting):
            self._refuse_dry(_began_for_real(waiting))
        program = self._programs.get(waiting["programHash"])
        if program is None:
            ended = await end_unknown(self._store, waiting, now=self._environment.clock.now(), fence=lease.fence)
            return self._environment.news(RunNews(kind="run-ended", run=ended))
        begun = await self._begin(waiting, lease.fence)
        if begun is None:
            return
        run, plan, rows, epoch = begun
        stops = Stops()
        if is_asked_to_end(run):
            stops.cancel()
        self._going[run["id"]] = stops
        lease.on_lost.append(stops.lose)
        watching = asyncio.create_task(self._watch_for_end(run["id"], stops))
        self._environment.news(RunNews(kind="run-started" if waiting["status"] == "queued" else "run-resumed", run=run))
        try:
            execution = self._execution(run, program, plan=plan, rows=rows, epoch=epoch, fence=lease.fence, stops=stops)
            executed = await execute_run(execution)
            planned = self._plan_of(execution, executed) if run["phase"] == "plan" else None
            ended = await store_end(execution, executed, planned)
        finally:
            watching.cancel()
            lease.on_lost.remove(stops.lose)
            del self._going[run["id"]]
        if ended["status"] != "running":
            self._environment.news(
                RunNews(kind="run-parked" if ended["status"] == "parked" else "run-ended", run=ended)
            )

    async def _begin(self, waiting: Run, fence: int) -> tuple[Run, Plan | None, list[JournalRow], int] | None:
        """A run with what it needs to go on, marked as running; None when there is nothing to drive any more."""

        async def begun(tx: StoreTx) -> tuple[Run, Plan | None, list[JournalRow], int] | None:
            # Read again: since it was listed it may have come to its end, or somebody may have asked for that.
            current = await tx.get_run(waiting["id"]) or waiting
            if is_ended(current["status"]) or (current["status"] == "parked" and waiting["status"] != "parked"):
                return None
            run = current.copy()
            if current["status"] == "queued" and current["phase"] != "apply":
                run["startedAt"] = self._environment.clock.now()
            run["status"], run["waits"] = "running", []
            await tx.put_run(run)
            row = await tx.get_plan(run["id"]) if run["phase"] == "apply" else None
            return run, None if row is None else row["plan"], await tx.load_journal(run["id"]), await _epoch_of(tx)

        return await self._store.transact(begun, durable=False, fence=fence)

    async def _watch_for_end(self, run_id: str, stops: Stops) -> None:
        """Another process may wish that a run ends. A store that cannot be read is the run's own trouble."""
        while not stops.cancelled:
            await self._environment.clock.sleep(_WISH_MS)
            try:
                run = await self.get(run_id)
            except OffstageError:
                continue
            if is_asked_to_end(run):
                stops.cancel()

    async def _is_at_rest(self, run: Run) -> bool:
        """Whether there is nothing to drive: it has ended, or is parked and nothing came for it."""
        if run["status"] != "parked":
            return is_ended(run["status"])
        waits = await self._store.transact(lambda tx: tx.waits_of(run["id"]), durable=False, reads=True)
        now = self._environment.clock.now()
        return not any(wait["status"] == "ready" or (wait["status"] == "open" and is_past(wait, now)) for wait in waits)

    def _checked(self, program: Program, inputs: JsonObject) -> JsonObject:
        """The inputs of a run that is asked for. Errors: `SECRET_IN_INPUT`, before any message shows what was given; `INPUT_INVALID`."""
        refuse_secret_inputs(inputs, self._environment)
        checked = dict(inputs_over(program.workflow.callee(), inputs, conforms, set()))
        refuse_secret_inputs(checked, self._environment)
        return checked

    def _refuse_dry(self, what: str) -> None:
        if self._environment.dry_run:
            raise OffstageError(
                "DRY_RUN",
                f"{what}: this is a dry run, in which nothing is written.",
                hint="Take dryRun out of settings.json when it shall be done.",
            )

    def _execution(
        self,
        run: Run,
        program: Program,
        *,
        plan: Plan | None,
        rows: list[JournalRow],
        epoch: int,
        fence: int | None,
        stops: Stops,
    ) -> Execution:
        return Execution(
            store=self._store,
            environment=self._environment,
            turns=self._turns,
            run=run,
            program=program,
            plan=plan,
            rows=rows,
            epoch=epoch,
            fence=fence,
            stops=stops,
        )

    def _plan_of(self, execution: Execution, executed: Executed) -> Plan:
        return create_plan(
            execution.run,
            store_id=self._store.id,
            effects=executed.planned,
            unchanged=executed.unchanged,
            basis=basis_of(self._environment, execution.program, execution.program.servers),
            policy=self._environment.policy,
        )


def _all(programs: Sequence[Program]) -> list[Program]:
    """With those that they start, which run on their own."""
    return [one for program in programs for one in (program, *_all(program.others))]


async def _epoch_of(tx: StoreTx) -> int:
    epoch = await tx.get_meta("epoch")
    return epoch if isinstance(epoch, int) else int(str(epoch))


def _began_for_real(run: Run) -> str:
    return f"Run {run['id']} began for real, and stays as it is"
