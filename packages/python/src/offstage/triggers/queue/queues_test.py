from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from offstage.base import OffstageError, UnsafeInteger
from offstage.host import Program
from offstage.model import Arrival
from offstage.testing.host_world import HostWorld
from offstage.testing.memory_queue import MemoryQueue
from offstage.testing.served_world import ServedProcess, ServedWorld
from offstage.triggers.queue import QueueConnection

pytestmark = pytest.mark.anyio

_ON = """queue("orders", when=lambda event: "skip" not in event["body"], key=lambda event: str(event["body"]["n"]))"""
_BODY = """
n, attempt = context["event"]["body"]["n"], context["event"]["attempt"]
await once(context["run"]["id"], lambda: world.send(text=f"{n} {attempt}"))
if "wait" in context["event"]["body"]:
    next = await wait_for(queue("orders"), when=lambda one: "answer" in one["body"])
    await once("answered", lambda: world.send(text=next["body"]["answer"]))
"""


class Orders:
    """A workflow that listens to the queue `orders`, and nobody to `others`."""

    def __init__(self, served: ServedWorld) -> None:
        self.served = served
        self.orders = MemoryQueue("orders", served.world.clock)
        self.others = MemoryQueue("others", served.world.clock)
        served.brokers = [self.orders.broker, self.others.broker]

    def program(self, on: str = _ON) -> Program:
        return self.served.program(on, _BODY)

    async def serve(self, pid: int = 1) -> ServedProcess:
        return await self.served.serve(pid, self.program())

    def written(self) -> list[str]:
        """Runs of different keys have no order."""
        return sorted(self.served.world.calls.written())


@pytest.fixture
async def orders(tmp_path: Path) -> AsyncIterator[Orders]:
    made = Orders(ServedWorld(HostWorld(tmp_path)))
    yield made
    await made.served.close()


def _told(process: ServedProcess, kind: str) -> list[dict[str, Any]]:
    return [vars(one) for one in process.queue_news if one.kind == kind]


def _message(n: int, more: str = "") -> str:
    return f'{{"n":{n}{more}}}'


async def test_a_message_starts_one_run_is_told_to_it_with_its_delivery_and_is_acknowledged(orders: Orders) -> None:
    orders.served.world.redactor.register("hunter2-hunter2", "a password")
    orders.orders.send(_message(1), _message(2, ',"secret":"hunter2-hunter2"'), _message(3, ',"big":9007199254740993'))
    process = await orders.serve()
    await orders.served.advance(3_000)
    assert orders.written() == ["1 1", "2 1", "3 1"]
    events = [run["event"] for run in await orders.served.world.runs()]
    assert {"kind": "queue", "attempt": 1, "body": {"n": 2, "secret": "[redacted a password]"}} in events
    assert {"kind": "queue", "attempt": 1, "body": {"n": 3, "big": UnsafeInteger("9007199254740993")}} in events
    assert orders.orders.left() == []
    assert [one.kind for one in process.queue_news] == ["queue-ready"]


async def test_what_no_trigger_wants_starts_nothing_and_a_queue_that_none_names_is_left_alone(orders: Orders) -> None:
    orders.orders.send(_message(1, ',"skip":true'))
    orders.others.send(_message(2))
    await orders.serve()
    await orders.served.advance(3_000)
    assert await orders.served.world.runs() == []
    assert (orders.orders.left(), orders.others.left(), orders.others.asked) == ([], [_message(2)], 0)


async def test_one_that_the_store_cannot_take_is_given_back_told_of_once_and_comes_when_it_can(orders: Orders) -> None:
    process = await orders.serve()
    await orders.served.advance(1_000)
    process.taking.fault = OffstageError("STORE_LOCKED", "The disk is full.")
    orders.orders.send(_message(1), _message(2))
    await orders.served.advance(20_000)
    assert (orders.orders.left(), orders.written()) == ([_message(1), _message(2)], [])
    assert [one["why"] for one in _told(process, "queue-lost")] == ["The disk is full."]
    process.taking.fault = None
    await orders.served.advance(40_000)
    # What was given back counts as no delivery: else it would lie aside now.
    assert (orders.orders.left(), orders.written(), orders.orders.dead_letters) == ([], ["1 1", "2 1"], [])
    assert len(_told(process, "queue-ready")) == 2


async def test_one_that_comes_again_starts_nothing_twice_when_the_broker_did_not_hear_that_it_is_durable(
    orders: Orders,
) -> None:
    orders.orders.goes_unheard = True
    orders.orders.send(_message(1))
    process = await orders.serve()
    await orders.served.advance(3_000)
    assert (orders.written(), orders.orders.left()) == (["1 1"], [_message(1)])
    assert len(_told(process, "queue-lost")) == 1
    orders.orders.gone = False
    await orders.served.advance(60_000)
    assert (orders.written(), orders.orders.left()) == (["1 1"], [])
    assert len(await orders.served.world.runs()) == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{broken", "it is no JSON that can be read: This is not JSON"),
        ('{"n":1,"x":"' + "x" * 2_000 + '"}', "it is larger than 1000 bytes"),
        ("[" * 300 + "]" * 300, "it is no JSON that can be read"),
    ],
)
async def test_what_can_be_no_event_is_put_aside_with_the_reason_and_the_others_are_not_held_up(
    orders: Orders, text: str, why: str
) -> None:
    orders.orders.send(_message(1), text, _message(2))
    process = await orders.serve()
    await orders.served.advance(3_000)
    [(aside, said)] = orders.orders.dead_letters
    assert (aside, why in said) == (text, True)
    assert (orders.written(), orders.orders.left()) == (["1 1", "2 1"], [])
    [told] = _told(process, "queue-aside")
    assert (told["id"], told["why"], told["place"]) == ("m2", said, "the dead")


