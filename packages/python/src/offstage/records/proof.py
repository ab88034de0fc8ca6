"""What not finding something proves."""

from __future__ import annotations

from collections.abc import Iterable

from offstage.model import CallClass, LedgerEntry


def proves_after_ms(reads: Iterable[CallClass]) -> int | None:
    """How long after a write's deadline it must be before these reads, finding nothing, prove that it did not happen: 0 when all are consistent, the longest lag otherwise, None (never) when one is neither or nothing was read at all."""
    longest: int | None = None
    for read in reads:
        ms = 0 if read["consistent"] else read["lagMs"]
        if ms is None:
            return None
        longest = max(longest or 0, ms)
    return longest


def proves_absence(entry: LedgerEntry, asked_at: int, proves_after: int | None) -> bool:
    """Whether not finding a write at that time proves that it did not happen and will not: nothing of it is sent after its deadline."""
    return proves_after is not None and asked_at > entry["deadlineAt"] + proves_after
