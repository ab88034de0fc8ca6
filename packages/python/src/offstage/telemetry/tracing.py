"""Traces of runs and the durations of calls, by OpenTelemetry's conventions for MCP and GenAI. Loaded only where somebody asked for them (extra `telemetry`)."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from offstage.base import Redactor
from offstage.calls import Session

from .environment import TelemetrySettings
from .observed_sessions import Exchange, observed_sessions
from .trace_ids import read_trace_parent, root_span_id_of, trace_id_of

# How long the end of a process waits for what was not sent yet. Seconds.
_LAST_WORDS = 3
# Seconds between two complaints.
_PAUSE = 300
# Those that the conventions give for `mcp.client.operation.duration`.
_BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300]

Attributes = Mapping[str, str | int]
Ended = Callable[[str | None, float], None]
_Around = Callable[[Exchange, "ServerAddress"], AbstractContextManager[Ended]]


@dataclass(frozen=True, kw_only=True)
class ServerAddress:
    """Where a server is, by OpenTelemetry's names; host and port of HTTP only."""

    transport: str
    host: str | None = None
    port: int | None = None


@dataclass(frozen=True, kw_only=True)
class DrivenRun:
    """A run that is driven."""

    id: str
    root_id: str
    workflow: str
    cause: str
    started_at: int
    """Ms since the epoch."""
    is_plan: bool = False
    trace_parent: str | None = None
    """Of whoever sent its webhook."""
    parent: str | None = None
    """The run that started it."""


@dataclass
class RunSpan:
    """What a driven run is told by; `status` and `error` (a code) are said when they are known."""

    ended: bool = False
    status: str | None = None
    error: str | None = None
    writes: int = 0


