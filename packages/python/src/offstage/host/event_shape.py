"""Events as people write them."""

from __future__ import annotations

from typing import Any

from offstage.base import Data, OffstageError, is_fields, stringify_exact
from offstage.model import EventSource

_EXAMPLES = {
    "webhook": '{ "headers": { "x-github-event": "push" }, "body": { … } }',
    "queue": '{ "body": { … } }',
    "resource": "{}",
}


def event_of(source: EventSource, given: Data) -> dict[str, Data]:
    """An event as a workflow gets it, from what a person wrote of it: what its source says of every event is filled in, and header names are in lower case. Errors: `EVENT_INVALID`."""
    kind = source["kind"]
    if not is_fields(given):
        raise _invalid(kind, "The event is not a JSON object.")
    _agree(given, "kind", kind)
    match source["kind"]:
        case "webhook":
            _refuse_others(given, kind, ("kind", "source", "headers", "body"))
            _agree(given, "source", source["source"])
            headers = _headers_of(given)
            return {"kind": kind, "source": source["source"], "headers": headers, "body": _body_of(given, kind)}
        case "queue":
            _refuse_others(given, kind, ("kind", "body", "attempt"))
            return {"kind": kind, "body": _body_of(given, kind), "attempt": _attempt_of(given)}
        case "resource":
            _refuse_others(given, kind, ("kind", "uri"))
            _agree(given, "uri", source["uri"])
            return {"kind": kind, "uri": source["uri"]}


def _invalid(kind: str, message: str) -> OffstageError:
    return OffstageError("EVENT_INVALID", message, hint=f"An event of a {kind} is written: {_EXAMPLES[kind]}")


def _agree(fields: dict[str, Any], name: str, expected: str) -> None:
    """What the source says may be repeated, not contradicted."""
    if name not in fields or fields[name] == expected:
        return
    said = stringify_exact(fields[name]) if isinstance(fields[name], str) else "no text"
    raise OffstageError(
        "EVENT_INVALID",
        f"The event's {name} is {said}, and the run waits for {stringify_exact(expected)}.",
        hint=f"Leave {name} out, or offer the event to the run that waits for it.",
    )


def _refuse_others(fields: dict[str, Any], kind: str, known: tuple[str, ...]) -> None:
    other = next((name for name in fields if name not in known), None)
    if other is not None:
        raise _invalid(
            kind, f'An event of a {kind} has no member {stringify_exact(other)}; what was sent belongs under "body".'
        )


def _body_of(fields: dict[str, Any], kind: str) -> Data:
    if "body" not in fields:
        raise _invalid(kind, "The event has no body.")
    return fields["body"]


def _headers_of(fields: dict[str, Any]) -> dict[str, Data]:
    headers: Any = fields.get("headers", {})
    if not is_fields(headers):
        raise _invalid("webhook", "The event's headers are not an object of texts.")
    lower: dict[str, Data] = {}
    for name, text in headers.items():
        if not isinstance(text, str):
            raise _invalid("webhook", f"The event's header {stringify_exact(name)} is no text.")
        key = name.lower()
        if key in lower:
            raise _invalid("webhook", f"The event has the header {stringify_exact(key)} twice.")
        lower[key] = text
    return lower


def _attempt_of(fields: dict[str, Any]) -> int:
    attempt = fields.get("attempt", 1)
    if isinstance(attempt, int) and not isinstance(attempt, bool) and attempt >= 1:
        return attempt
    raise _invalid("queue", "The event's attempt is no whole number from 1.")
