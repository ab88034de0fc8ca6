from __future__ import annotations

from typing import Any

from offstage.command_line.serve_lines import line_of
from offstage.effects import EffectEvent
from offstage.host import Brought
from offstage.triggers.queue import QueueNews
from offstage.triggers.webhook import DeliveryNews


def test_what_happens_to_a_queue_is_told_in_the_words_of_typescript() -> None:
    told = [
        QueueNews(kind="queue-ready", queue="q"),
        QueueNews(kind="queue-lost", queue="q", why="It is gone."),
        QueueNews(kind="queue-aside", queue="q", id="s 1-0", why="it is no UTF-8\x1b[2J", place="the stream q:dead"),
        QueueNews(kind="queue-stuck", queue="q", id="s 1-0", why="it is no UTF-8", error="Full."),
    ]
    lines = [line for line in map(line_of, told) if line is not None]
    assert [(one.event, one.severity) for one in lines] == [
        ("offstage.queue.ready", "info"),
        ("offstage.queue.lost", "warn"),
        ("offstage.queue.aside", "warn"),
        ("offstage.queue.stuck", "error"),
    ]
    assert lines[0].text == "queue    q: connected"
    assert lines[1].text == "problem  q: It is gone. It is tried again until it works."
    assert lines[2].text.startswith("aside    q, s 1-0: it is no UTF-8")
    assert "\x1b" not in lines[2].text
    assert lines[3].text == "problem  q, s 1-0: it is no UTF-8; and it could not be put aside: Full."


def test_a_write_that_went_wrong_is_told_with_its_run() -> None:
    failed = EffectEvent(
        kind="effect-failed", run_id="r-1", effect="e", server="shop", tool="post", label="once tell", detail="once tell: no", replayed=False, attempted=True
    )  # fmt: skip
    line = line_of(failed)
    assert line is not None
    assert (line.text, line.run_id, line.attributes["offstage.run.id"]) == (
        "problem  once tell: no (r-1)",
        "r-1",
        "r-1",
    )


def test_a_delivery_is_told_with_whom_it_is_for_and_one_that_came_before_is_nothing_new() -> None:
    taken: Any = {"workflow": "tell", "why": None}
    dropped: Any = {"workflow": "tidy", "why": "its trigger failed: no\x1b"}
    told = [
        DeliveryNews(kind="delivered", source="hub", id="d-1", brought=brought)
        for brought in (Brought([taken, dropped], 2), Brought([], 1), Brought([], 0))
    ]
    assert [line.text for line in map(line_of, told) if line is not None] == [
        "webhook  hub, d-1: for tell; dropped for tidy: its trigger failed: no\\u001b; for 2 waiting steps",
        "webhook  hub, d-1: for 1 waiting step",
        "webhook  hub, d-1: nothing new for anybody",
    ]
