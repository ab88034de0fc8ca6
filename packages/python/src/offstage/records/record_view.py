"""What the store knows of one identity of a record, and what the record can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from offstage.model import Binding, LedgerEntry, RecordKey


class RecordView(TypedDict):
    """Read again after every perform, settle and bind.

    `open`: the newest effect of the identity that is not settled into the binding: interrupted, ambiguous, or done and not yet bound.
    `formerTargets`: those that older generations than the binding's created: `find` may see them still, a new generation never takes them.
    `target`: that of the record's server now. `now`: ms, for the pure decisions. `restored`: the store was restored from a backup since this
    epoch began, so that absence of a row proves nothing.
    """

    key: RecordKey
    binding: Binding | None
    open: LedgerEntry | None
    formerTargets: list[str]
    target: str
    now: int
    restored: bool


@dataclass(frozen=True, kw_only=True)
class RecordAbilities:
    """Which optional callbacks a record has; `identity`, `find`, `create` and `keep` it always has."""

    read: bool
    same: bool
    update: bool
    reopen: bool
    release: bool
