"""One line of each thing that happens to a queue."""

from __future__ import annotations

from collections.abc import Mapping

from offstage.command_line.terminal import escape_controls
from offstage.telemetry import Severity
from offstage.triggers.queue import QueueNews

QUEUE_SEVERITIES: Mapping[str, Severity] = {
    "queue-ready": "info",
    "queue-lost": "warn",
    "queue-full": "warn",
    "queue-flowing": "info",
    "queue-aside": "warn",
    "queue-stuck": "error",
}
"""How much each is a matter of somebody's."""


def queue_text(news: QueueNews) -> str:
    """The words for people, those of TypeScript."""
    queue = news.queue
    texts = {
        "queue-ready": f"queue    {queue}: connected",
        "queue-lost": f"problem  {queue}: {news.why} It is tried again until it works.",
        "queue-full": f"queue    {queue}: {news.waiting} events wait to start a run; its messages stay where they are until half of them began",
        "queue-flowing": f"queue    {queue}: its messages are taken again",
        "queue-aside": f"aside    {queue}, {news.id}: {news.why}; it is in {news.place}",
        "queue-stuck": f"problem  {queue}, {news.id}: {news.why}; and it could not be put aside: {news.error}",
    }
    return escape_controls(texts[news.kind])
