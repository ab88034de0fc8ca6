"""The lines of a plan as they gather."""

from __future__ import annotations

import re
from functools import cmp_to_key
from typing import NamedTuple

from offstage.base import utf16_order
from offstage.gate import GateEffect, known_hash
from offstage.model import EffectIdentity, HoldReason, PlannedEffect, PlanSign

_RUNS = re.compile(r"[0-9]+|[^0-9]+")


class PlannedLines:
    """An empty plan at first. A line is one effect at one step: an identity that is not known yet may stand at several."""

    def __init__(self) -> None:
        self._lines: dict[str, PlannedEffect] = {}

    def add(self, effect: GateEffect, why: HoldReason) -> None:
        """Asked for twice, an apply performs it the first time for certain, and the second is answered from the ledger."""
        line = _line_of(effect, why)
        key = line["id"] if line["identityKnown"] else f"{line['id']} {line['step']}"
        known = self._lines.get(key)
        if known is None or known["certainty"] != "sure":
            self._lines[key] = line

    def list(self) -> list[PlannedEffect]:
        """In the order of the text, loops in the order of their items' keys where no better is known."""
        return _in_text_order([*self._lines.values()])


def _line_of(effect: GateEffect, why: HoldReason) -> PlannedEffect:
    request = effect.request
    call = request["call"]
    return {
        "id": effect.id,
        "identity": request["identity"],
        "identityKnown": request["identityKnown"],
        "step": request["step"],
        "sign": _sign_of(request["identity"]),
        "label": request["label"],
        "server": request["server"] if call is None else call["server"],
        "tool": None if call is None else call["tool"],
        "target": effect.target,
        "args": request["args"],
        "knownHash": known_hash(request["args"]),
        "certainty": request["certainty"],
        "undo": None if call is None else call["class"]["undo"],
        "why": why,
    }


def _sign_of(identity: EffectIdentity) -> PlanSign:
    if identity["kind"] != "record":
        return "+"
    match identity["action"]:
        case "create":
            return "+"
        case "adopt":
            return "="
        case "release":
            return "-"
        case "update" | "reopen":
            return "~"


class _Segment(NamedTuple):
    """A call site below the sites before it, whatever items they are in; and the item's key."""

    place: str
    key: str


def _in_text_order(lines: list[PlannedEffect]) -> list[PlannedEffect]:
    """Items of a parallel loop arrive in any order, so that lines are sorted: by the first arrival of their call site at each level, and the items of one loop by key, digits as numbers."""
    split = [(line, _segments_of(line["step"])) for line in lines]
    rank: dict[str, int] = {}
    for _, segments in split:
        for segment in segments:
            rank.setdefault(segment.place, len(rank))

    def compare(a: tuple[PlannedEffect, list[_Segment]], b: tuple[PlannedEffect, list[_Segment]]) -> int:
        for one, other in zip(a[1], b[1], strict=False):
            order = rank[one.place] - rank[other.place] or _compare_naturally(one.key, other.key)
            if order != 0:
                return order
        return len(a[1]) - len(b[1])

    return [line for line, _ in sorted(split, key=cmp_to_key(compare))]


def _segments_of(step: str) -> list[_Segment]:
    """`each#1[PR_7]/ticket.ensure#1`."""
    place = ""
    segments: list[_Segment] = []
    for segment in step.split("/"):
        site, bracket, key = segment.partition("[")
        place = f"{place}/{site}"
        segments.append(_Segment(place, bracket + key))
    return segments


def _compare_naturally(a: str, b: str) -> int:
    """By UTF-16 units, runs of digits as numbers: the same order on every machine, whatever its locale."""
    left, right = _RUNS.findall(a), _RUNS.findall(b)
    for index, one in enumerate(left):
        if index >= len(right):
            return 1
        other = right[index]
        if one[0] in "0123456789" and other[0] in "0123456789" and float(one) != float(other):
            return -1 if float(one) < float(other) else 1
        if one != other:
            return -1 if utf16_order(one) < utf16_order(other) else 1
    return len(left) - len(right)
