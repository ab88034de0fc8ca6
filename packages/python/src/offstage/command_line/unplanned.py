"""What an apply held because its plan does not have it: nobody is asked about that."""

from __future__ import annotations

from collections.abc import Sequence

from offstage.base import OffstageError
from offstage.command_line.terminal import escape_controls
from offstage.state import Store

_LEAST, _MOST_RUNS = 4, 1_000


async def refuse_unplanned(store: Store, wanted: Sequence[str], asked: Sequence[str]) -> None:
    """People look for it by its effect. Errors: `REQUEST_UNKNOWN`, with what goes on instead, for the beginning of such an id that is the beginning of none of `asked`."""
    strange = [prefix for prefix in wanted if len(prefix) >= _LEAST and not any(id.startswith(prefix) for id in asked)]
    if not strange:
        return
    runs = await store.transact(
        lambda tx: tx.list_runs(status=["pending"], limit=_MOST_RUNS), durable=False, reads=True
    )
    for held in (one for run in runs for one in run["held"]):
        if held["why"].startswith("not in plan: ") and held["effect"].startswith(tuple(strange)):
            raise OffstageError(
                "REQUEST_UNKNOWN",
                f"{escape_controls(held['label'])} waits for no person: an apply held it, because its plan does not have it so.",
                hint="`offstage plan` shows it for another apply, `offstage run` makes it as far as the policy lets it.",
            )
