"""The end of pauses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from offstage.host.park_continuation import is_to_begin, wake_to_begin
from offstage.state import StoreTx, change_pauses

# More than anybody has waiting.
_ALL = 100_000


class Lifted(NamedTuple):
    """What is paused now, and the runs that go on, the oldest first."""

    paused: list[str]
    woken: list[str]


async def lift_pauses(tx: StoreTx, names: Sequence[str]) -> Lifted:
    """Lets writes begin again of what `names` names (`*`, `workflow:x`, `server:y`), and has what events asked for meanwhile go on, in the same transaction.

    Whoever drives the store next does it. One that something else holds still comes to rest again.
    """
    paused = await change_pauses(tx, remove=names)
    parked = await tx.list_runs(status=["parked"], limit=_ALL) if names else []
    woken: list[str] = []
    for run in reversed(parked):
        held = any(hold.get("paused") in names for hold in run["held"])
        if held and is_to_begin(run) and await wake_to_begin(tx, run["id"]):
            woken.append(run["id"])
    return Lifted(paused, woken)
