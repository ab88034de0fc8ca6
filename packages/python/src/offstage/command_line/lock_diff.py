"""What is different between two locks, for people and for `--json`. Locks are data here, as `offstage.lock` has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, cast

from offstage.base import (
    JsonObject,
    is_fields,
    is_items,
    shorten,
    stringify_exact,
    undefined,
    utf16_order,
)
from offstage.command_line.terminal import escape_controls
from offstage.tools import Difference, Weight, compare_definitions, words_change

_LONGEST = 120
_SAYS: Mapping[str, str] = {
    "profile": "a profile",
    "policy": "policy.classes",
    "hint": "the server's hint",
    "default": "nobody's word",
}


class LockChange(TypedDict):
    """`kind`: `added`, `removed`, `changed`. `tool`: None where it is about the server as a whole. `weight`: the gravest of its details, a line each, `!` before what calls or uses that were right may trip over."""

    kind: str
    server: str
    tool: str | None
    weight: Weight
    details: list[str]


def diff_locks(before: JsonObject, after: JsonObject) -> list[LockChange]:
    """The differences that a person has to judge: servers, tools, definitions, classes, packages, what servers say of themselves."""
    return [
        change
        for server in _names(before, after)
        for change in _diff_servers(server, before.get(server), after.get(server))
    ]


def not_pinned_yet(before: JsonObject, after: JsonObject) -> list[str]:
    """Servers of which the lock does not yet have what they say of themselves: it was made before that was pinned."""
    return [
        name
        for name, server in after.items()
        if "introduction" in _fields(server) and name in before and "introduction" not in _fields(before[name])
    ]


def _diff_servers(server: str, before: Any, after: Any) -> list[LockChange]:
    if after is None:
        return [_change("removed", server, None, "breaking")]
    if before is None:
        return [_change("added", server, None, "compatible", [f"{after['source']}, {len(after['tools'])} tools"])]
    about = [
        *([] if before["source"] == after["source"] else [f"~ source: {before['source']} → {after['source']}"]),
        *_data_changes(before["info"], after["info"]),
        *_data_changes(before["protocol"], after["protocol"]),
        *_introduction_changes(before.get("introduction"), after.get("introduction")),
    ]
    changes = [_change("changed", server, None, "compatible", about)] if about else []
    for tool in _names(before["tools"], after["tools"]):
        changes += _diff_tools(server, tool, before["tools"].get(tool), after["tools"].get(tool))
    return changes


def _introduction_changes(before: Any, after: Any) -> list[str]:
    if before is None or after is None:
        return []
    changes = _data_changes({"capabilities": before["capabilities"]}, {"capabilities": after["capabilities"]})
    old, now = (undefined if one["instructions"] is None else one["instructions"] for one in (before, after))
    return changes if old == now else [*changes, f"~ server {words_change('instructions', old, now)}"]


def _diff_tools(server: str, tool: str, before: Any, after: Any) -> list[LockChange]:
    if after is None:
        return [_change("removed", server, tool, "breaking")]
    if before is None:
        return [_change("added", server, tool, "compatible", [class_text(after["classes"])])]
    is_same = before["hash"] == after["hash"]
    every = [] if is_same else compare_definitions(before["definition"], after["definition"])
    if before["classes"] != after["classes"]:
        every.append(_class_difference(before["classes"], after["classes"]))
    if not every:
        return []
    weights = {one.weight for one in every}
    gravest: Weight = "breaking" if "breaking" in weights else "compatible" if "compatible" in weights else "wording"
    details = [f"{'!' if one.weight == 'breaking' else '~'} {one.where} {one.what}" for one in every]
    return [_change("changed", server, tool, gravest, details)]


def class_text(classes: Sequence[JsonObject]) -> str:
    """What the calls of a tool are: `read`, or each case with its class, because one tool often reads and writes by an argument."""
    effects = list(dict.fromkeys(str(one["effect"]) for one in classes))
    if len(effects) == 1:
        return effects[0]
    return ", ".join(f"{one.get('when', 'else')}: {one['effect']}" for one in classes)


def _class_difference(before: Sequence[JsonObject], after: Sequence[JsonObject]) -> Difference:
    """Both, and what it means where it means less care: that is how a write could slip into a plan."""
    was, now, said = class_text(before), class_text(after), _sources_of(after)
    wrote, writes = (any(one["effect"] == "write" for one in classes) for classes in (before, after))
    what = f"{was} → {now}"
    if was == now and _sources_of(before) == said:
        what = f"{now}, because of {said} as before; its profile has other rules for it"
    elif was == now:
        what = f"{now}, now because of {said} rather than of {_sources_of(before)}"
    elif wrote and not writes:
        what += f" ({said}): from now on it is called while planning, and nobody is asked"
    # What was read without asking, and is planned and asked for now.
    return Difference("class:", what, "breaking" if writes and not wrote else "compatible")


def _sources_of(classes: Sequence[JsonObject]) -> str:
    return " and ".join(dict.fromkeys(_SAYS[str(one["from"])] for one in classes))


def _data_changes(before: Any, after: Any, path: str = "") -> list[str]:
    """`~ version: "1" → "2"`, a line for each value that differs."""
    if before is not undefined and after is not undefined:
        if stringify_exact(before) == stringify_exact(after):
            return []
        if is_fields(before) and is_fields(after):
            return [
                line
                for name in _names(before, after)
                for line in _data_changes(
                    before.get(name, undefined), after.get(name, undefined), f"{path}.{name}" if path else name
                )
            ]
        if is_items(before) and is_items(after) and len(before) == len(after):
            pairs = enumerate(zip(before, after, strict=True))
            return [line for index, (old, now) in pairs for line in _data_changes(old, now, f"{path}[{index}]")]
    sign = "+" if before is undefined else "-" if after is undefined else "~"
    values = [escape_controls(stringify_exact(one)) for one in (before, after) if one is not undefined]
    return [f"{sign} {escape_controls(path)}: {' → '.join(shorten(one, _LONGEST) for one in values)}"]


def _change(kind: str, server: str, tool: str | None, weight: Weight, details: list[str] | None = None) -> LockChange:
    return {"kind": kind, "server": server, "tool": tool, "weight": weight, "details": details or []}


def _names(before: JsonObject, after: JsonObject) -> list[str]:
    return sorted({*before, *after}, key=utf16_order)


def _fields(value: object) -> JsonObject:
    return cast("JsonObject", value)
