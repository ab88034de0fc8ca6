"""JSON's texts as `JSON.stringify` writes them."""

from __future__ import annotations

import json
import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def json_string(text: str) -> str:
    """A text as a JSON string; lone surrogates are escaped (well-formed JSON.stringify)."""
    written = json.dumps(text, ensure_ascii=False)
    return written if text.isascii() else _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", written)
