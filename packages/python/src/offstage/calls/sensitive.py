"""What a profile calls sensitive is left out of results."""

import re
from collections.abc import Sequence

from offstage.base import Data, is_fields, is_items


def remove_sensitive(data: Data, paths: Sequence[str]) -> Data:
    """`a.b` is the member `b` of `a`, `items[].token` the member of every item of a list.

    Paths that lead nowhere are ignored; what is not touched stays the same object.
    """
    for path in paths:
        data = _remove_path(data, _segments_of(path))
    return data


def visible_part(part: Data, member: str, paths: Sequence[str]) -> Data:
    """One part of the list `member` of a result, without what is sensitive in it; None when all of it is."""
    rest = remove_sensitive({member: [part]}, paths)
    items = rest.get(member) if is_fields(rest) else None
    return items[0] if is_items(items) and len(items) > 0 else None


def _segments_of(path: str) -> list[str]:
    """`items[].token` → `items`, `[]`, `token`."""
    segments: list[str] = []
    for part in path.split("."):
        name = re.sub(r"(?:\[\])+$", "", part)
        segments += ([] if name == "" else [name]) + ["[]"] * ((len(part) - len(name)) // 2)
    return segments


def _remove_path(data: Data, segments: Sequence[str]) -> Data:
    if len(segments) == 0:
        return None
    segment, rest = segments[0], segments[1:]
    if segment == "[]":
        return _map_items(data, rest) if is_items(data) else data
    if not is_fields(data) or segment not in data:
        return data
    if len(rest) == 0:
        return {name: value for name, value in data.items() if name != segment}
    value = data[segment]
    kept = _remove_path(value, rest)
    return data if kept is value else {name: kept if name == segment else old for name, old in data.items()}


def _map_items(items: Sequence[Data], rest: Sequence[str]) -> Data:
    kept = [_remove_path(item, rest) for item in items]
    return items if all(one is other for one, other in zip(kept, items, strict=True)) else kept
