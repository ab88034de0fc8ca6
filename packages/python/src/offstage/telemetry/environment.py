"""Whether somebody asked for traces and metrics, by OpenTelemetry's variables. Where they are sent to, and with which headers, its exporters read themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from offstage.base import Redactor

# Anything shorter occurs by chance, and is no key.
_SHORTEST_SECRET = 8


@dataclass(frozen=True, kw_only=True)
class TelemetrySettings:
    """What was asked for. `ratio`: the share of traces that is kept. `lacks`: what was asked for and is not done."""

    traces: bool
    metrics: bool
    service: str
    ratio: float
    lacks: str | None


def telemetry_settings(env: Mapping[str, str]) -> TelemetrySettings | None:
    """None: nobody asked. It is asked for by naming where it goes."""
    if (_read(env, "OTEL_SDK_DISABLED") or "").lower() == "true":
        return None
    traces, metrics = _wanted(env, "TRACES"), _wanted(env, "METRICS")
    if not traces and not metrics:
        return None
    attributes = _pairs(_read(env, "OTEL_RESOURCE_ATTRIBUTES") or "")
    sampler = _read(env, "OTEL_TRACES_SAMPLER") or "parentbased_always_on"
    ratio = _ratio(sampler, _read(env, "OTEL_TRACES_SAMPLER_ARG"))
    protocol = _read(env, "OTEL_EXPORTER_OTLP_PROTOCOL") or "http/protobuf"
    lacks = (
        None
        if protocol == "http/protobuf"
        else f"OTEL_EXPORTER_OTLP_PROTOCOL is {protocol}, and only http/protobuf is spoken (port 4318, mostly)"
    )
    if ratio is None:
        lacks = f"OTEL_TRACES_SAMPLER is {sampler}, and only always_on, always_off and traceidratio are known, with and without parentbased_"
    return TelemetrySettings(
        traces=traces,
        metrics=metrics,
        service=_read(env, "OTEL_SERVICE_NAME") or attributes.get("service.name", "offstage"),
        ratio=1 if ratio is None else ratio,
        lacks=lacks,
    )


def register_telemetry_secrets(env: Mapping[str, str], redactor: Redactor) -> None:
    """Headers of exporters carry keys: each is kept out of everything that is shown."""
    for kind in ("", "TRACES_", "METRICS_"):
        name = f"OTEL_EXPORTER_OTLP_{kind}HEADERS"
        for value in _pairs(_read(env, name) or "").values():
            if len(value.strip()) >= _SHORTEST_SECRET:
                redactor.register(value, name)


def _wanted(env: Mapping[str, str], kind: str) -> bool:
    exporters = [name.strip() for name in (_read(env, f"OTEL_{kind}_EXPORTER") or "otlp").split(",")]
    named = any(
        _read(env, name) is not None for name in (f"OTEL_EXPORTER_OTLP_{kind}_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
    )
    return named and "otlp" in exporters


def _ratio(sampler: str, argument: str | None) -> float | None:
    name = sampler.removeprefix("parentbased_")
    if name in ("always_on", "always_off"):
        return 1 if name == "always_on" else 0
    try:
        ratio = float("1" if argument is None else argument)
    except ValueError:
        return None
    return ratio if name == "traceidratio" and 0 <= ratio <= 1 else None


def _read(env: Mapping[str, str], name: str) -> str | None:
    """Empty is as good as unset (OpenTelemetry, "Environment Variable Specification")."""
    value = env.get(name, "").strip()
    return None if value == "" else value


def _pairs(text: str) -> dict[str, str]:
    """`a=b,c=d`, values percent-encoded (W3C Baggage)."""
    split = [pair.partition("=") for pair in text.split(",")]
    return {name.strip(): unquote(value.strip()) for name, separator, value in split if separator and name.strip()}
