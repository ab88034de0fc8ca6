"""Faults of brokers, in our words."""

from __future__ import annotations

from offstage.base import OffstageError


def unavailable(queue: str, error: BaseException, hint: str) -> OffstageError:
    """What a broker's client raises, as `QUEUE_UNAVAILABLE`; `hint` says what to look at."""
    message = str(error).strip() or type(error).__name__
    return OffstageError(
        "QUEUE_UNAVAILABLE", f"The queue {queue} cannot be used: {message.removesuffix('.')}.", hint=hint
    )
