"""The host that needs nothing but a store: one process at a time drives its runs.

A process that takes the lease drives everything of its workflows that waits or was interrupted, oldest first; one that does not hold it follows
its own run and takes the lease when it is free.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from offstage.base import JsonObject, OffstageError, error_data
from offstage.effects import RequestAnswer, answer_requests
from offstage.host.answer_approval import answer_approval
from offstage.host.begin_apply import begin_apply
from offstage.host.drive import Driver, began_for_real, epoch_of, is_dry
from offstage.host.environment import Environment, RunNews
from offstage.host.execute import CANCEL_ASKED
from offstage.host.go_on import continue_run, go_on_with_grant, need_run
from offstage.host.input_check import checked_inputs
from offstage.host.new_run import start_run, woken
from offstage.host.program import Program
from offstage.host.waits import is_past
from offstage.model import ApprovalAnswer, ApprovalRequest, Plan, Run, RunEvent, is_ended
from offstage.state import LeaseHolder, Store, StoreTx

# How often a process that does not drive looks whether the other one is done, ms.
_FOLLOW_MS = 500


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
        self._driver = Driver(store, environment, programs, me, alive)

    async def plan(
        self, program: Program, *, inputs: JsonObject, event: RunEvent, sweep: bool = False
    ) -> tuple[Run, Plan]:
        """Runs a program held at its writes; the plan is kept with its run. Needs no lease: it calls reading tools only."""
        checked = checked_inputs(self._environment, program, inputs)

        async def begin(tx: StoreTx) -> tuple[Run, int]:
            run = await start_run(
                tx, self._environment, program, inputs=checked, event=event, phase="plan", sweep=sweep
            )
            return run, await epoch_of(tx)

        run, epoch = await self._store.transact(begin, durable=False)
        return await self._driver.planned(run, program, epoch)

    async def start(self, program: Program, *, inputs: JsonObject, event: RunEvent, sweep: bool = False) -> Run:
        """Starts a run, durably, and goes on with it as far as it can: until it has ended, or waits for what has not come."""
        checked = checked_inputs(self._environment, program, inputs)
        return await self._enqueue(
            lambda tx: start_run(tx, self._environment, program, inputs=checked, event=event, phase="run", sweep=sweep)
        )

    async def apply(self, plan_id: str, program: Program) -> Run:
        """Continues a planned run as an apply; an apply that was interrupted goes on.

        Errors: `PLAN_UNKNOWN`, `PLAN_EXPIRED`, `PLAN_VOID`, `PLAN_APPLIED`, `DRY_RUN`.
        """
        if self._environment.dry_run:
            raise is_dry(f"The plan {plan_id} is not applied")
        return await self._enqueue(lambda tx: begin_apply(tx, self._environment, plan_id, program))

    async def resume(self, run_id: str) -> Run:
        """Goes on with a run that is not at its end, as far as it can; one that is stays as it ended. Errors: `RUN_UNKNOWN`."""

        async def awake(tx: StoreTx) -> Run:
            run = await need_run(tx, run_id)
            if self._environment.dry_run and run["status"] == "parked" and run["phase"] != "plan":
                raise began_for_real(run)
            return woken(run)

        return await self._enqueue(awake)

    async def go_on(self, run_id: str) -> Run:
        """A run of the same root with the same program and event, and new reads: what a settled effect leads to. One that is parked goes on itself. Errors: `RUN_UNKNOWN`."""
        if self._environment.dry_run:
            raise is_dry(f"Run {run_id} is not gone on with")
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

    async def answer_approval(
        self, id: str, verdict: Literal["approved", "denied"], *, by: str, why: str | None = None
    ) -> list[str]:
        """A person's answer to what a workflow asks (`open_approvals`), and to what others ask the same. Gives the runs that can go on; whoever works next drives them.

        Errors: `REQUEST_UNKNOWN`, `ANSWER_NOT_ALLOWED`; nothing is kept then.
        """
        said: ApprovalAnswer = {"verdict": verdict, "by": by, "at": self._environment.clock.now(), "way": "cli"}
        if why is not None:
            said["why"] = why
        return await answer_approval(self._store, id, said, self._environment.policy["approvers"])

    async def cancel(self, run_id: str) -> None:
        """Has a run end at its next step, whoever drives it: durable when this returns. A run that ended stays as it ended. Errors: `RUN_UNKNOWN`."""
        self._driver.stop(run_id)

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
        return await self._driver.work()

    async def lead(self) -> bool:
        """Takes the right to drive the store's runs, and keeps it until it leaves. False while another process has it."""
        return await self._driver.lead()

    def when_settled(self, told: Callable[[], None]) -> None:
        """From now on this is told whenever a run is driven no more here."""
        self._driver.settled = told

    async def leave(self, within_ms: float) -> None:
        """Begins no further run. Those that go on have so long (ms) to come to their rest; then they are left as they are after the calls that are under way, and go on where the store is driven next. The lease is given back."""
        await self._driver.leave(within_ms)

    async def _enqueue(self, make: Callable[[StoreTx], Awaitable[Run]]) -> Run:
        async def enqueued(tx: StoreTx) -> Run:
            run = await make(tx)
            await tx.put_run(run)
            return run

        return await self._finish(await self._store.transact(enqueued, durable=True))

    async def _finish(self, run: Run) -> Run:
        """The run at its rest, here or elsewhere."""
        told = False
        # Whoever asks for it has it tried at once.
        self._driver.undrivable.pop(run["id"], None)
        while not await self._is_at_rest(run):
            if self._driver.left:
                raise OffstageError("CANCELLED", f"This process no longer follows run {run['id']}, which goes on.")
            by = await self.work()
            if run["id"] in self._driver.undrivable:
                raise self._driver.undrivable[run["id"]].error
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

    async def _is_at_rest(self, run: Run) -> bool:
        """Whether there is nothing to drive: it has ended, or is parked and nothing came for it."""
        if run["status"] != "parked":
            return is_ended(run["status"])
        waits = await self._store.transact(lambda tx: tx.waits_of(run["id"]), durable=False, reads=True)
        now = self._environment.clock.now()
        return not any(wait["status"] == "ready" or (wait["status"] == "open" and is_past(wait, now)) for wait in waits)
