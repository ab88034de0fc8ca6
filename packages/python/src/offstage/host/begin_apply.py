"""From a plan to its apply."""

from __future__ import annotations

from offstage.base import OffstageError, iso_time
from offstage.host.environment import Environment
from offstage.host.plan_document import basis_of, plan_fault
from offstage.host.program import Program
from offstage.model import Run, is_ended
from offstage.state import StoreTx


async def begin_apply(tx: StoreTx, environment: Environment, plan_id: str, program: Program) -> Run:
    """A plan's run as its apply, which waits for its turn; an apply that was interrupted as it is. Errors: `PLAN_UNKNOWN`, `PLAN_EXPIRED`, `PLAN_VOID`, `PLAN_APPLIED`."""
    row, run = await tx.get_plan(plan_id), await tx.get_run(plan_id)
    if row is None or run is None:
        raise OffstageError(
            "PLAN_UNKNOWN",
            f"The store has no plan {plan_id}.",
            hint="A plan is applied in the package and store where it was made.",
        )
    # A killed apply is continued by giving the same command again: the plan stays the plan it was.
    if row["appliedAt"] is not None:
        if not is_ended(run["status"]):
            return run
        raise OffstageError(
            "PLAN_APPLIED",
            f"The plan {plan_id} was applied at {iso_time(row['appliedAt'])}; its run {run['status']}.",
            hint=f"See `show {plan_id}`. What is left needs a new plan.",
        )
    now = environment.clock.now()
    basis = basis_of(environment, program, [*row["plan"]["basis"]["targets"]])
    fault = plan_fault(row["plan"], basis, now)
    if fault is not None:
        raise OffstageError(fault["code"], fault["message"], hint=fault.get("hint"))
    applied = row.copy()
    applied["appliedAt"] = now
    await tx.put_plan(applied)
    begun = run.copy()
    begun["phase"], begun["status"], begun["endedAt"], begun["drivenMs"] = "apply", "queued", None, 0
    return begun
