"""Ctrl-C, and being asked to stop: once to end in good order, twice to end at once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

from offstage.command_line.exit_code import INTERRUPTED
from offstage.host import EmbeddedHost, News, RunNews
from offstage.mcp import stop_all


class Interruption:
    """What a signal ends. A run that this process drives is asked to end: a call that is under way settles, and no other is begun."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self.host: EmbeddedHost | None = None
        self.stop: Callable[[], None] | None = None
        """What ends a command that goes on until it is told to stop, where that is more than its task."""
        self._note = note
        self._going: set[str] = set()
        self._asking: set[asyncio.Task[None]] = set()
        self._signalled = False

    def hear(self, news: News) -> None:
        """Knows by it what is driven."""
        if not isinstance(news, RunNews):
            return
        if news.kind in ("run-started", "run-resumed"):
            self._going.add(news.run["id"])
        elif news.kind != "run-waiting":
            self._going.discard(news.run["id"])

    def signal(self, command: asyncio.Task[int]) -> None:
        """A signal came. `command`: what is done, where no run goes on."""
        if self._signalled:
            stop_all()
            os._exit(INTERRUPTED)
        self._signalled = True
        if self.stop is not None:
            return self.stop()
        if not self._going or self.host is None:
            command.cancel()
            return
        self._note("Stopping: no new write is begun; one in flight settles.")
        for run_id in self._going:
            asking = asyncio.create_task(self.host.cancel(run_id))
            self._asking.add(asking)
            asking.add_done_callback(self._asking.discard)
