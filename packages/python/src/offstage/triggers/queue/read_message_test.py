from __future__ import annotations

import pytest

from offstage.testing.fake_clock import FakeClock
from offstage.testing.memory_queue import MemoryQueue
from offstage.triggers.queue import JsonContent, PartsContent, QueueMessage, Unfit
from offstage.triggers.queue.read_message import read_message

_BROKER = MemoryQueue("orders", FakeClock(), max_bytes=12, max_attempts=3).broker


def _read(content: JsonContent | PartsContent | Unfit, attempt: int = 1) -> object:
    return read_message(QueueMessage("1", attempt, content), _BROKER)


def test_a_message_is_an_event_with_its_delivery_up_to_the_largest_size_and_the_last_delivery() -> None:
    assert _read(JsonContent(b'{"n":123456}'), 3) == {"kind": "queue", "body": {"n": 123_456}, "attempt": 3}
    assert _read(PartsContent({"n": "1"}, 12)) == {"kind": "queue", "body": {"n": "1"}, "attempt": 1}
    assert _read(JsonContent(b"\xef\xbb\xbf1")) == {"kind": "queue", "body": 1, "attempt": 1}


@pytest.mark.parametrize(
    ("content", "attempt", "why"),
    [
        (JsonContent(b"1"), 4, "it was delivered 4 times, and nobody handled it"),
        (JsonContent(b'{"n":1234567}'), 1, "it is larger than 12 bytes"),
        (PartsContent({}, 13), 1, "it is larger than 12 bytes"),
        (Unfit("it has no field x"), 1, "it has no field x"),
        (JsonContent(b'"\xff"'), 1, "it is no UTF-8"),
        # Nothing of it is quoted.
        (
            JsonContent(b'"hunter2'),
            1,
            "it is no JSON that can be read: This is not JSON: Unterminated string",
        ),
    ],
)
def test_what_can_be_none_says_why(content: JsonContent | PartsContent | Unfit, attempt: int, why: str) -> None:
    read = _read(content, attempt)
    assert isinstance(read, Unfit)
    assert why in read.why
    assert "hunter2" not in read.why
