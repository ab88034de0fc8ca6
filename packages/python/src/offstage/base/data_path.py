"""Where parts of a value lie."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, TypeAlias

_ITEMS = re.compile(r"(?:\[\])+\Z")


class Segment(NamedTuple):
    """One step of a path: a member of that name, every item of a list, or any depth."""

    kind: Literal["member", "items", "anywhere"]
    name: str = ""


DataPath: TypeAlias = tuple[Segment, ...]
"""`issues[].fields.created`, `**.self`; `[]` is every item of a list, `**` any depth."""


def parse_data_path(text: str) -> DataPath | None:
    """Reads a path; None when it has an empty part, or ends in `**`."""
    segments: list[Segment] = []
    for part in text.split("."):
        if part == "**":
            segments.append(Segment("anywhere"))
            continue
        name = _ITEMS.sub("", part)
        items = (len(part) - len(name)) // 2
        if name == "" and items == 0:
            return None
        if name != "":
            segments.append(Segment("member", name))
        segments.extend([Segment("items")] * items)
    return None if segments[-1].kind == "anywhere" else tuple(segments)
