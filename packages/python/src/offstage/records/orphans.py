"""What a sweep did not visit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypedDict

from offstage.model import Binding, RecordKey

# How many complete sweeps in a row miss what is released.
_WITNESSES = 2


class Sweep(TypedDict):
    """What its runs visit, and since when.

    `workflows`: every name that the workflow has or had. `since`: when it began, ms. `counts` is false for a run that goes on with an earlier
    sweep: it asks for nothing new, and is no witness of its own.
    """

    workflows: list[str]
    inputsHash: str
    since: int
    counts: bool


class Missed(TypedDict):
    """`orphans`: of `missed` those that it is not the first complete sweep to miss."""

    missed: list[Binding]
    orphans: list[Binding]


def missed_by(sweep: Sweep, bindings: Sequence[Binding], visited: Callable[[RecordKey], bool]) -> Missed:
    """The live bindings that a sweep covers and did not visit: those of its workflow and inputs that nobody saw since it began (LANGUAGE.md §6). Pure."""
    missed = [
        binding
        for binding in bindings
        if _is_covered(sweep, binding) and binding["lastSeenAt"] < sweep["since"] and not visited(binding)
    ]
    own = 1 if sweep["counts"] else 0
    return {"missed": missed, "orphans": [binding for binding in missed if binding["missedSweeps"] + own >= _WITNESSES]}


def _is_covered(sweep: Sweep, binding: Binding) -> bool:
    return (
        binding["releasedAt"] is None
        and binding["workflow"] in sweep["workflows"]
        and binding["inputsHash"] == sweep["inputsHash"]
    )


def after_miss(binding: Binding | None, since: int) -> Binding | None:
    """The binding when a complete sweep that began at `since` missed it; None (unchanged) when somebody saw or released it in the meantime."""
    if binding is None or binding["releasedAt"] is not None or binding["lastSeenAt"] >= since:
        return None
    made = binding.copy()
    made["missedSweeps"] += 1
    return made
