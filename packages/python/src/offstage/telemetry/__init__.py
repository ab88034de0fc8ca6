"""What others see of a process: records, traces, and how long calls took. `tracing` is loaded only where somebody asked for it."""

from .environment import TelemetrySettings, register_telemetry_secrets, telemetry_settings
from .log import Log, Severity
from .observed_sessions import Exchange, ExchangeObserver, error_of, observed_sessions
from .open_telemetry import open_telemetry
from .trace_ids import root_span_id_of, trace_id_of

__all__ = [
    "Exchange",
    "ExchangeObserver",
    "Log",
    "Severity",
    "TelemetrySettings",
    "error_of",
    "observed_sessions",
    "open_telemetry",
    "register_telemetry_secrets",
    "root_span_id_of",
    "telemetry_settings",
    "trace_id_of",
]
