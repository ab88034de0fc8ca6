"""What every broker promises, asked of each: real ones, and the one in memory that other tests take for one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import pytest

from offstage.base import OffstageError
from offstage.testing.broker_process import BrokerProcess, has_program, redis_process
from offstage.testing.store_places import code_of
from offstage.testing.tested_brokers import MemoryUnderTest, QueueUnderTest, RedisUnderTest
from offstage.triggers.queue import JsonContent, QueueConnection, QueueMessage

pytestmark = pytest.mark.anyio
STOPPING = asyncio.Event()


@pytest.fixture(scope="module", params=["memory", "redis"])
def server(request: Any) -> Iterator[BrokerProcess | None]:
    kind = str(request.param)
    if kind == "memory":
        yield None
        return
    if not has_program(f"{kind}-server"):
        pytest.skip(f"there is no {kind}-server here: apt-get install {kind}-server")
    process = redis_process()
    yield process
    process.remove()


@pytest.fixture
async def queue(server: BrokerProcess | None) -> AsyncIterator[QueueUnderTest]:
    made: QueueUnderTest = MemoryUnderTest() if server is None else RedisUnderTest(server)
    yield made
    await made.remove()


async def _receive(connection: QueueConnection, number: int) -> list[QueueMessage]:
    """So many messages, in as many turns as it takes."""
    got: list[QueueMessage] = []
    async with asyncio.timeout(20):
        while len(got) < number:
            got += await connection.receive(number - len(got), STOPPING)
    return got


async def _later(queue: QueueUnderTest, connection: QueueConnection) -> list[QueueMessage]:
    await queue.pass_hold()
    return [*await connection.receive(9, STOPPING), *await connection.receive(9, STOPPING)]


def _texts(messages: Sequence[QueueMessage]) -> list[str]:
    return [one.content.bytes.decode() if isinstance(one.content, JsonContent) else "" for one in messages]


async def test_it_gives_what_was_sent_before_anybody_listened_and_what_comes_later_in_order_and_no_more_than_is_wanted(
    queue: QueueUnderTest,
) -> None:
    for text in ('{"n":1}', '{"n":2}', '{"n":3}'):
        await queue.send(text)
    connection = await queue.broker("one").open()
    first = await _receive(connection, 2)
    assert len(first) == 2
    await queue.send('{"n":4}')
    messages = [*first, *await _receive(connection, 2)]
    assert _texts(messages) == ['{"n":1}', '{"n":2}', '{"n":3}', '{"n":4}']
    assert [one.attempt for one in messages] == [1, 1, 1, 1]
    assert len({one.id for one in messages}) == 4
    await connection.close()


async def test_it_does_not_give_again_what_was_acknowledged_also_when_the_process_ends_then(
    queue: QueueUnderTest,
) -> None:
    await queue.send("1")
    await queue.send("2")
    connection = await queue.broker("one").open()
    await connection.acknowledge(await _receive(connection, 2))
    assert await _later(queue, connection) == []
    await connection.close()
    other = await queue.broker("two").open()
    assert await _later(queue, other) == []
    await other.close()


async def test_it_gives_again_what_was_given_back_to_whoever_asks_without_this_delivery(queue: QueueUnderTest) -> None:
    await queue.send("1")
    connection = await queue.broker("one").open()
    given = await _receive(connection, 1)
    await connection.give_back(given)
    other = await queue.broker("two").open()
    [again] = await _receive(other, 1)
    assert (again.id, again.attempt) == (given[0].id, 1)
    await connection.close()
    await other.close()


async def test_it_gives_another_one_what_a_process_that_ended_had_in_hand_and_says_how_often_it_was_delivered(
    queue: QueueUnderTest,
) -> None:
    for text in "123":
        await queue.send(text)
    connection = await queue.broker("one").open()
    first, *rest = await _receive(connection, 3)
    await connection.acknowledge([first])
    await connection.close()
    other = await queue.broker("two").open()
    await queue.pass_hold()
    again = await _receive(other, 2)
    assert [one.id for one in again] == [one.id for one in rest]
    assert [one.attempt for one in again] == [2, 2]
    await other.acknowledge(again)
    assert await _later(queue, other) == []
    await other.close()


async def test_it_keeps_what_was_put_aside_with_the_reason_and_does_not_give_it_again(queue: QueueUnderTest) -> None:
    await queue.send("{broken")
    await queue.send("2")
    connection = await queue.broker("one").open()
    broken, other = await _receive(connection, 2)
    await connection.dead_letter(broken, 'it is "no" JSON 😀')
    await connection.acknowledge([other])
    assert [*await queue.aside()] == [("{broken", 'it is "no" JSON 😀')]
    assert await _later(queue, connection) == []
    await connection.close()


async def test_it_shares_its_messages_between_those_that_listen(queue: QueueUnderTest) -> None:
    for text in "1234":
        await queue.send(text)
    one, two = await queue.broker("one").open(), await queue.broker("two").open()
    mine, others = await _receive(one, 2), await _receive(two, 2)
    assert sorted([*_texts(mine), *_texts(others)]) == ["1", "2", "3", "4"]
    await one.close()
    await two.close()


async def test_one_that_is_killed_in_the_middle_is_told_and_started_again_it_gives_what_was_in_hand(
    queue: QueueUnderTest, server: BrokerProcess | None
) -> None:
    if server is None:
        pytest.skip("nobody can kill what is in memory")
    await queue.send("1")
    connection = await queue.broker("one").open()
    [message] = await _receive(connection, 1)
    reading = asyncio.ensure_future(connection.receive(9, STOPPING))
    await asyncio.sleep(0.1)
    server.kill()
    with pytest.raises(OffstageError) as raised:
        await reading
    assert raised.value.code == "QUEUE_UNAVAILABLE"
    assert await code_of(connection.acknowledge([message])) == "QUEUE_UNAVAILABLE"
    await connection.close()
    assert await code_of(queue.broker("two").open()) == "QUEUE_UNAVAILABLE"
    server.start()
    await queue.pass_hold()
    other = await queue.broker("two").open()
    [again] = await _receive(other, 1)
    assert (again.id, again.attempt) == (message.id, 2)
    await other.acknowledge([again])
    await other.close()
