"""Whether the files of a store are those that were opened."""

import asyncio
import os
from collections.abc import Callable

from offstage.base import OffstageError

from .sqlite_connection import SqliteConnection

_LOG_SUFFIXES = ("-wal", "-shm")
"""The log, and the log's index: SQLite makes both when the store is opened, and takes them away when the last process closes it."""

_PAUSE_MS = 10


def watch_same_file(file: str) -> Callable[[], None]:
    """Looks whether `file`, its log and the log's index are still those that are open now.

    Whoever deletes or replaces a file that is open goes unnoticed otherwise: this process would write on into a file that nobody can open,
    while the next one begins a ledger that knows nothing. The check raises `STORE_UNAVAILABLE`.
    """
    opened = {path: _identity_of(path) for path in (file, *(f"{file}{suffix}" for suffix in _LOG_SUFFIXES))}

    def check() -> None:
        for path, identity in opened.items():
            if _identity_of(path) != identity:
                raise _file_gone(f"{path} was deleted or replaced while this process used it. Nothing more is written.")

    return check


async def refuse_lost_log(file: str, lock_timeout_ms: int) -> None:
    """Refuses a store that another process has open although its log, or the log's index, is not there.

    Somebody deleted it, and with it the newest part of the ledger: SQLite would make an empty log, and writes that were made would be made
    again. Whoever can have the file for itself finds it closed, and then no log is as it should be. Looks for `lock_timeout_ms`, because a
    process that just opens or closes the store looks the same for a moment.
    """
    waited = 0
    while True:
        missing = _missing_log(file)
        if missing is None or await _is_closed(file):
            return
        if waited >= lock_timeout_ms:
            raise _file_gone(
                f"{missing} was deleted while another process uses the store. Nothing was opened: what that process did lately is in the deleted file."
            )
        waited += _PAUSE_MS
        await asyncio.sleep(_PAUSE_MS / 1000)


def _missing_log(file: str) -> str | None:
    """Which file beside a store that has something in it is not there."""
    try:
        if os.stat(file).st_size == 0:
            return None
    except OSError:
        return None
    return next((path for path in (f"{file}{suffix}" for suffix in _LOG_SUFFIXES) if not os.path.exists(path)), None)


async def _is_closed(file: str) -> bool:
    """Takes the store for itself for a moment. A connection of its own each time: a refused one keeps a share, and two of them would wait for each other."""
    connection = SqliteConnection(file, 0)
    try:
        await connection.pragma("locking_mode = EXCLUSIVE")
        await connection.pragma("user_version")
        return True
    except OffstageError as error:
        if error.code == "STORE_LOCKED":
            return False
        raise
    finally:
        connection.close()


def _file_gone(what: str) -> OffstageError:
    return OffstageError(
        "STORE_UNAVAILABLE",
        f"The store's file {what}",
        hint="Put back the file that was there, with the -wal file beside it: without it nobody knows which writes were made.",
    )


def _identity_of(path: str) -> tuple[int, int] | None:
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return stat.st_dev, stat.st_ino
