"""The trace of a run, and the span of the whole run in it: made from the run's id, so that a run that was parked or killed goes on in its trace, whichever process drives it, without anything being kept."""

import hashlib
import re

_TRACE_PARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


def trace_id_of(run_id: str) -> str:
    """Hex, as W3C Trace Context has it; the same as in TypeScript."""
    return _hash_of("trace", run_id)[:32]


def root_span_id_of(run_id: str) -> str:
    """The span of the whole run."""
    return _hash_of("run", run_id)[:16]


def read_trace_parent(text: str) -> tuple[str, str, int] | None:
    """Trace, span and flags of a `traceparent`; None: it is none. All zeros are no id."""
    match = _TRACE_PARENT.fullmatch(text)
    if match is None or set(match.group(1)) == {"0"} or set(match.group(2)) == {"0"}:
        return None
    return match.group(1), match.group(2), int(match.group(3), 16)


def _hash_of(what: str, run_id: str) -> str:
    return hashlib.sha256(f"offstage {what} {run_id}".encode()).hexdigest()
