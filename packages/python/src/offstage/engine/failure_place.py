"""Where in the owner's text an error comes from, for people: `leak_tickets/workflow.py:57`."""

from __future__ import annotations

from collections.abc import Iterator
from types import FrameType, TracebackType

from offstage.base import ErrorData, OffstageError, to_error_data

MARKED = "__offstage_at__"
"""A name that every module has which was loaded with its steps marked: a workflow's."""

# Printed with the workflow, and written by nobody: what they call is called in the line that calls them.
_PRINTED = frozenset({"servers", "profiles"})


def failure_data(error: OffstageError) -> ErrorData:
    """An error that ended a run or an item, as data: with the step that it comes from, and the line of the text."""
    data = to_error_data(error)
    if error.step is not None:
        data["step"] = error.step
    place = place_of(error.__traceback__)
    if place is not None:
        data["at"] = place
    return data


def place_of(traceback: TracebackType | None) -> str | None:
    """The innermost line of the package that a workflow belongs to; None when nothing of it was on the way."""
    frames = [*_frames(traceback)]
    packages = {_package(frame) for frame, _ in frames if MARKED in frame.f_globals}
    for frame, line in reversed(frames):
        if _package(frame) in packages and not _is_printed(frame):
            return f"{_name(frame).replace('.', '/')}.py:{line}"
    return None


def _frames(traceback: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while traceback is not None:
        yield traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next


def _name(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _package(frame: FrameType) -> str:
    return _name(frame).partition(".")[0]


def _is_printed(frame: FrameType) -> bool:
    return _name(frame).split(".")[1:2] != [] and _name(frame).split(".")[1] in _PRINTED
