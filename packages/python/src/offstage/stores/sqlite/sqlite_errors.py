"""What SQLite raises, as our errors."""

import re
import sqlite3
from typing import NamedTuple

from offstage.base import ErrorCode, OffstageError


class _Known(NamedTuple):
    prefix: str
    code: ErrorCode
    what: str
    hint: str


_SPACE = "Free space on that disk, then run the same command again: it goes on where it was."
_RESTORE = "Keep a copy of the file and of the -wal file beside it, then restore a backup. Do not delete it: it knows which writes were made."

# SQLite's names by what they begin with; the first that fits decides.
_CODES = (
    _Known(
        "SQLITE_BUSY",
        "STORE_LOCKED",
        "is in use by another process that does not finish writing",
        "Let the other command end, then run this one again. If no such process runs, see which program has the file open.",
    ),
    _Known(
        "SQLITE_LOCKED",
        "STORE_LOCKED",
        "is in use by another connection of this process",
        "Let the other command end, then run this one again.",
    ),
    _Known("SQLITE_FULL", "STORE_FULL", "could not grow: the disk is full", _SPACE),
    # The index of the write-ahead log lives in a file of its own, whose growth fails in its own way.
    _Known("SQLITE_IOERR_SHMSIZE", "STORE_FULL", "could not grow: the disk is full", _SPACE),
    _Known("SQLITE_CORRUPT", "STORE_CORRUPT", "is damaged", _RESTORE),
    _Known("SQLITE_NOTADB", "STORE_CORRUPT", "is not a database", _RESTORE),
    _Known(
        "SQLITE_CANTOPEN",
        "STORE_UNAVAILABLE",
        "cannot be opened",
        "See that the folder exists, that this user may write in it, and that the path is not a folder itself.",
    ),
    _Known(
        "SQLITE_READONLY",
        "STORE_UNAVAILABLE",
        "cannot be written",
        "See that this user may write the file and its folder, and that the disk is not mounted read-only.",
    ),
    _Known(
        "SQLITE_PERM", "STORE_UNAVAILABLE", "cannot be written", "See that this user may write the file and its folder."
    ),
    _Known(
        "SQLITE_IOERR",
        "STORE_UNAVAILABLE",
        "cannot be read or written: the disk reports an error",
        "See the system's log about that disk, then run the same command again: it goes on where it was.",
    ),
)
# Our statements are fixed and the file was ours when it was opened, so what is missing was lost.
_LOST = re.compile("no such (table|column)|has no column named|unsupported file format")


def store_moved(file: str, where: str = "another database") -> OffstageError:
    """`STORE_MOVED` for a store that was left."""
    return OffstageError(
        "STORE_MOVED",
        f"The store {file} was moved to {where}; nothing is written in it any more.",
        hint="Name the database in store.postgres of offstage.yaml.",
    )


def store_error(thrown: sqlite3.Error, file: str) -> OffstageError:
    """What the driver raised, as one of our errors. Nothing of the transaction was stored."""
    name = _name_of(thrown)
    # A store that was left has triggers that say so, whoever has it open still.
    if name == "SQLITE_CONSTRAINT_TRIGGER":
        return store_moved(file)
    if name == "SQLITE_ERROR" and _LOST.search(str(thrown)):
        name = "SQLITE_CORRUPT"
    for known in _CODES:
        if name.startswith(known.prefix):
            return OffstageError(known.code, f"The store {file} {known.what} ({thrown}).", hint=known.hint)
    return OffstageError("BUG", f"The store {file} refused a statement: {name} {thrown}")


def is_busy(thrown: sqlite3.Error) -> bool:
    """True when waiting may help."""
    return _name_of(thrown).startswith("SQLITE_BUSY")


def _name_of(thrown: sqlite3.Error) -> str:
    # An error of the driver's own has none.
    return getattr(thrown, "sqlite_errorname", "")
