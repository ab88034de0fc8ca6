"""Begins to tell others, where they asked for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from offstage.base import Redactor

from .environment import register_telemetry_secrets, telemetry_settings

if TYPE_CHECKING:
    from .tracing import Telemetry


def open_telemetry(
    env: Mapping[str, str], version: str, redactor: Redactor, on_trouble: Callable[[str], None]
) -> Telemetry | None:
    """What OpenTelemetry's variables ask for; None when they ask for nothing, or what speaks it is not installed, which `on_trouble` is told."""
    register_telemetry_secrets(env, redactor)
    settings = telemetry_settings(env)
    if settings is None:
        return None
    if settings.lacks is not None:
        on_trouble(f"{settings.lacks}: nothing is told.")
        return None
    try:
        from .tracing import start_telemetry
    except ImportError:
        on_trouble("OTEL_EXPORTER_OTLP_ENDPOINT is set, and nothing here speaks it: pip install 'offstage[telemetry]'.")
        return None
    return start_telemetry(settings, version, redactor, on_trouble)
