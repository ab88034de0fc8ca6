"""Texts of servers, with what hides in them spelt out."""

from __future__ import annotations

import re

from offstage.base import json_string, spell_hidden, spell_hidden_in_json

SPACE = "\t\n\x0b\x0c\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""What ECMAScript calls white space, for a class of a pattern."""
_SPACES = re.compile(f"[{SPACE}]+")


_WIDE = re.compile(f"[{SPACE.replace(chr(10), '')}]{{80,}}")


def fold_spaces(line: str) -> str:
    """A line as a person is to read it before they say yes: of long white space it is said how long it is."""
    return _WIDE.sub(lambda run: f" … {len(run[0])} spaces … ", line)


def visible_text(text: str) -> str:
    """The text with every hidden character spelt out (`\\u202e`). Line feeds and tabs stay; CR LF becomes LF."""
    return spell_hidden(text.replace("\r\n", "\n"))


def visible_line(text: str) -> str:
    """`visible_text` on one line: white space runs together."""
    return _SPACES.sub(" ", visible_text(text)).strip(" ")


def json_text(text: str) -> str:
    """A text as a JSON string, every hidden character by its UTF-16 units."""
    return spell_hidden_in_json(json_string(text))
