from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from offstage.base import OffstageError
from offstage.host import Offer, OfferedTo, offer_event
from offstage.model import Run
from offstage.testing.host_world import CALLED, HostWorld

pytestmark = pytest.mark.anyio

TOP = "from offstage import parallel, queue, wait_for, webhook\n"
WAITS = 'return await wait_for(webhook("github"), within="1h")'
HOUR = 3_600_000


@pytest.fixture
def world(tmp_path: Path) -> HostWorld:
    return HostWorld(tmp_path)


async def parked(world: HostWorld, body: str = WAITS) -> Run:
    program = world.tell(body, top=TOP)
    async with world.host(program) as host:
        return await host.start(program, inputs={}, event=CALLED)


async def offer(world: HostWorld, run_id: str, event: Any, **more: Any) -> OfferedTo:
    """By a process of its own, as a person does."""
    store = await world.open_store()
    try:
        offered = Offer(run_id=run_id, event=event, **more)
        return await offer_event(store, world.redactor, offered, world.clock.now())
    finally:
        await store.close()


async def refused(world: HostWorld, run_id: str, event: Any, **more: Any) -> tuple[str, str]:
    with pytest.raises(OffstageError) as raised:
        await offer(world, run_id, event, **more)
    return raised.value.code, raised.value.message


async def test_a_run_goes_on_with_an_event_that_is_offered_and_no_secret_is_kept_of_it(world: HostWorld) -> None:
    world.redactor.register("swordfish-1234", "TOKEN")
    program = world.tell(WAITS, top=TOP)
    async with world.host(program) as host:
        run = await host.start(program, inputs={}, event=CALLED)
        event = {"headers": {"X-Event": "push"}, "body": {"with": "swordfish-1234"}}
        offered = await offer(world, run["id"], event)
        assert (offered.topic, len(offered.steps)) == ("webhook:github", 1)
        assert (await offer(world, run["id"], event)).steps == []
        ended = await host.go_on(run["id"])
    assert ended["output"] == {
        "kind": "webhook",
        "source": "github",
        "headers": {"x-event": "push"},
        "body": {"with": "[redacted TOKEN]"},
    }
    assert await refused(world, run["id"], event) == (
        "EVENT_UNWANTED",
        f"Run {run['id']} waits for no event: it is at its end, succeeded.",
    )


@pytest.mark.parametrize(
    ("event", "says"),
    [
        ([], "The event is not a JSON object."),
        ({}, "The event has no body."),
        ({"kind": "queue", "body": 1}, 'The event\'s kind is "queue", and the run waits for "webhook".'),
        ({"source": 1, "body": 1}, 'The event\'s source is no text, and the run waits for "github".'),
        (
            {"action": "x"},
            'An event of a webhook has no member "action"; what was sent belongs under "body".',
        ),
        ({"headers": [], "body": 1}, "The event's headers are not an object of texts."),
        ({"headers": {"A": 1}, "body": 1}, 'The event\'s header "A" is no text.'),
        ({"headers": {"A": "1", "a": "2"}, "body": 1}, 'The event has the header "a" twice.'),
        ({"body": "x" * (10 << 20)}, "The event is larger than 10 MiB."),
    ],
)
async def test_what_is_no_event_of_the_source_is_refused(world: HostWorld, event: Any, says: str) -> None:
    assert await refused(world, (await parked(world))["id"], event) == ("EVENT_INVALID", says)


async def test_an_event_that_nobody_waits_for_is_refused_with_what_is_waited_for(world: HostWorld) -> None:
    id = (await parked(world))["id"]
    assert await refused(world, "none", {"body": 1}) == ("RUN_UNKNOWN", "The store has no run none.")
    assert await refused(world, id, {"body": 1}, topic="queue:jobs") == (
        "EVENT_UNWANTED",
        f"Run {id} waits for no event of queue:jobs.",
    )
    world.clock.at += HOUR
    code, message = await refused(world, id, {"body": 1})
    assert (code, message.startswith(f"Run {id} waited for an event of the webhook github until")) == (
        "EVENT_UNWANTED",
        True,
    )


async def test_of_several_sources_it_is_said_which_one_is_meant_and_an_id_is_one_event(world: HostWorld) -> None:
    both = 'await parallel({"a": lambda: wait_for(webhook("github")), "b": lambda: wait_for(queue("jobs"))})'
    id = (await parked(world, both))["id"]
    code, message = await refused(world, id, {"body": 1})
    assert (code, message.startswith(f"Run {id} waits for events of 2 sources:")) == ("USAGE", True)
    assert len((await offer(world, id, {"body": 1}, topic="queue:jobs", id="7")).steps) == 1
    assert (await offer(world, id, {"body": 2}, topic="queue:jobs", id="7")).steps == []
    assert await refused(world, id, {"body": 1, "attempt": 0}, topic="queue:jobs") == (
        "EVENT_INVALID",
        "The event's attempt is no whole number from 1.",
    )
