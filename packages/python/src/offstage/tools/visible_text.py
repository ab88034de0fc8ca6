"""Texts of servers, with what hides in them spelt out."""

from __future__ import annotations

import re

from offstage.base import json_string

# Controls, bidirectional overrides, zero-width spaces, the invisible tag alphabet. Joiners and variation selectors stay: emoji need them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f\U000e0100-\U000e01ef\ud800-\udfff]"
)
SPACE = "\t\n\x0b\x0c\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""What ECMAScript calls white space, for a class of a pattern."""
_SPACES = re.compile(f"[{SPACE}]+")


_WIDE = re.compile(f"[{SPACE.replace(chr(10), '')}]{{80,}}")


def fold_spaces(line: str) -> str:
    """A line as a person is to read it before they say yes: of long white space it is said how long it is."""
    return _WIDE.sub(lambda run: f" … {len(run[0])} spaces … ", line)


def visible_text(text: str) -> str:
    """The text with every hidden character spelt out (`\\u202e`). Line feeds and tabs stay; CR LF becomes LF."""
    return _HIDDEN.sub(_code_point, text.replace("\r\n", "\n"))


def visible_line(text: str) -> str:
    """`visible_text` on one line: white space runs together."""
    return _SPACES.sub(" ", visible_text(text)).strip(" ")


def json_text(text: str) -> str:
    """A text as a JSON string, every hidden character by its UTF-16 units."""
    return _HIDDEN.sub(_units, json_string(text))


def _code_point(character: re.Match[str]) -> str:
    code = ord(character[0])
    return f"\\u{{{code:x}}}" if code > 0xFFFF else f"\\u{code:04x}"


def _units(character: re.Match[str]) -> str:
    data = character[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{int.from_bytes(data[at : at + 2]):04x}" for at in range(0, len(data), 2))
