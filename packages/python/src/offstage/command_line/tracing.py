"""The traces of this process's runs, where the environment's variables say to whom they are sent."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from offstage.mcp import ServerConfig
from offstage.model import Run, is_ended

if TYPE_CHECKING:
    from offstage.telemetry.tracing import ServerAddress, Telemetry


def run_observer(telemetry: Telemetry) -> Callable[[Run], AbstractContextManager[Callable[[Run], None]]]:
    """What runs are driven within."""
    from offstage.telemetry.tracing import DrivenRun

    @contextmanager
    def around(run: Run) -> Generator[Callable[[Run], None]]:
        event = run["event"]
        driven = DrivenRun(
            id=run["id"],
            root_id=run["rootRunId"],
            workflow=run["workflow"],
            cause=event["kind"],
            started_at=run["startedAt"],
            is_plan=run["phase"] == "plan",
            trace_parent=event["headers"].get("traceparent") if event["kind"] == "webhook" else None,
            parent=event["run"] if event["kind"] == "started" else None,
        )
        with telemetry.run(driven) as span:

            def at_rest(rest: Run) -> None:
                span.ended, span.status = is_ended(rest["status"]), rest["status"]
                span.error = None if rest["error"] is None else rest["error"]["code"]
                span.writes = rest["counts"]["writes"]

            yield at_rest

    return around


def address_of(config: ServerConfig) -> ServerAddress:
    """Where a server is, as its spans tell."""
    from offstage.telemetry.tracing import ServerAddress

    if config.kind == "stdio":
        return ServerAddress(transport="pipe")
    parts = urlsplit(config.url)
    return ServerAddress(
        transport="tcp", host=parts.hostname, port=parts.port or (443 if parts.scheme == "https" else 80)
    )
