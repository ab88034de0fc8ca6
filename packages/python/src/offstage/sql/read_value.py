"""Reading what only the codec writes."""

from typing import Any

from offstage.base import OffstageError, decode_value


def read_value(text: str) -> Any:
    """Reads a `…_value` column; what cannot be read is damage."""
    try:
        return decode_value(text)
    except OffstageError as error:
        raise corrupt("A row of the store cannot be read.") from error


def corrupt(message: str) -> OffstageError:
    """The error for a row that cannot have been written so."""
    return OffstageError(
        "STORE_CORRUPT",
        message,
        hint="Keep a copy of the store as it is (of a file: with the -wal file beside it), then restore a backup. Do not delete it: it knows which writes were made.",
    )
