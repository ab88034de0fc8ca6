from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from offstage.base import OffstageError
from offstage.testing.broker_process import BrokerProcess, has_program, redis_process
from offstage.testing.free_port import free_port
from offstage.testing.tested_brokers import RedisUnderTest
from offstage.testing.worlds import RealClock
from offstage.triggers.queue import JsonContent, PartsContent, QueueBroker, Unfit, create_broker

pytestmark = pytest.mark.anyio
STOPPING = asyncio.Event()


@pytest.fixture(scope="module")
def server() -> Iterator[BrokerProcess]:
    if not has_program("redis-server"):
        pytest.skip("there is no redis-server here: apt-get install redis-server")
    process = redis_process()
    yield process
    process.remove()


@pytest.fixture
def queue(server: BrokerProcess) -> RedisUnderTest:
    return RedisUnderTest(server)


def _without_field(queue: RedisUnderTest) -> QueueBroker:
    return create_broker(replace(queue.config(), field=None), clock=RealClock(), consumer="one")


async def _consumers(queue: RedisUnderTest) -> list[str]:
    listed = await queue.command("XINFO", "CONSUMERS", queue.stream, "offstage")
    return [one[1].decode() for one in listed]


async def test_it_gives_its_fields_as_texts_where_none_is_named_and_what_is_twice_or_no_text_fits_nobody(
    queue: RedisUnderTest,
) -> None:
    await queue.command("XADD", queue.stream, "*", "id", "7", "other", "x")
    await queue.command("XADD", queue.stream, "*", "id", "7", "id", "8")
    await queue.command("XADD", queue.stream, "*", "id", b"\xff")
    connection = await _without_field(queue).open()
    both, twice, binary = await connection.receive(9, STOPPING)
    assert both.content == PartsContent({"id": "7", "other": "x"}, 9)
    assert (twice.content, binary.content) == (
        Unfit("it has the field id twice"),
        Unfit("a field of it is no UTF-8"),
    )
    await connection.dead_letter(binary, "binary")
    [(_, aside)] = await queue.command("XRANGE", f"{queue.stream}:dead", "-", "+")
    assert (aside[b"id"], aside[b"offstage:deliveries"]) == (b"\xff", b"1")
    await connection.close()


async def test_a_message_without_its_field_or_with_two_fits_nobody(queue: RedisUnderTest) -> None:
    await queue.command("XADD", queue.stream, "*", "other", "7")
    await queue.command("XADD", queue.stream, "*", "data", "7", "data", "8")
    connection = await queue.broker("one").open()
    none, two = await connection.receive(9, STOPPING)
    assert (none.content, two.content) == (Unfit("it has no field data"), Unfit("it has the field data 2 times"))
    await connection.close()


async def test_a_stream_that_is_gone_with_its_group_is_made_again_and_loses_nothing_that_came_meanwhile(
    queue: RedisUnderTest,
) -> None:
    connection = await queue.broker("one").open()
    assert await connection.receive(9, STOPPING) == []
    await queue.command("DEL", queue.stream)
    await queue.send("1")
    [message] = await connection.receive(9, STOPPING)
    assert message.content == JsonContent(b"1")
    await connection.close()


async def test_a_consumer_that_ended_in_order_is_gone_and_one_that_had_messages_in_hand_is_kept(
    queue: RedisUnderTest,
) -> None:
    await queue.send("1")
    connection = await queue.broker("one").open()
    assert len(await connection.receive(9, STOPPING)) == 1
    await connection.close()
    assert await _consumers(queue) == ["offstage:one"]
    await queue.pass_hold()
    other = await queue.broker("two").open()
    await other.acknowledge(await other.receive(9, STOPPING))
    await other.close()
    assert await _consumers(queue) == ["offstage:one"]


async def test_a_message_that_was_deleted_while_it_was_in_hand_comes_no_more_and_holds_up_nobody(
    queue: RedisUnderTest,
) -> None:
    gone = await queue.command("XADD", queue.stream, "*", "data", "1")
    connection = await queue.broker("one").open()
    await connection.receive(9, STOPPING)
    await queue.command("XDEL", queue.stream, gone)
    await queue.send("2")
    await queue.pass_hold()
    [message] = await connection.receive(9, STOPPING)
    assert message.content == JsonContent(b"2")
    await connection.close()


async def test_what_is_given_back_again_and_again_counts_no_delivery(queue: RedisUnderTest) -> None:
    await queue.send("1")
    connection = await queue.broker("one").open()
    for _ in range(5):
        [message] = await connection.receive(9, STOPPING)
        assert message.attempt == 1
        await connection.give_back([message])
    await connection.close()


async def _fault(broker: QueueBroker) -> OffstageError:
    with pytest.raises(OffstageError) as raised:
        await broker.open()
    assert raised.value.code == "QUEUE_UNAVAILABLE"
    return raised.value


async def test_it_says_why_it_cannot_be_used_and_never_the_password(queue: RedisUnderTest) -> None:
    nobody = await _fault(queue.broker("one", url=f"redis://:a-pass-word@127.0.0.1:{free_port()}"))
    assert "The queue orders cannot be used: " in nobody.message
    assert "127.0.0.1" in nobody.message
    refused = await _fault(queue.broker("one", url=queue.url.replace(queue.password, "another-pass-word")))
    assert "invalid username-password pair" in refused.message
    await queue.command("SET", "a-text", "x")
    another = await _fault(queue.broker("one", stream="a-text"))
    assert "WRONGTYPE" in another.message
    assert "a-text" in (another.hint or "")
    assert not any("pass-word" in f"{one.message} {one.hint}" for one in (nobody, refused, another))
