"""Where the lines of servers go: `.offstage/logs/servers.log`."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from offstage.base import iso_time
from offstage.command_line.terminal import escape_controls

# Kept twice: the log, and the one before it.
_MAX_BYTES = 5 * 1024 * 1024


class ServerLog:
    """Lines come redacted, and are written so that reading the file in a terminal is harmless. One that cannot be written is lost: a full disk must not stop a run for a remark."""

    def __init__(self, folder: Path, now: Callable[[], int]) -> None:
        self._file = folder / ".offstage" / "logs" / "servers.log"
        self._now = now

    def append(self, server: str, line: str) -> None:
        """One line of a server."""
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._file.exists() and self._file.stat().st_size > _MAX_BYTES:
                self._file.replace(self._file.with_suffix(".log.1"))
            descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8") as log:
                log.write(f"{iso_time(self._now())} {server} {escape_controls(line)}\n")
