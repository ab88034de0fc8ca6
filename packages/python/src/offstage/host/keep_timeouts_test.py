from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from offstage.host import TIMED_OUT, WaitingNews, keep_timeouts
from offstage.model import ApprovalRequest
from offstage.testing.host_world import ASKS, CALLED, HostWorld

pytestmark = pytest.mark.anyio

HOUR = 3_600_000
SEND = 'await world.send(text="a")'


@pytest.fixture
def world(tmp_path: Path) -> HostWorld:
    world = HostWorld(tmp_path)
    world.policy = {**ASKS, "approvers": {"groups": {}, "fourEyes": False, "timeoutMs": HOUR}}
    return world


async def asked(world: HostWorld) -> list[ApprovalRequest]:
    return await world.stored(lambda tx: tx.list_requests(limit=9))


async def test_what_nobody_answered_in_time_is_refused_by_whoever_leads_and_a_person_can_permit_it_after_all(
    world: HostWorld,
) -> None:
    program, leads = world.tell(SEND), False
    store = await world.open_store()
    async with world.host(program) as host:
        await host.start(program, inputs={}, event=CALLED)
        keeping = asyncio.create_task(keep_timeouts(store, world.environment(), lambda: leads))
        await world.clock.advance(2 * HOUR)
        assert [one["status"] for one in await asked(world)] == ["open"]
        await host.start(world.tell(SEND), inputs={}, event=CALLED)
        leads = True
        await world.clock.advance(60_000)
        # The store answers in its own time.
        await world.until_told("waiting")
        late, [fresh] = [
            [one for one in await asked(world) if one["status"] == status] for status in ("denied", "open")
        ]
        [refused] = late
        said = {"verdict": "deny", "by": TIMED_OUT, "why": None, "way": "timeout", "at": refused["answeredAt"]}
        assert (refused["answeredBy"], refused["answers"]) == (TIMED_OUT, [said])
        [news] = [one for one in world.news if isinstance(one, WaitingNews)]
        assert f"approve {refused['id']}" in news.why
        await host.answer([fresh["id"]], "approve", by="ada")
        await world.clock.advance(2 * HOUR)
        assert sorted(one["status"] for one in await asked(world)) == ["approved", "denied"]
        [permitted] = await host.answer([refused["id"]], "approve", by="ada")
        assert permitted["status"] == "approved"
        keeping.cancel()
    await store.close()


async def test_in_a_dry_run_nothing_is_refused_for_nobodys_answer_nor_where_it_is_asked_for_for_ever(
    world: HostWorld,
) -> None:
    program = world.tell(SEND)
    async with world.host(program) as host:
        await host.start(program, inputs={}, event=CALLED)
    store = await world.open_store()
    world.clock.at += 2 * HOUR
    world.dry_run = True
    await keep_timeouts(store, world.environment(), lambda: True)
    world.dry_run, world.policy = False, ASKS
    await keep_timeouts(store, world.environment(), lambda: True)
    assert [one["status"] for one in await asked(world)] == ["open"]
    await store.close()
