"""Permissions that nobody gave in time."""

from __future__ import annotations

from collections.abc import Callable

from offstage.base import OffstageError
from offstage.effects import RequestAnswer, answer_requests
from offstage.host.environment import Environment, WaitingNews
from offstage.model import ApprovalRequest
from offstage.state import Store

TIMED_OUT = "approvals.timeout"
"""Who has said no when nobody said anything: the name of the setting, so that it tells where it is from."""

# How long until the first look, and until it is asked again whether this process leads by now; the longest and the shortest between two. Ms.
_FIRST_MS, _LONGEST_MS, _SHORTEST_MS = 5_000, 600_000, 1_000
_ALL = 10_000


async def keep_timeouts(store: Store, environment: Environment, leads: Callable[[], bool]) -> None:
    """Refuses permissions that nobody answered in time, while a project is served, until its task is cancelled; in a dry run, in which nobody is told of them, none.

    It is an answer as a person's is: in one transaction with what others say meanwhile, kept with its way, and taken back by a person who
    permits it after all. `leads`: whether this process drives the store: one of several is enough. Ends at once where a permission is asked
    for for ever.
    """
    most = environment.policy["approvers"].get("timeoutMs")
    if most is None or environment.dry_run:
        return
    clock, wait_ms = environment.clock, _FIRST_MS
    while True:
        await clock.sleep(wait_ms)
        wait_ms = _FIRST_MS
        if not leads():
            continue
        try:
            next_at = await _refuse_late(store, environment, most)
            wait_ms = min(_LONGEST_MS, max(_SHORTEST_MS, next_at - clock.now()))
        except OffstageError as error:
            why = f"It could not be looked which permissions nobody answered in time. {error.message}"
            environment.news(WaitingNews(why=why))


async def _refuse_late(store: Store, environment: Environment, most: int) -> int:
    """Gives when the next one is late, whatever is opened meanwhile."""
    now = environment.clock.now()
    asked = await store.transact(lambda tx: tx.list_requests(status=["open"], limit=_ALL), durable=False, reads=True)
    late = [one for one in asked if one["openedAt"] + most <= now]
    answer = RequestAnswer(verdict="deny", by=TIMED_OUT, way="timeout", now=now, max_age_ms=0)
    refused = await answer_requests(store, [one["id"] for one in late], answer) if late else []
    for one in refused:
        environment.news(WaitingNews(why=_told(one)))
    return min([one["openedAt"] for one in asked if one not in late], default=now) + most


def _told(refused: ApprovalRequest) -> str:
    return (
        f"Nobody answered in time whether {refused['label']} may be written: it is refused ({TIMED_OUT}). "
        f"To permit it after all: approve {refused['id']}"
    )
