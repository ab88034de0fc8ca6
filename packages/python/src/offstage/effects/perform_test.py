from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from offstage.base import OffstageError
from offstage.effects import RequestAnswer, answer_requests, resolve_effect
from offstage.model import DEFAULT_POLICY, effect_id
from offstage.state import StoreTx
from offstage.testing.effects_world import (
    TARGET,
    TIMEOUT_MS,
    BookServer,
    EffectsWorld,
    lease,
    once_request,
    request_for,
)
from offstage.testing.store_places import StorePlace

pytestmark = pytest.mark.anyio


@pytest.fixture
async def world(tmp_path: Path, place: StorePlace) -> AsyncIterator[EffectsWorld]:
    store = await place.open()
    await lease(store)
    made = EffectsWorld(store, BookServer(tmp_path / "book"))
    made.server.clock = made.clock
    yield made
    await store.close()


async def row(world: EffectsWorld, key: str = "k") -> Any:
    id = effect_id(once_request(key)["identity"])
    return await world.store.transact(lambda tx: tx.get_effect(id), durable=False, reads=True)


async def test_a_write_is_made_once_and_answered_from_the_ledger_then(world: EffectsWorld) -> None:
    first = await world.effects().perform(once_request())
    later = await world.effects("run-2").perform(once_request(args={"title": "other"}))
    assert (first["kind"], later["kind"], world.server.calls()) == ("done", "done", 1)
    assert [event.replayed for event in world.events] == [False, True]
    assert [event.attempted for event in world.events] == [True, False]
    assert (await row(world))["settledBy"] == "answer"


async def test_the_intent_is_stored_before_anything_is_sent(world: EffectsWorld) -> None:
    world.server.gate = asyncio.Event()
    under_way = asyncio.create_task(world.effects().perform(once_request()))
    await world.server.reached.wait()
    assert (await row(world))["status"] == "intended"
    # Another process that comes to it meanwhile does not send it.
    other = EffectsWorld(world.store, world.server)
    assert (await other.effects("run-2").perform(once_request()))["kind"] == "ambiguous"
    world.server.gate.set()
    assert (await under_way)["kind"] == "done"
    assert world.server.calls() == 1


async def test_a_second_entrant_of_one_process_waits_for_the_first_and_gets_its_outcome(world: EffectsWorld) -> None:
    effects = world.effects()
    answers = await asyncio.gather(*(effects.perform(once_request()) for _ in range(5)))
    assert [answer["kind"] for answer in answers] == ["done"] * 5
    assert world.server.calls() == 1


@pytest.mark.parametrize("mode", ["lost", "late", "raises"])
async def test_an_answer_that_proves_nothing_is_ambiguous_and_never_tried_again(world: EffectsWorld, mode: str) -> None:
    world.server.mode = mode
    assert (await world.effects().perform(once_request()))["kind"] == "ambiguous"
    world.server.mode = "value"
    assert (await world.effects("run-2").perform(once_request()))["kind"] == "ambiguous"
    assert world.server.calls() == 1


async def test_an_idempotent_write_in_doubt_is_sent_again_and_a_refusal_then_proves_nothing(
    world: EffectsWorld,
) -> None:
    world.server.mode = "lost"
    assert (await world.effects().perform(once_request(idempotent=True)))["kind"] == "ambiguous"
    world.server.mode = "refused"
    assert (await world.effects("run-2").perform(once_request(idempotent=True)))["kind"] == "ambiguous"
    world.server.mode = "value"
    assert (await world.effects("run-3").perform(once_request(idempotent=True)))["kind"] == "done"
    assert (await row(world))["settledBy"] == "repeated"


async def test_a_refusal_failed_and_a_later_run_may_try_again(world: EffectsWorld) -> None:
    world.server.mode = "refused"
    effects = world.effects()
    assert (await effects.perform(once_request()))["kind"] == "failed"
    world.server.mode = "value"
    assert (await effects.perform(once_request()))["kind"] == "failed"
    assert (await world.effects("run-2").perform(once_request()))["kind"] == "done"


async def test_nothing_is_sent_past_the_deadline(world: EffectsWorld) -> None:
    async def slow(_tx: StoreTx) -> None:
        world.clock.at += TIMEOUT_MS

    answer: Any = await world.effects(before_commit=slow).perform(once_request())
    assert (answer["kind"], answer["error"]["code"], world.server.calls()) == ("failed", "EFFECT_LATE", 0)