class Telemetry:
    """Sends traces and metrics. Its provider is its own: what else of the process traces is not told what servers say, nor we what it does."""

    def __init__(
        self, settings: TelemetrySettings, version: str, spans: SpanExporter | None, metrics: MetricReader | None
    ) -> None:
        resource = Resource.create({"service.name": settings.service, "service.version": version})
        self._ids = _OwnIds()
        sampler = ParentBased(root=TraceIdRatioBased(settings.ratio))
        self._tracers = TracerProvider(
            sampler=sampler, resource=resource, id_generator=self._ids, shutdown_on_exit=False
        )
        if spans is not None:
            self._tracers.add_span_processor(BatchSpanProcessor(spans))
        self._tracer = self._tracers.get_tracer("offstage", version)
        self._meters = MeterProvider([] if metrics is None else [metrics], resource=resource, shutdown_on_exit=False)
        self._durations = self._meters.get_meter("offstage", version).create_histogram(
            "mcp.client.operation.duration",
            unit="s",
            description="How long requests to MCP servers took.",
            explicit_bucket_boundaries_advisory=_BUCKETS,
        )

    def sessions(
        self, sessions: Callable[[str], Awaitable[Session]], about: Callable[[str], ServerAddress]
    ) -> Callable[[str], Awaitable[Session]]:
        """Sessions whose requests are spans of the run that makes them; each server is told which span its request is."""
        return observed_sessions(sessions, _Observer(self._exchange, about))

    @contextmanager
    def run(self, run: DrivenRun) -> Generator[RunSpan, None, None]:
        """A span for each time that a run is driven, below one for the whole of it, which is sent by whichever process drives its end. What is asked within is below it."""
        attributes: Attributes = {
            "offstage.run.id": run.id,
            "offstage.workflow.name": run.workflow,
            "offstage.run.cause": run.cause,
        }
        with self._ids.own(trace_id_of(run.id), root_span_id_of(run.id)):
            root = self._tracer.start_span(
                f"run {run.workflow}", context.Context(), links=_links(run), start_time=run.started_at * 1_000_000
            )
        driven = self._tracer.start_span(
            f"{'plan' if run.is_plan else 'drive'} {run.workflow}",
            trace.set_span_in_context(root, context.Context()),
            attributes=attributes,
        )
        told = RunSpan()
        try:
            with trace.use_span(driven, record_exception=False, set_status_on_exception=False):
                yield told
        except BaseException:
            # Its message may quote what a server said.
            driven.set_status(Status(StatusCode.ERROR))
            raise
        finally:
            if told.status is not None:
                driven.set_attribute("offstage.run.status", told.status)
            driven.end()
            if told.ended and not run.is_plan:
                _end_root(root, told, attributes)

    async def close(self) -> None:
        """Sends what is left, for a few seconds at most."""

        def shut_down() -> None:
            self._tracers.shutdown()
            self._meters.shutdown(_LAST_WORDS * 1_000)

        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS):
                await asyncio.to_thread(shut_down)

    @contextmanager
    def _exchange(self, exchange: Exchange, about: ServerAddress) -> Generator[Ended, None, None]:
        common: dict[str, str | int] = {
            "mcp.method.name": exchange.method,
            "offstage.server.name": exchange.server,
            "network.transport": about.transport,
        }
        if exchange.method == "tools/call":
            common |= {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": exchange.name or ""}
        elif exchange.name is not None:
            common["gen_ai.prompt.name"] = exchange.name
        place: dict[str, str | int] = {} if about.host is None else {"server.address": about.host}
        if about.port is not None:
            place["server.port"] = about.port
        named = exchange.method if exchange.name is None else f"{exchange.method} {exchange.name}"
        # Nobody's run asks: then it is nobody's trace.
        is_ours = trace.get_current_span().get_span_context().is_valid
        span: Span | None = (
            self._tracer.start_span(named, kind=SpanKind.CLIENT, attributes={**common, **place}) if is_ours else None
        )

        def ended(error: str | None, seconds: float) -> None:
            failed: Attributes = {} if error is None else {"error.type": error}
            self._durations.record(seconds, {**common, **place, **failed})
            if span is not None and error is not None:
                span.set_attribute("error.type", error)
                span.set_status(Status(StatusCode.ERROR))

        try:
            with trace.use_span(span or trace.INVALID_SPAN, record_exception=False, set_status_on_exception=False):
                yield ended
        finally:
            if span is not None:
                span.end()


class _Observer:
    def __init__(self, exchange: "_Around", about: Callable[[str], ServerAddress]) -> None:
        self._exchange = exchange
        self._about = about

    def around(self, exchange: Exchange) -> "AbstractContextManager[Ended]":
        return self._exchange(exchange, self._about(exchange.server))


def start_telemetry(
    settings: TelemetrySettings, version: str, redactor: Redactor, on_trouble: Callable[[str], None]
) -> Telemetry:
    """Begins to trace. `on_trouble` is told when nothing can be sent, at most every few minutes."""
    logger = logging.getLogger("opentelemetry")
    logger.propagate = False
    logger.handlers = [_Troubles(redactor, on_trouble)]
    metrics = PeriodicExportingMetricReader(OTLPMetricExporter()) if settings.metrics else None
    return Telemetry(settings, version, OTLPSpanExporter() if settings.traces else None, metrics)


def _end_root(root: Span, told: RunSpan, attributes: Attributes) -> None:
    root.set_attributes(
        {
            **attributes,
            "offstage.run.writes": told.writes,
            **({} if told.status is None else {"offstage.run.status": told.status}),
        }
    )
    if told.error is not None:
        # The code alone: a message may quote what a server said.
        root.set_attribute("error.type", told.error)
    if told.status == "failed":
        root.set_status(Status(StatusCode.ERROR))
    root.end()


def _links(run: DrivenRun) -> list[Link]:
    """What led to a run and has a trace of its own: the run that it continues, the one that started it, or whoever sent its webhook."""
    of = [one for one in (run.root_id if run.root_id != run.id else None, run.parent) if one is not None]
    links = [Link(SpanContext(int(trace_id_of(one), 16), int(root_span_id_of(one), 16), is_remote=False)) for one in of]
    sender = None if run.trace_parent is None else read_trace_parent(run.trace_parent)
    if sender is not None:
        links.append(
            Link(
                NonRecordingSpan(
                    SpanContext(
                        int(sender[0], 16), int(sender[1], 16), is_remote=True, trace_flags=TraceFlags(sender[2])
                    )
                ).get_span_context()
            )
        )
    return links


class _OwnIds(IdGenerator):
    """Random ids, but for a span that has its own."""

    def __init__(self) -> None:
        self._random = RandomIdGenerator()
        self._own: tuple[int, int] | None = None

    @contextmanager
    def own(self, trace_id: str, span_id: str) -> Generator[None, None, None]:
        """The span that is started within, and no other, has these."""
        self._own = (int(trace_id, 16), int(span_id, 16))
        try:
            yield
        finally:
            self._own = None

    def generate_trace_id(self) -> int:
        return self._random.generate_trace_id() if self._own is None else self._own[0]

    def generate_span_id(self) -> int:
        return self._random.generate_span_id() if self._own is None else self._own[1]


class _Troubles(logging.Handler):
    def __init__(self, redactor: Redactor, on_trouble: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._redactor = redactor
        self._on_trouble = on_trouble
        self._told_at = float("-inf")

    def emit(self, record: logging.LogRecord) -> None:
        if time.monotonic() - self._told_at > _PAUSE:
            self._told_at = time.monotonic()
            self._on_trouble(f"Traces cannot be sent: {self._redactor.redact(record.getMessage())[:300]}")
