"""What a sweep notes on its way."""

from __future__ import annotations

import json

from offstage.engine.strand import Strand
from offstage.model import RecordKey


def note_visit(c: Strand, key: RecordKey) -> None:
    """Notes that an identity occurs: whatever becomes of its ensure, it is no orphan."""
    c.visited = True
    if c.run.sweep is not None:
        c.run.sweep.visited.add(visit_name(key))


def note_lost(c: Strand, why: str) -> None:
    """Notes that there may be more than the sweep sees; the first reason is told."""
    if c.run.sweep is not None:
        c.run.sweep.lost = c.run.sweep.lost or why


def note_truncated(c: Strand, what: str) -> None:
    """Notes that a list was not read to its end; what looks for the traces of a write looks for nothing else."""
    if c.probe is None:
        c.missed_read = True
        note_lost(c, what)


def note_item(child: Strand, key: str, *, reached_its_end: bool) -> None:
    """An item that came to nothing, or caught that something could not be read or kept: which identities it would have visited is not known."""
    if child.run.sweep is None or (reached_its_end and not child.missed_read and not child.missed_record):
        return
    child.unsettled = True
    ended = (
        "may have ended before it came to all of its records" if child.visited else "ended before it came to its record"
    )
    note_lost(child, f"{key} {ended}")


def visit_name(key: RecordKey) -> str:
    """An identity, for a sweep's notes."""
    return json.dumps([key["scope"], key["record"], key["key"]])
