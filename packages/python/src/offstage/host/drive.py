"""Driving the runs of a store: one after the other, the oldest first, by the one process that has the lease."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from offstage.base import ENDS_ENGINE, OffstageError, back_off_ms
from offstage.effects import Turns
from offstage.host.end_unknown import end_unknown, is_asked_to_end
from offstage.host.environment import Environment, RunNews
from offstage.host.execute import Executed, Execution, execute_run, store_end
from offstage.host.lease_keeper import AcquiredLease, LeaseKeeper
from offstage.host.park_continuation import is_to_begin
from offstage.host.plan_document import basis_of, create_plan
from offstage.host.program import Program
from offstage.host.stops import Stops
from offstage.model import Plan, Run, is_ended
from offstage.state import JournalRow, LeaseHolder, Store, StoreTx

# How often it is looked whether somebody wished that a run ends, ms.
_WISH_MS = 1_000
_MOST = 1_000


# What kept a process from a run may be over later.
_FIRST_MS, _LONGEST_MS = 60_000, 3_600_000


@dataclass(frozen=True)
class LeftRun:
    """A run that this process could not begin to drive: it stays as it is, and is tried again here, ever more rarely (`not_before`, ms). `asked`: somebody had asked for its end already; who asks since has it tried at once."""

    error: OffstageError
    times: int
    asked: bool
    not_before: float


class Driver:
    """Drives what waits in a store. `undrivable`: runs that this process could not begin to drive, and why."""

    def __init__(
        self,
        store: Store,
        environment: Environment,
        programs: Sequence[Program],
        me: LeaseHolder,
        alive: Callable[[LeaseHolder], bool],
    ) -> None:
        self.undrivable: dict[str, LeftRun] = {}
        self._store = store
        self._environment = environment
        self._programs = {program.hash: program for program in _all(programs)}
        self._keeper = LeaseKeeper(store, environment.clock, me, alive)
        self._turns = Turns()
        self._going: dict[str, Stops] = {}
        self._driving = asyncio.Lock()
        # Told when a run is driven no more: what waited for that may have its turn.
        self.settled: Callable[[], None] = lambda: None
        # It begins no further run; and why those that go on are to be left as they are.
        self.left = False
        self._handed_over: OffstageError | None = None

    async def work(self) -> LeaseHolder | None:
        """Drives whatever waits in the store, until nothing does; who else does, where another process holds it."""
        async with self._driving:
            lease = await self._keeper.acquire()
            if not isinstance(lease, AcquiredLease):
                return lease
            try:
                await self._drive_all(lease)
            except OffstageError as error:
                if error.code == "LEASE_LOST":
                    self._keeper.forget(lease)
                raise
            finally:
                await self._keeper.release(lease)
        return None

    async def lead(self) -> bool:
        """Takes the lease and keeps it between two turns of work. False: another process has it."""
        if self._keeper.keeps:
            return True
        # One that is held for a turn of work would be another one.
        async with self._driving:
            return await self._keeper.keep()

    async def leave(self, within_ms: float) -> None:
        """Begins no further run, gives the one that goes on so long to come to its rest, leaves it as it is after the call that is under way, and gives the lease back."""
        self.left = True
        resting = asyncio.ensure_future(self._driving.acquire())
        waiting = asyncio.ensure_future(self._environment.clock.sleep(within_ms))
        await asyncio.wait([resting, waiting], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not resting.done():
            self._handed_over = why = OffstageError("CANCELLED", "This process was told to stop.")
            for stops in self._going.values():
                stops.lose(why)
        await resting
        try:
            await self._keeper.give_back()
        finally:
            self._driving.release()

    def stop(self, run_id: str) -> None:
        """Has a run that is driven here end at its next step."""
        going = self._going.get(run_id)
        if going is not None:
            going.cancel()

    async def planned(self, run: Run, program: Program, epoch: int) -> tuple[Run, Plan]:
        """Drives a run held at its writes. Needs no lease: it calls reading tools only."""
        execution = self._execution(run, program, plan=None, rows=[], epoch=epoch, fence=None, stops=Stops())
        ended, plan = await self._observed(execution)
        assert plan is not None
        return ended, plan

    async def _drive_all(self, lease: AcquiredLease) -> None:
        while not self.left:
            waiting = next((run for run in await self._waiting() if not self._is_left(run)), None)
            if waiting is None:
                return
            try:
                await self._drive(waiting, lease)
            except OffstageError as error:
                if error.code in ENDS_ENGINE:
                    raise
                # Others go on; whoever waits for this one is told.
                self._leave_alone(waiting, error)
            else:
                self.undrivable.pop(waiting["id"], None)
            self.settled()

    def _is_left(self, run: Run) -> bool:
        left = self.undrivable.get(run["id"])
        if left is None or left.not_before <= self._environment.clock.now():
            return False
        return left.asked or not is_asked_to_end(run)

    def _leave_alone(self, run: Run, error: OffstageError) -> None:
        before = self.undrivable.get(run["id"])
        times = 1 if before is None else before.times + 1
        not_before = self._environment.clock.now() + back_off_ms(times, first_ms=_FIRST_MS, longest_ms=_LONGEST_MS)
        self.undrivable[run["id"]] = LeftRun(error, times, is_asked_to_end(run), not_before)
        why = f"Run {run['id']} of {run['workflow']} stays as it is. {error.message}"
        self._environment.news(RunNews(kind="run-waiting", run=run, why=why))

    async def _waiting(self) -> list[Run]:
        """Begun and due ones, oldest first."""

        async def found(tx: StoreTx) -> list[Run]:
            return [*await tx.begun_runs(_MOST), *await tx.due_runs(self._environment.clock.now(), _MOST)]

        runs = await self._store.transact(found, durable=False, reads=True)
        return sorted(runs, key=lambda run: (run["createdAt"], run["id"]))

    async def _drive(self, waiting: Run, lease: AcquiredLease) -> None:
        """Drives one run to its end, or until it is parked."""
        if self._environment.dry_run and waiting["phase"] != "plan" and not is_asked_to_end(waiting):
            raise began_for_real(waiting)
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
        if self._handed_over is not None:
            stops.lose(self._handed_over)
        self._going[run["id"]] = stops
        lease.on_lost.append(stops.lose)
        watching = asyncio.create_task(self._watch_for_end(run["id"], stops))
        begins = waiting["status"] == "queued" or is_to_begin(waiting)
        self._environment.news(RunNews(kind="run-started" if begins else "run-resumed", run=run))
        try:
            execution = self._execution(run, program, plan=plan, rows=rows, epoch=epoch, fence=lease.fence, stops=stops)
            ended, _ = await self._observed(execution)
        finally:
            watching.cancel()
            lease.on_lost.remove(stops.lose)
            del self._going[run["id"]]
        if ended["status"] != "running":
            self._environment.news(
                RunNews(kind="run-parked" if ended["status"] == "parked" else "run-ended", run=ended)
            )

    async def _observed(self, execution: Execution) -> tuple[Run, Plan | None]:
        """A run driven to its rest, with what it is planned to do where it is held at its writes."""
        with self._environment.around_run(execution.run) as at_rest:
            executed = await execute_run(execution)
            planned = self._plan_of(execution, executed) if execution.run["phase"] == "plan" else None
            ended = await store_end(execution, executed, planned)
            at_rest(ended)
        return ended, planned

    async def _begin(self, waiting: Run, fence: int) -> tuple[Run, Plan | None, list[JournalRow], int] | None:
        """A run with what it needs to go on, marked as running; None when there is nothing to drive any more."""

        async def begun(tx: StoreTx) -> tuple[Run, Plan | None, list[JournalRow], int] | None:
            # Read again: since it was listed it may have come to its end, or somebody may have asked for that.
            current = await tx.get_run(waiting["id"]) or waiting
            if is_ended(current["status"]) or (current["status"] == "parked" and waiting["status"] != "parked"):
                return None
            run = current.copy()
            begins = current["status"] == "queued" or is_to_begin(current)
            if begins and current["phase"] != "apply":
                run["startedAt"] = self._environment.clock.now()
            run["status"], run["waits"] = "running", []
            await tx.put_run(run)
            row = await tx.get_plan(run["id"]) if run["phase"] == "apply" else None
            return run, None if row is None else row["plan"], await tx.load_journal(run["id"]), await epoch_of(tx)

        return await self._store.transact(begun, durable=False, fence=fence)

    async def _watch_for_end(self, run_id: str, stops: Stops) -> None:
        """Another process may wish that a run ends. A store that cannot be read is the run's own trouble."""
        while not stops.cancelled:
            await self._environment.clock.sleep(_WISH_MS)
            try:
                run = await self._store.transact(lambda tx: tx.get_run(run_id), durable=False, reads=True)
            except OffstageError:
                continue
            if run is not None and is_asked_to_end(run):
                stops.cancel()

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
            cut_short=executed.result.cut_short,
            basis=basis_of(self._environment, execution.program, execution.program.servers),
            policy=self._environment.policy,
        )


def _all(programs: Sequence[Program]) -> list[Program]:
    """With those that they start, which run on their own."""
    return [one for program in programs for one in (program, *_all(program.others))]


async def epoch_of(tx: StoreTx) -> int:
    """How often the store was restored."""
    epoch = await tx.get_meta("epoch")
    return epoch if isinstance(epoch, int) else int(str(epoch))


def began_for_real(run: Run) -> OffstageError:
    """Why a dry run leaves it alone."""
    return is_dry(f"Run {run['id']} began for real, and stays as it is")


def is_dry(what: str) -> OffstageError:
    """Why something is not done: nothing is written here."""
    return OffstageError(
        "DRY_RUN",
        f"{what}: this is a dry run, in which nothing is written.",
        hint="Take dryRun out of settings.json when it shall be done.",
    )
