"""Small things that texts say alike."""

from __future__ import annotations

from offstage.base import Data, is_fields, is_items, iso_time, stringify_exact


def counted(count: int, noun: str) -> str:
    """`1 run`, `2 runs`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def instant(ms: int) -> str:
    """`2026-11-27T02:31:59.000Z`."""
    return iso_time(ms)


def elapsed(ms: int) -> str:
    """As exactly as people want it: `840ms`, `7.7s`, `2m 05s`, `1h 02m`."""
    if ms < 1_000:
        return f"{ms}ms"
    if ms < 59_950:
        return f"{ms / 1_000:.1f}s"
    seconds = (ms + 500) // 1_000
    if seconds < 3_600:
        return f"{seconds // 60}m {seconds % 60:02}s"
    return f"{seconds // 3_600}h {seconds % 3_600 // 60:02}m"


def cut(text: str, most: int = 160) -> str:
    """No longer than a line or two."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def json_line(data: Data) -> str:
    """JSON in one line, exact."""
    return stringify_exact(data)


def json_lines(data: Data) -> list[str]:
    """JSON over several lines, exact."""
    if is_fields(data) and data:
        return _block("{", [(f"{json_line(key)}: ", one) for key, one in data.items()], "}")
    if is_items(data) and data:
        return _block("[", [("", one) for one in data], "]")
    return [json_line(data)]


def _block(begin: str, parts: list[tuple[str, Data]], end: str) -> list[str]:
    lines = [begin]
    for at, (name, value) in enumerate(parts):
        first, *rest = json_lines(value)
        inner = [f"  {name}{first}", *(f"  {line}" for line in rest)]
        inner[-1] += "" if at == len(parts) - 1 else ","
        lines += inner
    return [*lines, end]
