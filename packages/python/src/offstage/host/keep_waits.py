"""What a run waited for, for the run that continues it."""

from __future__ import annotations

import re

from offstage.base import decode_value, encode_value
from offstage.model import Run
from offstage.state import JournalRow, StoreTx

# Steps of which what they came to was done: time passed, an event came. Not `poll`, which reads; what a person answered is found by its topic.
_WAIT = re.compile(r"(?:^|/)(?:sleep|until|wait_for)#\d+$")
# When a `once` with a window was come to.
_WINDOW = re.compile(r"/window$")


async def keep_waits(tx: StoreTx, previous: Run, next: Run) -> None:
    """Hands what a run waited for to the run that continues it: no time passes again, and an event that came, comes to it too.

    Waits within items of an `each` that were finished are not among it: their rows are compacted. And when it came to a `once` with a window:
    what a person permits of that, or what is tried again, is of that time; what was written then, also in items that were finished, the
    ledger knows.
    """
    rows: list[JournalRow] = []
    for row in await tx.load_journal(previous["id"]):
        if row["kind"] == "step" and _WAIT.search(row["key"]):
            earlier = {"hash": row["hash"], "answer": decode_value(row["value"])}
            value = encode_value({"result": earlier, "staged": []})
            rows.append({"key": f"{row['key']}/earlier", "kind": "item", "hash": "", "value": value})
        elif row["kind"] == "now" and _WINDOW.search(row["key"]):
            rows.append(row)
    if rows:
        await tx.append_journal(next["id"], rows)
