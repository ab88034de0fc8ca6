"""A run of a workflow over its ports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from offstage.base import Data, ErrorData, Object, OffstageError, Withheld, WithheldEnd
from offstage.engine.begin import Step
from offstage.engine.caught import offstage_error
from offstage.engine.failure_place import failure_data
from offstage.engine.ports import Ports, RunFrame, StagedState
from offstage.engine.steps.branches import reach_of
from offstage.engine.steps.holds import note_ambiguous, note_cut
from offstage.engine.steps.sweep import SweepEnd, sweep_records
from offstage.engine.steps.workflows import context_of
from offstage.engine.strand import AmbiguousEnd, ModuleFrame, ParkedEnd, RunState, Strand, SweepNotes, call, on_strand
from offstage.engine.vocabulary import Workflow
from offstage.model import PlanCut, RunFailure, RunHold, RunWait, trigger_event_of
from offstage.values.data import to_partial


@dataclass(frozen=True)
class EngineResult:
    """What a run came to, as far as the program is concerned. `stopped`: something that is not known ended the body. `parked`: it waits."""

    end: Literal["completed", "stopped", "parked", "failed", "cancelled"]
    output: Data | None = None
    error: ErrorData | None = None
    failures: list[RunFailure] = field(default_factory=list[RunFailure])
    held: list[RunHold] = field(default_factory=list[RunHold])
    ambiguous: list[RunHold] = field(default_factory=list[RunHold])
    waits: list[RunWait] = field(default_factory=list[RunWait])
    staged: list[StagedState] = field(default_factory=list[StagedState])
    replayed: int = 0
    unchanged: int = 0
    # Of a sweep whose body came to its end.
    sweep: SweepEnd | None = None
    # Where a plan ends before the run would.
    cut_short: list[PlanCut] = field(default_factory=list[PlanCut])


async def run_workflow(workflow: Workflow, frame: RunFrame, ports: Ports) -> EngineResult:
    """Runs it to its end. Whatever it does is in the result; raises only when a port says that the store is out of reach."""
    run = RunState(frame, ports, sweep=None if frame.sweep is None else SweepNotes())
    event = trigger_event_of(frame.event)
    c = Strand(run, ModuleFrame(frame.scope, Object(frame.inputs), event))
    try:
        with on_strand(c):
            output = await call(workflow.body, context_of(c))
            _refuse_begun(run)
            sweep = None if frame.sweep is None else await sweep_records(c, frame.sweep, workflow.records())
        return _finished(run, "completed", to_partial(output, "What the workflow returns", "keep").value, sweep=sweep)
    except BaseException as error:
        return _failed(c, error)


def _refuse_begun(run: RunState) -> None:
    """A step that nobody waited for was not made: nothing of it may be missed silently."""
    if not run.begun:
        return
    for step in run.begun:
        if isinstance(step, Step):
            step.close()
    raise OffstageError(
        "TYPE_ERROR", "The workflow did not wait for all that it began.", hint="Write `await` before each call."
    )


def _failed(c: Strand, error: BaseException) -> EngineResult:
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit) or type(error).__name__ == "CancelledError":
        raise error
    if reach_of(error) == "engine":
        raise error
    if isinstance(error, ParkedEnd):
        return _finished(c.run, "parked")
    if isinstance(error, AmbiguousEnd):
        note_ambiguous(c, error)
        return _finished(c.run, "stopped")
    if isinstance(error, WithheldEnd):
        note_cut(c, "", error)
        return _finished(c.run, "stopped")
    known = offstage_error(error)
    return _finished(c.run, "cancelled" if known.code == "CANCELLED" else "failed", error=failure_data(known))


def _finished(
    run: RunState,
    end: Literal["completed", "stopped", "parked", "failed", "cancelled"],
    output: Data | None = None,
    error: ErrorData | None = None,
    sweep: SweepEnd | None = None,
) -> EngineResult:
    staged = [state for state, value in run.staged.values() if not isinstance(value, Withheld)]
    return EngineResult(
        end,
        output,
        error,
        run.failures,
        run.held,
        run.ambiguous,
        run.waits if end == "parked" else [],
        staged,
        run.replayed,
        run.unchanged,
        sweep,
        run.cut_short,
    )
