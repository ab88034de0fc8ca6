import asyncio
import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from offstage.base import Redactor
from offstage.calls import Calls, CallsOptions, CallValue
from offstage.telemetry import (
    Log,
    open_telemetry,
    register_telemetry_secrets,
    root_span_id_of,
    telemetry_settings,
    trace_id_of,
)
from offstage.telemetry.tracing import DrivenRun, ServerAddress, Telemetry
from offstage.testing.worlds import SECRET, MemoryBlobs, RealClock, World, faulty, http_server, reading, web, world

RUN = DrivenRun(
    id="run-1",
    root_id="run-0",
    workflow="tickets",
    cause="call",
    started_at=1_700_000_000_000,
    trace_parent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
)


class Told:
    def __init__(self) -> None:
        self.spans = InMemorySpanExporter()
        self.metrics = InMemoryMetricReader()
        settings = telemetry_settings({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"})
        assert settings is not None
        self.telemetry = Telemetry(settings, "1.0.0", self.spans, self.metrics)

    def calls(self, shop: World) -> Calls:
        sessions = self.telemetry.sessions(
            shop.pool.session, lambda _: ServerAddress(transport="tcp", host="shop.example", port=443)
        )
        return Calls(
            CallsOptions(
                sessions=sessions,
                rules=shop.rules,
                redactor=shop.redactor,
                clock=RealClock(),
                timeout_ms=lambda _: 20_000,
                blobs=MemoryBlobs(),
            )
        )


def test_a_run_is_one_trace_its_requests_are_spans_in_it_and_each_server_is_told_which() -> None:
    told = Told()

    async def main(port: int) -> None:
        async with world([faulty("shop"), web(port)]) as shop:
            calls = told.calls(shop)
            with told.telemetry.run(RUN) as span:
                first = await calls.call("shop", "meta", {"secret": SECRET})
                await calls.call("shop", "is_error", {"text": SECRET})
                headers = await calls.call("web", "headers", {})
                span.ended, span.status, span.error = True, "failed", "READ_FAILED"
            shop.rules.now = reading()
            outside = await calls.call("shop", "meta", {})
            assert isinstance(outside, CallValue) and outside.value == {}
            assert isinstance(first, CallValue) and isinstance(headers, CallValue)
            told.telemetry._tracers.force_flush()  # pyright: ignore[reportPrivateUsage]
            spans = {one.name: one for one in told.spans.get_finished_spans()}
            assert list(spans) == [
                "tools/call meta",
                "tools/call is_error",
                "tools/call headers",
                "drive tickets",
                "run tickets",
            ]
            ids = {
                name: (format(one.context.trace_id, "032x"), format(one.context.span_id, "016x"))
                for name, one in spans.items()
                if one.context is not None
            }
            assert {trace for trace, _ in ids.values()} == {trace_id_of("run-1")}
            assert ids["run tickets"][1] == root_span_id_of("run-1")
            assert first.value["traceparent"] == f"00-{ids['tools/call meta'][0]}-{ids['tools/call meta'][1]}-01"
            assert (
                headers.value["traceparent"] == f"00-{ids['tools/call headers'][0]}-{ids['tools/call headers'][1]}-01"
            )
            assert dict(spans["tools/call is_error"].attributes or {}) == {
                "mcp.method.name": "tools/call", "offstage.server.name": "shop", "network.transport": "tcp", "gen_ai.operation.name": "execute_tool",
                "gen_ai.tool.name": "is_error", "server.address": "shop.example", "server.port": 443, "error.type": "tool_error",
            }  # fmt: skip
            assert [format(link.context.trace_id, "032x") for link in spans["run tickets"].links] == [
                trace_id_of("run-0"),
                "4bf92f3577b34da6a3ce929d0e0e4736",
            ]
            assert SECRET not in "".join(one.to_json() for one in spans.values())

    with http_server() as port:
        asyncio.run(main(port))


def test_how_long_requests_took_is_a_metric() -> None:
    told = Told()

    async def main() -> None:
        async with world([faulty("shop")]) as shop:
            await told.calls(shop).call("shop", "structured", {})
            await told.calls(shop).call("shop", "die", {})

    asyncio.run(main())
    data = told.metrics.get_metrics_data()
    assert data is not None
    text = data.to_json()
    assert '"mcp.client.operation.duration"' in text and '"unit": "s"' in text and "SERVER_EXITED" in text


@contextmanager
def collector(got: list[tuple[str, bytes, dict[str, str]]]) -> Generator[int, None, None]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            got.append((self.path, body, {name.lower(): value for name, value in self.headers.items()}))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def test_what_the_variables_name_is_told_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    got: list[tuple[str, bytes, dict[str, str]]] = []
    with collector(got) as port:
        env = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
            "OTEL_EXPORTER_OTLP_HEADERS": "x-key=collector-key-1",
            "OTEL_SERVICE_NAME": "night-shift",
        }
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        redactor = Redactor()

        async def main() -> None:
            telemetry = open_telemetry(env, "1.0.0", redactor, lambda _: None)
            assert telemetry is not None
            async with world([faulty("shop")]) as shop:
                sessions = telemetry.sessions(shop.pool.session, lambda _: ServerAddress(transport="pipe"))
                calls = Calls(
                    CallsOptions(
                        sessions=sessions,
                        rules=shop.rules,
                        redactor=shop.redactor,
                        clock=RealClock(),
                        timeout_ms=lambda _: 20_000,
                        blobs=MemoryBlobs(),
                    )
                )
                with telemetry.run(replace(RUN, id="run-2")) as span:
                    await calls.call("shop", "is_error", {"text": SECRET})
                    span.ended = True
            await telemetry.close()

        asyncio.run(main())
    assert sorted({path for path, _, _ in got}) == ["/v1/metrics", "/v1/traces"]
    text = b"".join(body for _, body, _ in got)
    assert (
        b"tools/call is_error" in text
        and b"night-shift" in text
        and b"mcp.client.operation.duration" in text
        and SECRET.encode() not in text
    )
    assert all(headers["x-key"] == "collector-key-1" for _, _, headers in got)
    assert redactor.redact("collector-key-1") == "[redacted OTEL_EXPORTER_OTLP_HEADERS]"


def test_nothing_is_told_where_nobody_asked_and_what_cannot_be_done_is_said() -> None:
    endpoint = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}
    assert [
        telemetry_settings(env)
        for env in (
            {},
            {**endpoint, "OTEL_SDK_DISABLED": "TRUE"},
            {**endpoint, "OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "console"},
        )
    ] == [None, None, None]
    traces = telemetry_settings(
        {
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://x",
            "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
            "OTEL_TRACES_SAMPLER_ARG": "0.25",
        }
    )
    assert traces is not None and (traces.traces, traces.metrics, traces.ratio, traces.lacks) == (
        True,
        False,
        0.25,
        None,
    )
    said: list[str] = []
    for more in ({"OTEL_TRACES_SAMPLER": "mine"}, {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}):
        assert open_telemetry({**endpoint, **more}, "1", Redactor(), said.append) is None
    assert [line.split(" ")[0] for line in said] == ["OTEL_TRACES_SAMPLER", "OTEL_EXPORTER_OTLP_PROTOCOL"]
    redactor = Redactor()
    register_telemetry_secrets(
        {"OTEL_EXPORTER_OTLP_TRACES_HEADERS": "authorization=Basic%20c2VjcmV0, x=short"}, redactor
    )
    assert redactor.redact("Basic c2VjcmV0 short") == "[redacted OTEL_EXPORTER_OTLP_TRACES_HEADERS] short"


def test_a_log_is_lines_of_json_or_lines_for_people_without_a_secret_or_what_steers_a_terminal() -> None:
    redactor, lines = Redactor(), list[str]()
    redactor.register(SECRET, "TOKEN")
    log = Log(
        write=lines.append, now=lambda: 1_700_000_000_123, redactor=redactor, version="1.2.3", trace_of=trace_id_of
    )
    log.note("warn", "offstage.run.ended", f"with {SECRET}\n\x1b[31m", {"offstage.x": SECRET}, "run-1")
    assert json.loads(lines[0]) == {
        "severity_text": "WARN", "severity_number": 13, "timestamp": "2023-11-14T22:13:20.123Z", "event_name": "offstage.run.ended", "trace_id": trace_id_of("run-1"),
        "attributes": {"offstage.run.id": "run-1", "offstage.x": "[redacted TOKEN]"}, "resource": {"service.name": "offstage", "service.version": "1.2.3"}, "body": "with [redacted TOKEN]\n\x1b[31m",
    }  # fmt: skip
    assert len(lines[0].splitlines()) == 1 and "\x1b" not in lines[0]
    replace(log, form="text").server("shop", f"{SECRET}\n\x1b[31m\u202e é")
    replace(log, form="text").note("error", "e", "no")
    assert lines[1:] == ["shop: [redacted TOKEN]\\u000a\\u001b[31m\\u202e é", "error: no"]
