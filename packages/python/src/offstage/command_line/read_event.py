"""The event that a person brings to a run."""

from __future__ import annotations

import sys
from pathlib import Path

from offstage.base import Data, OffstageError, parse_exact
from offstage.command_line.command_io import usage

# No run holds a larger value; more is not even read.
_MOST_BYTES = 10 << 20


def read_event(file: str) -> Data:
    """The JSON of an event, from a file or (`-`) from stdin. Errors: `USAGE` when there is no such file, `EVENT_INVALID`."""
    what = "stdin" if file == "-" else file
    data = _bytes_of(file, what)
    if len(data) > _MOST_BYTES:
        hint = "A run cannot hold it. Offer what the workflow needs of it."
        raise OffstageError("EVENT_INVALID", f"What {what} holds is larger than 10 MiB.", hint=hint)
    try:
        return parse_exact(data.decode("utf-8"))
    except (UnicodeDecodeError, OffstageError) as error:
        said = error.message if isinstance(error, OffstageError) else "This is not UTF-8."
        hint = 'An event is one JSON object in UTF-8, such as { "headers": { … }, "body": { … } }'
        raise OffstageError("EVENT_INVALID", f"What {what} holds is no event: {said}", hint=hint) from error


def _bytes_of(file: str, what: str) -> bytes:
    try:
        if file == "-":
            return sys.stdin.buffer.read(_MOST_BYTES + 1)
        # As a stream, because a pipe or a device does not say how much it holds.
        with Path(file).open("rb") as stream:
            return stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise usage(
            f"--event: {what} cannot be read: {error.strerror}", "Give the path of a file, or - for stdin."
        ) from error
