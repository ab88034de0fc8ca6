"""Runs whose text is not here."""

from __future__ import annotations

from offstage.base import OffstageError
from offstage.host.execute import CANCEL_ASKED
from offstage.host.waits import forget_waits
from offstage.model import Run
from offstage.state import Store, StoreTx

# More than a run has under way at a time.
_MOST = 1_000


async def end_unknown(store: Store, waiting: Run, *, now: int, fence: int) -> Run:
    """A run that another version of the workflow began goes on with nothing here; it may only end, when a person asked for that.

    What of it was under way is told: what became of it only the server knows.
    """
    if not is_asked_to_end(waiting):
        raise _other_program(waiting)

    async def end(tx: StoreTx) -> Run:
        ended = (await tx.get_run(waiting["id"]) or waiting).copy()
        under_way = await tx.list_effects(run_id=ended["id"], status=["intended"], limit=_MOST)
        ended["status"], ended["endedAt"], ended["waits"] = "cancelled", now, []
        ended["ambiguous"] = [
            {
                "effect": one["id"],
                "step": one["step"],
                "label": one["server"] if one["tool"] is None else f"{one['server']}.{one['tool']}",
                "why": "It was under way when the run was ended by another version.",
                "waits": True,
            }
            for one in under_way
        ]
        await forget_waits(tx, ended["id"], [])
        await tx.put_run(ended)
        return ended

    return await store.transact(end, durable=True, fence=fence)


def is_asked_to_end(run: Run) -> bool:
    """Whether a person wished that a run ends, which has not come to that yet."""
    return run["error"] is not None and run["error"]["code"] == CANCEL_ASKED


def _other_program(run: Run) -> OffstageError:
    return OffstageError(
        "RUN_BROKEN",
        f"Run {run['id']} began with another version of {run['workflow']}, whose text is not here.",
        hint="Run that version to finish it, or cancel the run.",
    )
