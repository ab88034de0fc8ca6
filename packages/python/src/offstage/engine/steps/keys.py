"""Loop keys in step keys."""

from __future__ import annotations

import re

_ESCAPED = re.compile("[%/\\[\\]\ud800-\udfff]")


def item_segment(site: str, key: str) -> str:
    """The segment of an item of an `each`: no key of an item can look like a path, and two keys never make the same one."""
    return f"{site}[{_ESCAPED.sub(lambda char: f'%{ord(char[0]):X}', key)}]"
