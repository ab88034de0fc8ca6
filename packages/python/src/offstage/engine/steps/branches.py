"""Items of loops and branches, side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from offstage.base import ENDS_ENGINE, ENDS_ITEM, ENDS_RUN, OffstageError, Withheld, WithheldEnd
from offstage.engine.caught import offstage_error
from offstage.engine.failure_place import failure_data
from offstage.engine.ports import CompactedItem
from offstage.engine.steps.holds import note_ambiguous, note_cut
from offstage.engine.steps.states import replay_staged
from offstage.engine.strand import AmbiguousEnd, ParkedEnd, RunStop, Strand, call, on_strand
from offstage.engine.sweep_notes import note_item
from offstage.values.data import to_partial


@dataclass(frozen=True)
class Branch:
    """What becomes a strand of its own: its part of the step keys, and what it does."""

    segment: str
    run: Callable[[Strand], Any]


@dataclass(frozen=True)
class Ended:
    """A branch that came to a value."""

    value: Any


@dataclass(frozen=True)
class Failed:
    """One that failed."""

    error: OffstageError


@dataclass(frozen=True)
class Parked:
    """One that waits."""

    end: ParkedEnd


Ending: TypeAlias = Ended | Failed | Parked


def reach_of(error: BaseException) -> Literal["code", "item", "run", "engine"]:
    """How far a raised thing reaches."""
    if isinstance(error, ParkedEnd | WithheldEnd):
        return "item"
    if isinstance(error, RunStop) or not isinstance(error, OffstageError):
        return "code" if isinstance(error, Exception) and not isinstance(error, OffstageError) else "run"
    if error.code in ENDS_ENGINE:
        return "engine"
    if error.code in ENDS_RUN:
        return "run"
    return "item" if error.code in ENDS_ITEM else "code"


async def run_branches(
    c: Strand, branches: list[Branch], *, width: int, on_error: Literal["stop", "continue"]
) -> list[Ending | None]:
    """Runs branches, `width` at a time, in their order; nothing is left in flight when it ends. Those that were not started have no ending."""
    endings: list[Ending | None] = [None] * len(branches)
    children: list[Strand | None] = [None] * len(branches)
    waiting = iter(range(len(branches)))
    stopped = False

    async def work() -> None:
        nonlocal stopped
        for index in waiting:
            branch = branches[index]
            child = c.fork(f"{c.path}{branch.segment}/")
            child.in_parallel = c.in_parallel or width > 1
            children[index] = child
            ending = await _run(child, f"{c.path}{branch.segment}", branch)
            c.visited = c.visited or child.visited
            endings[index] = ending
            # It keeps its place among those that go on side by side: one after the other stays one after the other.
            if isinstance(ending, Parked):
                return
            if isinstance(ending, Failed) and (on_error == "stop" or reach_of(ending.error) in ("run", "engine")):
                stopped = True
            if stopped:
                return

    workers = min(width, len(branches))
    if workers == 1:
        await work()
    elif workers > 1:
        await asyncio.gather(*(work() for _ in range(workers)))
    for child in children:
        if child is not None:
            rejoin(c, child)
            if on_error == "stop":
                c.doubtful = c.doubtful or child.doubtful
    _conclude(c, branches, endings, on_error)
    return endings


async def _run(child: Strand, key: str, branch: Branch) -> Ending:
    # What looks for the traces of a write is asked anew at each attempt.
    compacts = not child.planning and child.probe is None
    journal = child.ports.journal
    try:
        child.ports.checkpoint("other")
        compacted = journal.compacted(key) if compacts else None
        if compacted is not None:
            replay_staged(child, compacted["staged"])
            return Ended(compacted["result"])
        with on_strand(child):
            value = await call(branch.run, child)
        note_item(child, key, reached_its_end=True)
        if compacts and not child.unsettled and _is_known(value):
            item: CompactedItem = {"result": value, "staged": child.staged}
            await journal.compact(key, item)
        return Ended(value)
    except BaseException as error:
        return _absorbed(child, key, error)


def _is_known(value: Any) -> bool:
    try:
        return not to_partial(value, "A result", "keep").unknown
    except OffstageError as error:
        # A map or a pattern can be kept, and holds nothing unknown that anybody could see.
        return error.code == "TYPE_ERROR"


def _absorbed(child: Strand, key: str, error: BaseException) -> Ending:
    """How an item ended that raised; what is no end of an item goes on."""
    if isinstance(error, asyncio.CancelledError | KeyboardInterrupt | SystemExit | GeneratorExit):
        raise error
    if isinstance(error, ParkedEnd):
        child.unsettled = True
        return Parked(error)
    note_item(child, key, reached_its_end=False)
    child.unsettled = True
    if isinstance(error, AmbiguousEnd):
        note_ambiguous(child, error)
        child.after = child.after or error.effect
        return Ended(Withheld((error.effect,)))
    if isinstance(error, WithheldEnd):
        note_cut(child, key, error)
        child.doubtful = child.doubtful or child.planning
        return Ended(error.value)
    return Failed(offstage_error(error))


def rejoin(c: Strand, child: Strand) -> None:
    """What the strand around must know of one that ended."""
    c.after = c.after or child.after
    c.unsettled = c.unsettled or child.unsettled
    c.waited = c.waited or child.waited
    if child.stale is not c.stale:
        c.stale = c.stale | child.stale
    c.staged.extend(child.staged)


def _conclude(c: Strand, branches: list[Branch], endings: list[Ending | None], on_error: str) -> None:
    """Raises what ends them all: first what ends the run, then that one waits, then the first error in their order. Otherwise notes the failures."""
    failed = [
        (ending.error, branch.segment)
        for ending, branch in zip(endings, branches, strict=True)
        if isinstance(ending, Failed)
    ]
    for reach in ("engine", "run"):
        worst = next((error for error, _ in failed if reach_of(error) == reach), None)
        if worst is not None:
            raise worst
    # Nothing can be said of them together before the last one is done.
    parked = next((ending for ending in endings if isinstance(ending, Parked)), None)
    if parked is not None:
        raise parked.end
    if failed and on_error == "stop":
        raise failed[0][0]
    for error, segment in failed:
        c.run.failures.append({"step": f"{c.path}{segment}", "error": failure_data(error)})
