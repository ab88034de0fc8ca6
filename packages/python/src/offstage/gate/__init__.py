"""The one gate of writes: what is performed, held, refused. Pure."""

from offstage.gate.context import Changes, DayCount, Decision, GateContext, GateEffect, Writes
from offstage.gate.day_limits import day_of, limits_of
from offstage.gate.decide import decide
from offstage.gate.known_hash import known_hash
from offstage.gate.matches_glob import matches_glob
from offstage.gate.shown_for import is_shown_for

__all__ = [
    "Changes",
    "DayCount",
    "Decision",
    "GateContext",
    "GateEffect",
    "Writes",
    "day_of",
    "decide",
    "is_shown_for",
    "known_hash",
    "limits_of",
    "matches_glob",
]
