"""One state of a store, in a file of its own, while others go on using the store."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from offstage.base import OffstageError

from .make_store import BACKUP_NOTE
from .sqlite_connection import SqliteConnection
from .sqlite_store import LOCK_TIMEOUT_MS


async def back_up_sqlite_store(file: str | Path, to: str | Path, *, now: int) -> int:
    """Copies the store `file` into `to`, where nothing may be yet; gives its bytes once it is whole and on the disk.

    Opened as a store, on whatever machine, the copy says once that it may not know everything. Errors: `USAGE` when something is there;
    `STORE_UNAVAILABLE`, `STORE_FULL`, `STORE_CORRUPT`; nothing is left behind then.
    """
    target, part = Path(to), Path(f"{to}.part")
    _take_place(target)
    try:
        _begin(part)
        await _copy(str(file), str(part), now)
        return _put(part, target)
    except BaseException:
        _forget(part, target)
        raise


def _take_place(target: Path) -> None:
    """Before anything is copied: two backups to one place are told apart here. What stands there until the copy is whole is no database, which could be opened as a store in which nothing was ever done."""
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        hint = "Name another place; a backup never replaces anything."
        raise OffstageError("USAGE", f"There is a file at {target} already.", hint=hint) from error
    except OSError as error:
        hint = "See that its folder exists and that this user may write there."
        raise OffstageError(
            "STORE_UNAVAILABLE", f"The backup {target} cannot be written: {error.strerror}", hint=hint
        ) from error
    with os.fdopen(descriptor, "w") as place:
        place.write("This backup of an Offstage store was not finished.\n")


async def _copy(file: str, part: str, now: int) -> None:
    source = SqliteConnection(file, LOCK_TIMEOUT_MS)
    try:
        await source.run("VACUUM INTO ?", [part])
    finally:
        source.close()
    copy = SqliteConnection(part, LOCK_TIMEOUT_MS)
    try:
        whole = await copy.pragma("integrity_check")
        if whole != "ok":
            raise OffstageError(
                "STORE_CORRUPT",
                f"The store is damaged, and so would be its backup ({whole}).",
                hint="Keep a copy of the file and of the -wal file beside it, then restore an earlier backup.",
            )
        await copy.run("INSERT OR REPLACE INTO meta (name, meta_value) VALUES (?, ?)", [BACKUP_NOTE, str(now)])
    finally:
        copy.close()


def _begin(part: Path) -> None:
    """An empty file, its owner's alone from the beginning; one that somebody left who was killed goes."""
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _put(part: Path, target: Path) -> int:
    """What is whole takes its place. Of both the disk is waited for, so that a power cut does not take the name back."""
    size = _on_disk(part, lambda descriptor: os.fstat(descriptor).st_size)
    part.rename(target)
    _on_disk(target.parent, lambda _: 0)
    return size


def _forget(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _on_disk(path: Path, look: Callable[[int], int]) -> int:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        return look(descriptor)
    finally:
        os.close(descriptor)
