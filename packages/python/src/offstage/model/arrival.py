"""One event that came for a workflow."""

from typing import Literal, TypedDict

from .run import RunEvent


class Arrival(TypedDict):
    """It is in the store before whoever brought it hears that it was taken; then it starts a run, or it is said why it does not.

    `trigger`: a text that edits of the others leave alone, `every 10m`. `id` tells it from the others of this trigger. `key`: runs of a
    workflow with the same key do not overlap; `overlap`: what becomes of it while one goes on. `each`: it starts a run of its own. `dueAt`:
    it starts nothing before. `why`: why it was dropped.
    """

    workflow: str
    trigger: str
    id: str
    event: RunEvent
    key: str
    overlap: Literal["queue", "skip", "replace"]
    sweep: bool
    each: bool
    arrivedAt: int
    dueAt: int
    status: Literal["waiting", "started", "dropped"]
    runId: str | None
    why: str | None