async def test_who_lost_the_lease_sends_nothing_and_is_told(world: EffectsWorld) -> None:
    await lease(world.store, 2)
    with pytest.raises(OffstageError) as raised:
        await world.effects().perform(once_request())
    assert (raised.value.code, world.server.calls()) == ("LEASE_LOST", 0)


async def test_a_cancelled_write_is_ended_before_its_caller_is(world: EffectsWorld) -> None:
    world.server.gate = asyncio.Event()
    under_way = asyncio.create_task(world.effects().perform(once_request()))
    await world.server.reached.wait()
    under_way.cancel()
    await asyncio.sleep(0.02)
    world.server.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await under_way
    assert (await row(world))["status"] == "done"


async def test_a_plan_writes_nothing_and_its_apply_exactly_it(world: EffectsWorld) -> None:
    planning = world.effects(phase="plan", fence=None)
    assert (await planning.perform(once_request()))["kind"] == "held"
    plan: Any = {"effects": planning.planned_effects(), "createdAt": 1}
    applying = world.effects(phase="apply", plan=plan)
    answer: Any = await applying.perform(once_request("unplanned"))
    assert answer["why"]["kind"] == "not-in-plan"
    assert world.server.calls() == 0
    assert (await applying.perform(once_request()))["kind"] == "done"


async def test_a_person_is_asked_once_and_a_yes_permits_one_write(world: EffectsWorld) -> None:
    world.policy = {**DEFAULT_POLICY, "rules": [{"verdict": "approve"}]}
    effects = world.effects()
    assert [(await effects.perform(once_request()))["kind"] for _ in range(2)] == ["held", "held"]
    asked = await world.store.transact(lambda tx: tx.list_requests(limit=9, status=["open"]), durable=False, reads=True)
    assert len(asked) == 1
    answer = RequestAnswer(verdict="approve", by="ada", now=world.clock.now(), max_age_ms=1_000)
    assert [one["status"] for one in await answer_requests(world.store, [asked[0]["id"]], answer)] == ["approved"]
    assert (await effects.perform(once_request()))["kind"] == "done"
    assert world.server.calls() == 1


async def test_what_a_person_found_out_settles_a_write_in_doubt_but_not_one_under_way(world: EffectsWorld) -> None:
    world.server.mode = "lost"
    await world.effects().perform(once_request())
    id = effect_id(once_request()["identity"])
    said = await resolve_effect(world.store, id, {"kind": "did-not-happen"}, by="ada", now=world.clock.now())
    assert (said["status"], said["settledBy"]) == ("failed", "person")
    with pytest.raises(OffstageError) as raised:
        await resolve_effect(world.store, id, {"kind": "happened"}, by="ada", now=world.clock.now())
    assert raised.value.code == "USAGE"
    world.server.mode = "value"
    assert (await world.effects("run-2").perform(once_request()))["kind"] == "done"


async def test_a_record_is_created_bound_and_its_target_is_nobody_elses(world: EffectsWorld) -> None:
    def create(key: str) -> Any:
        return request_for(
            {
                "kind": "record",
                "scope": "leaks",
                "record": "ticket",
                "key": key,
                "generation": 1,
                "action": "create",
                "revision": 0,
            }
        )

    effects = world.effects()
    change: Any = {
        "kind": "bound",
        "generation": 1,
        "kept": {"key": "PROD-1"},
        "targetKey": "t",
        "adopted": False,
        "server": "jira",
    }
    for key in ("a", "b"):
        made = await effects.perform(create(key))
        bound: Any = {**change, "key": {"scope": "leaks", "record": "ticket", "key": key}, "effect": made["effect"]}
        if key == "a":
            assert (await effects.bind(bound))["target"] == TARGET
            assert await effects.bind(bound) == (await effects.bindings("leaks", "ticket"))[0]
            view = await effects.record(bound["key"], "jira")
            assert (view["open"], view["target"]) == (None, TARGET)
        else:
            with pytest.raises(OffstageError) as raised:
                await effects.bind(bound)
            assert raised.value.code == "AMBIGUOUS_RECORD"
