"""What a server has written: its messages pass through, the rest is logged and partly remembered, to explain a failure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from offstage.base import shorten

from .protocol_line import Message, read_protocol_line

# A line in the log is for people: longer ones are cut. UTF-16 units.
_LOG_LINE = 8_192
# A line of stderr is kept whole up to here, so that redaction sees a secret whole before the line is cut. Bytes.
_STDERR_LINE_BYTES = 65_536
# As many last lines of stderr explain an end.
_LAST_LINES = 5
# What surrounds the telling line where a runtime gives up: frames of a stack trace, its version, the caret, closing
# brackets, nothing.
_SAYS_LITTLE = re.compile(r"\s*at .*|Node\.js v\S+|[\s^~{}()\];,]*")
# So many lines that are not the protocol, before the first message, are no greeting any more.
_STRAY_LINES = 50


class LineReader:
    """Bytes as they come, given on line by line."""

    def __init__(self, max_bytes: int, on_line: Callable[[str], None], on_overflow: Callable[[str], None]) -> None:
        self._max_bytes = max_bytes
        self._on_line = on_line
        self._on_overflow = on_overflow
        self._rest = bytearray()
        self._skips = False

    def push(self, chunk: bytes) -> None:
        """Takes what came."""
        *lines, rest = chunk.split(b"\n")
        for line in lines:
            self._rest += line
            self._give()
        self._rest += rest
        if len(self._rest) > self._max_bytes:
            if not self._skips:
                self._on_overflow(self._rest[: self._max_bytes].decode("utf-8", "replace"))
            self._skips = True
            self._rest.clear()

    def end(self) -> None:
        """What is left without a line break is a line, too."""
        if len(self._rest) > 0:
            self._give()

    def _give(self) -> None:
        line = bytes(self._rest)
        self._rest.clear()
        if self._skips:
            self._skips = False
        elif len(line) > self._max_bytes:
            self._on_overflow(line[: self._max_bytes].decode("utf-8", "replace"))
        else:
            self._on_line(line.removesuffix(b"\r").decode("utf-8", "replace"))


@dataclass(frozen=True, kw_only=True)
class OutputSink:
    """Where a server's output goes.

    `on_garbage`: only garbage came so far, or a line outgrew the limit: nothing good will come any more.
    """

    on_message: Callable[[Message], None]
    on_garbage: Callable[[str, bool], None]
    log: Callable[[str], None]
    redact: Callable[[str], str]
    max_line_bytes: int


class ServerOutput:
    """Reads both streams of one server process."""

    def __init__(self, sink: OutputSink) -> None:
        self._sink = sink
        self._has_spoken = False
        self._first_stray: str | None = None
        self._stray_count = 0
        self.last_lines: list[str] = []
        """The last telling lines of stderr, redacted."""
        self.stdout = LineReader(sink.max_line_bytes, self._read, lambda beginning: sink.on_garbage(beginning, True))
        self.stderr = LineReader(_STDERR_LINE_BYTES, self._keep, self._keep)

    def garbage(self) -> str | None:
        """The first line of stdout that was not the protocol, when no message came at all."""
        return None if self._has_spoken else self._first_stray

    def _read(self, line: str) -> None:
        message = read_protocol_line(line)
        if message is None:
            return self._stray(line)
        self._has_spoken = True
        self._sink.on_message(message)

    def _stray(self, line: str) -> None:
        if line.strip() == "":
            return
        if self._first_stray is None:
            self._first_stray = line
        self._log(f"stdout: {line}")
        self._stray_count += 1
        if not self._has_spoken and self._stray_count > _STRAY_LINES:
            self._sink.on_garbage(self._first_stray, False)

    def _keep(self, line: str) -> None:
        shown = self._log(line)
        if _SAYS_LITTLE.fullmatch(shown) is None:
            self.last_lines = [*self.last_lines, shown][-_LAST_LINES:]

    def _log(self, line: str) -> str:
        shown = shorten(self._sink.redact(line), _LOG_LINE)
        self._sink.log(shown)
        return shown
