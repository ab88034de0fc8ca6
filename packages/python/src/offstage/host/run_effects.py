"""The write path of one run, over the host's environment."""

from __future__ import annotations

from offstage.base import OffstageError, hash_json, new_run_id
from offstage.effects import EffectEvent, Effects, EffectsOptions, EffectsRun, StartedRun, Turns
from offstage.host.environment import Environment
from offstage.host.input_check import refuse_secret_inputs
from offstage.host.journal import StoreJournal
from offstage.host.new_run import start_run
from offstage.host.program import Program
from offstage.model import EffectIdentity, LedgerEntry, Plan, Run, StartedEvent
from offstage.state import Store, StoreTx


class RunEffects(Effects):
    """The effects of one run, with what the run's end tells of them.

    `writes`: those that were made or may have been. `done_before`: `once` writes that were done before.
    """

    def __init__(
        self,
        *,
        store: Store,
        environment: Environment,
        turns: Turns,
        run: Run,
        program: Program,
        fence: int | None,
        epoch: int,
        plan: Plan | None,
        journal: StoreJournal,
    ) -> None:
        self.writes = 0
        self.done_before = 0
        self._environment = environment
        self._run = run
        self._program = program
        self._journal = journal
        clock = environment.clock
        super().__init__(
            EffectsOptions(
                store=store,
                caller=environment.calls,
                clock=clock,
                run=EffectsRun(
                    id=run["id"],
                    root_run_id=run["rootRunId"],
                    workflow=run["workflow"],
                    phase=run["phase"],
                    inputs_hash=hash_json(run["inputs"]),
                    max_writes=program.limits.writes,
                    formerly=program.was,
                ),
                fence=fence,
                epoch=epoch,
                plan=plan,
                policy=environment.policy,
                target_of=environment.target_of,
                lock_fault=environment.lock_fault,
                timeout_ms=environment.timeout_ms,
                turns=turns,
                new_id=lambda: new_run_id(clock.now(), environment.random_bytes),
                start_run=self._start,
                before_commit=self._before_commit,
                on_effect=self._tell,
                dry_run=environment.dry_run,
            )
        )

    async def entry(self, identity: EffectIdentity) -> LedgerEntry | None:
        """The row of an effect; a `once` that was done before is counted."""
        found = await super().entry(identity)
        if found is not None and found["status"] == "done" and found["completion"] is not None:
            self.done_before += 1
        return found

    async def _before_commit(self, tx: StoreTx) -> None:
        await self._journal.flush(tx)
        await self.flush(tx)

    def _tell(self, event: EffectEvent) -> None:
        # What failed did not happen: a write whose server never came up is none.
        if event.attempted and event.kind not in ("effect-failed", "effect-refused"):
            self.writes += 1
        self._environment.news(event)

    async def _start(self, tx: StoreTx, asked: StartedRun) -> str:
        """The run that a `start` asks for waits in the store for whoever drives it."""
        started = next((one for one in self._program.others if one.name == asked["workflow"]), None)
        if started is None:
            raise OffstageError("BUG", f"The workflow {asked['workflow']}, which is started, is not there.")
        refuse_secret_inputs(asked["inputs"], self._environment)
        event: StartedEvent = {
            "kind": "started",
            "run": self._run["id"],
            "workflow": self._run["workflow"],
            "key": asked["key"],
        }
        # Kept with each run: the one that started it may be removed while it waits for somebody else's answer.
        if "by" in self._run["event"]:
            event["by"] = self._run["event"]["by"]
        made = await start_run(tx, self._environment, started, inputs=asked["inputs"], event=event, phase="run")
        await tx.put_run(made)
        return made["id"]
