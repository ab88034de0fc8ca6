"""Whether something is as a rule says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

Match: TypeAlias = Literal["yes", "maybe", "no"]
"""`maybe`: it could be read so."""


def all_of(matches: Iterable[Match]) -> Match:
    """The weakest of them; `yes` of none."""
    seen = set(matches)
    return "no" if "no" in seen else "maybe" if "maybe" in seen else "yes"


def any_of(matches: Iterable[Match]) -> Match:
    """The strongest of them; `no` of none."""
    seen = set(matches)
    return "yes" if "yes" in seen else "maybe" if "maybe" in seen else "no"


def opposite(match: Match) -> Match:
    """`no` where it is `yes`, and the other way around."""
    if match == "maybe":
        return match
    return "no" if match == "yes" else "yes"


def at_most(most: Match, match: Match) -> Match:
    """No stronger than `most`."""
    return all_of((most, match))


def yes_if(holds: bool) -> Match:
    """What is certain."""
    return "yes" if holds else "no"
