"""What became of one tool since it was locked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from offstage.base import ErrorData, error_data, is_fields, shorten, undefined, utf16_order

from .compare_schemas import Difference, Weight, compare_schemas, field, same_data, shown, words_change
from .visible_text import visible_line

_WEIGHTS: tuple[Weight, ...] = ("breaking", "compatible", "wording")


def compare_definitions(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Where the definition of a tool is not as it was locked."""
    return [
        difference
        for name in sorted({*before, *after}, key=utf16_order)
        for difference in _compare(name, before.get(name, undefined), after.get(name, undefined))
    ]


def tool_changed(server: str, tool: str, pinned: Mapping[str, Any], current: Mapping[str, Any] | None) -> ErrorData:
    """`TOOL_CHANGED` for a tool that a run wants to call and that is not what was locked."""
    name = f"{server}.{visible_line(tool)}"
    # A tool may be called anything, and this is pasted into a shell.
    accepted = f" {server}.{tool}" if re.fullmatch(r"[\w.-]+", f"{server}{tool}", re.ASCII) else ""
    hint = f"Review it with `offstage lock --check`; `offstage lock --accept{accepted}` accepts it."
    if current is None:
        return error_data(
            "TOOL_CHANGED", f"The tool {name} is in offstage.lock, but the server no longer has it.", hint
        )
    differences = sorted(compare_definitions(pinned, current), key=lambda one: _WEIGHTS.index(one.weight))
    told = shorten("; ".join(f"{one.where} {one.what}" for one in differences), 500)
    return error_data("TOOL_CHANGED", f"The tool {name} is not the one that was locked: {told}.", hint)


def _compare(name: str, old: Any, now: Any) -> list[Difference]:
    if same_data(old, now):
        return []
    match name:
        case "inputSchema":
            return compare_schemas("argument", old, now)
        case "outputSchema":
            return compare_schemas("result", old, now)
        case "annotations":
            return _annotations(old, now)
        case "description" | "title":
            return [Difference("tool", words_change(name, old, now), "wording")]
        case _:
            return [Difference(visible_line(name), f"changed from {shown(old)} to {shown(now)}", "compatible")]


def _annotations(before: Any, after: Any) -> list[Difference]:
    differences: list[Difference] = []
    for name in sorted({name for one in (before, after) if is_fields(one) for name in one}, key=utf16_order):
        old, now = field(before, name), field(after, name)
        if same_data(old, now):
            continue
        # A tool that stops calling itself harmless may have begun to write.
        harmless = {"readOnlyHint": True, "idempotentHint": True, "destructiveHint": False}.get(name)
        is_alarming = harmless is not None and old is harmless
        differences.append(
            Difference(
                f"annotation {visible_line(name)}",
                f"changed from {shown(old)} to {shown(now)}",
                "breaking" if is_alarming else "compatible",
            )
        )
    whole = Difference("annotations", f"changed from {shown(before)} to {shown(after)}", "compatible")
    return differences or [whole]
