"""A command's runs, as those see them who trace."""

from __future__ import annotations

import asyncio
from pathlib import Path

from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from offstage.command_line.tracing import address_of, run_observer
from offstage.mcp import HttpServerConfig, StdioServerConfig
from offstage.telemetry import TelemetrySettings, trace_id_of
from offstage.telemetry.tracing import Telemetry
from offstage.testing.host_world import CALLED, HostWorld


def test_a_run_that_is_driven_is_one_span_that_tells_its_end_and_its_writes(tmp_path: Path) -> None:
    spans = InMemorySpanExporter()
    settings = TelemetrySettings(traces=True, metrics=True, service="leaks", ratio=1, lacks=None)
    telemetry = Telemetry(settings, "1.0.0", spans, InMemoryMetricReader())

    async def main() -> str:
        world = HostWorld(tmp_path, around_run=run_observer(telemetry))
        program = world.tell()
        async with world.host(program) as host:
            run = await host.start(program, inputs={}, event=CALLED)
        await telemetry.close()
        return run["id"]

    run_id = asyncio.run(main())
    named = {span.name: span for span in spans.get_finished_spans()}
    root, driven = named["run tell"], named["drive tell"]
    assert root.context is not None
    assert driven.context is not None
    assert f"{root.context.trace_id:032x}" == trace_id_of(run_id) == f"{driven.context.trace_id:032x}"
    assert root.attributes is not None
    assert (root.attributes["offstage.run.status"], root.attributes["offstage.run.writes"]) == ("succeeded", 2)
    assert root.attributes["offstage.run.cause"] == "call"


def test_where_a_server_is_is_told_without_its_path_and_secrets() -> None:
    stdio = StdioServerConfig(name="a", command="a", args=[], env=dict)
    assert address_of(stdio).transport == "pipe"
    http = address_of(HttpServerConfig(name="b", url="https://ada:secret@b.example/mcp?key=1"))
    assert (http.transport, http.host, http.port) == ("tcp", "b.example", 443)
