from __future__ import annotations

from offstage.command_line.serve_lines import line_of
from offstage.triggers.queue import QueueNews


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
