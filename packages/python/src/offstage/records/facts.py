"""What was observed in one attempt to ensure or release one identity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from offstage.model import RecordAction


@dataclass(frozen=True, kw_only=True)
class FindFacts:
    """The answer of `find`. `target_keys`: hash of the target's part of `keep` for each item found, in the order found; who asked keeps the items beside it."""

    target_keys: tuple[str, ...]
    asked_at: int
    proves_after_ms: int | None


@dataclass(frozen=True, kw_only=True)
class ReadFacts:
    """The answer of `read`."""

    gone: bool
    asked_at: int
    proves_after_ms: int | None


@dataclass(frozen=True, kw_only=True)
class RecordFacts:
    """Begin with `NO_FACTS`.

    `found`: `unknown` when the arguments of `find` derive from a held write; `read`: `unknown` when a held write made it stale. `updated`:
    an update was bound in this attempt, so that another difference is no reason for another update.
    """

    found: FindFacts | Literal["unknown"] | None = None
    read: ReadFacts | Literal["unknown"] | None = None
    same: bool | Literal["unknown"] | None = None
    updated: bool = False


NO_FACTS = RecordFacts()
"""Nothing was observed yet."""


def facts_after_write(facts: RecordFacts, action: RecordAction) -> RecordFacts:
    """What stays true after a write was performed: what was seen before it proves nothing about after it."""
    return RecordFacts(found=facts.found if action == "adopt" else None, updated=facts.updated)
