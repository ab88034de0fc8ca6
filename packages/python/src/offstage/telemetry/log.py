"""Records of what happens: JSON for machines, by the field names of OpenTelemetry's log data model, or lines for people."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from offstage.base import Json, JsonObject, Redactor, stringify_exact

Severity = Literal["info", "warn", "error"]

# OpenTelemetry's log data model, "Severity Fields": the first number of each range.
_SEVERITY_NUMBERS: Mapping[Severity, int] = {"info": 9, "warn": 13, "error": 17}

# A line of a server steers no terminal, and is one line.
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def _untraced(_run_id: str) -> str | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Log:
    """Writes records; everything in them is redacted."""

    write: Callable[[str], None]
    """A record, without the end of its line."""
    now: Callable[[], int]
    """Ms since the epoch."""
    redactor: Redactor
    version: str
    name: str = "offstage"
    form: Literal["json", "text"] = "json"
    trace_of: Callable[[str], str | None] = field(default=_untraced)
    """The trace of a run, in hex; None where runs are not traced."""

    def note(
        self,
        severity: Severity,
        event: str,
        body: str,
        attributes: Mapping[str, Json] | None = None,
        run_id: str | None = None,
    ) -> None:
        """One record. `event`: noun first, stable, `offstage.run.ended`; `body`: the words for people."""
        said = self.redactor.redact(body)
        if self.form == "text":
            mark = "" if severity == "info" else f"{severity}: "
            self.write(_CONTROLS.sub(_escaped, f"{mark}{said}"))
            return
        trace = None if run_id is None else self.trace_of(run_id)
        of_run = {} if run_id is None else {"offstage.run.id": run_id}
        record: JsonObject = {
            "severity_text": severity.upper(),
            "severity_number": _SEVERITY_NUMBERS[severity],
            "timestamp": datetime.fromtimestamp(self.now() / 1_000, UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z"),
            "event_name": event,
            **({} if trace is None else {"trace_id": trace}),
            "attributes": self.redactor.redact_data({**of_run, **(attributes or {})}),
            "resource": {"service.name": self.name, "service.version": self.version},
            "body": said,
        }
        self.write(stringify_exact(record))

    def server(self, server: str, line: str) -> None:
        """A line that a server wrote, under its name; `ServerPoolOptions.on_stderr`."""
        self.note("info", "offstage.server.wrote", f"{server}: {line}", {"offstage.server.name": server})


def _escaped(match: "re.Match[str]") -> str:
    return f"\\u{ord(match.group(0)):04x}"