async def test_what_cannot_be_put_aside_comes_again_later_is_told_of_and_holds_up_nobody(orders: Orders) -> None:
    orders.orders.refuses_dead_letters = True
    orders.orders.send("{broken", _message(1))
    process = await orders.serve()
    await orders.served.advance(3_000)
    assert (orders.written(), orders.orders.left()) == (["1 1"], ["{broken"])
    assert [(one["id"], one["error"]) for one in _told(process, "queue-stuck")] == [("m1", "The place is full.")]
    orders.orders.refuses_dead_letters = False
    await orders.served.advance(60_000)
    assert (orders.orders.left(), len(orders.orders.dead_letters)) == ([], 1)


async def test_what_was_delivered_too_often_is_put_aside_unread(orders: Orders) -> None:
    orders.orders.send(_message(1))
    # As processes that die of it take it.
    connection = await orders.orders.broker.open()
    for _ in range(3):
        assert len(await connection.receive(1, asyncio.Event())) == 1
        orders.served.world.clock.at += 30_000
    await orders.serve()
    await orders.served.advance(3_000)
    assert orders.orders.dead_letters == [(_message(1), "it was delivered 4 times, and nobody handled it")]
    assert await orders.served.world.runs() == []


async def test_a_message_goes_to_the_steps_that_wait_for_its_queue_too(orders: Orders) -> None:
    orders.orders.send(_message(1, ',"wait":true'))
    await orders.serve()
    await orders.served.advance(2_000)
    orders.orders.send(_message(2, ',"skip":true,"answer":"yes"'))
    await orders.served.advance(2_000)
    assert orders.written() == ["1 1", "yes"]


async def test_a_broker_that_is_gone_is_told_of_once_and_again_when_it_is_back_and_nothing_is_lost(
    orders: Orders,
) -> None:
    orders.orders.send(_message(1))
    process = await orders.serve()
    await orders.served.advance(2_000)
    orders.orders.gone = True
    asked = orders.orders.asked
    await orders.served.advance(120_000)
    # Ever more slowly: every 250 ms it would be hundreds of times.
    assert 5 < orders.orders.asked - asked < 20
    orders.orders.send(_message(2))
    orders.orders.gone = False
    await orders.served.advance(40_000)
    assert [one.kind for one in process.queue_news] == ["queue-ready", "queue-lost", "queue-ready"]
    assert orders.written() == ["1 1", "2 1"]


async def test_while_as_many_events_wait_as_may_nothing_is_fetched_until_half_of_them_are_gone(orders: Orders) -> None:
    process = await orders.serve()
    await orders.served.advance(1_000)
    process.stop.set()
    await orders.served.advance(1_000)
    # Nobody starts runs of what comes.
    orders.orders.send(*(_message(n) for n in range(30)))
    await process.queues.look()
    await orders.served.advance(3_000)
    assert len(orders.orders.left()) == 10
    assert [one["waiting"] for one in _told(process, "queue-full")] == [20]

    async def drop(tx: Any) -> None:
        waiting: list[Arrival] = await tx.admissible_arrivals(
            workflows=["tick"], now=orders.served.world.clock.now(), starts=99, limit=99
        )
        for arrival in waiting[:11]:
            await tx.put_arrival({**arrival, "status": "dropped", "why": "a test"})

    await orders.served.world.stored(drop)
    await orders.served.advance(1_000)
    assert (orders.orders.left(), len(_told(process, "queue-flowing"))) == ([], 1)


async def test_a_broker_that_does_not_answer_keeps_nobody_from_stopping(orders: Orders) -> None:
    orders.orders.silent = True
    process = await orders.serve()
    process.stop.set()
    await orders.served.settle()
    closing = asyncio.create_task(process.queues.close())
    await orders.served.advance(4_000)
    assert not closing.done()
    await orders.served.advance(2_000)
    await closing


async def test_one_process_takes_and_the_other_goes_on_when_it_was_killed(orders: Orders) -> None:
    first = await orders.serve(1)
    second = await orders.serve(2)
    orders.orders.send(_message(1))
    await orders.served.advance(3_000)
    assert ([one.kind for one in first.queue_news], second.queue_news) == (["queue-ready"], [])
    orders.served.kill(first)
    orders.orders.send(_message(2))
    await orders.served.advance(60_000)
    assert [one.split()[0] for one in orders.written()] == ["1", "2"]
    assert orders.orders.left() == []


async def test_one_that_stopped_asks_no_more_and_what_was_in_hand_is_durable(orders: Orders) -> None:
    process = await orders.serve()
    orders.orders.send(_message(1))
    await orders.served.advance(1_000)
    await orders.served.stop(process)
    assert orders.orders.left() == []
    asked = orders.orders.asked
    await orders.served.advance(5_000)
    assert orders.orders.asked == asked


async def test_what_no_waiting_mends_ends_the_process_with_the_reason(orders: Orders) -> None:
    async def open() -> QueueConnection:
        raise OffstageError("SECRET_MISSING", "No such secret.")

    orders.served.brokers = [replace(orders.orders.broker, open=open)]
    process = await orders.serve()
    await orders.served.advance(1_000)
    assert process.serving is not None
    with pytest.raises(OffstageError) as raised:
        await process.serving
    assert raised.value.code == "SECRET_MISSING"
