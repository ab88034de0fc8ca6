"""Compiled patterns, over texts as RE2 sees them.

RE2 matches characters, ECMAScript (without u) UTF-16 units; RE2's m knows one line terminator, ECMAScript's four. Both are
bridged by the text: a surrogate becomes a private character of plane 16, and, where it matters, a line terminator becomes
`\\n`, a private character that says which, `\\n`. Real characters of that plane are surrogates themselves before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2 as _untyped

from offstage.regexp.char_set import ALL, TERMINATORS, CharSet, minus
from offstage.regexp.nodes import Assertion, Chars, Choice, Group, Node, RegexFault, RegexSyntax, Repeat, Sequence
from offstage.regexp.parse import parse_regex
from offstage.regexp.turns import refuse_strange_turns

# It brings no types.
re2: Any = _untyped

_SURROGATES = 0x100000
_TERMINATOR_MARK = 0x10F800
_TERMINATOR_UNITS = (0x0A, 0x0D, 0x2028, 0x2029)
# Nobody writes a longer one by hand.
_MAX_SOURCE = 10_000
_ASTRAL = re.compile("[\ud800-\udfff\U00010000-\U0010ffff]")
_ASSERTIONS = {"start": "^", "end": "$", "word": r"\b", "not-word": r"\B"}


@dataclass(frozen=True, slots=True)
class Units:
    """A text as its UTF-16 units: `text` has one character a unit (None of `back`: the original is its own units)."""

    text: str
    # Offset in the encoded text → unit, -1 in the middle of what one unit became; None: the same.
    back: list[int] | None
    # Unit → offset in the encoded text; None: the same.
    forth: list[int] | None
    marked: bool


@dataclass(frozen=True, slots=True)
class RegexProgram:
    """A compiled regular expression, without state."""

    syntax: RegexSyntax
    multiline: bool
    plain: Any

    def encode(self, units: str) -> Units:
        """A text of units (`units_of`) as this pattern wants it."""
        by_line = self.multiline and re.search("[\r\u2028\u2029]", units) is not None
        if not by_line:
            return Units(_moved_text(units), None, None, False)
        parts: list[str] = []
        back: list[int] = []
        forth: list[int] = []
        for index, unit in enumerate(units):
            code = ord(unit)
            mark = _TERMINATOR_UNITS.index(code) if code in _TERMINATOR_UNITS else -1
            part = f"\n{chr(_TERMINATOR_MARK + mark)}\n" if mark >= 0 else chr(_moved(code))
            forth.append(len(back))
            parts.append(part)
            back.extend([index, *[-1] * (len(part) - 1)])
        forth.append(len(back))
        back.append(len(units))
        return Units("".join(parts), back, forth, True)

    def matcher(self, encoded: Units) -> Any:
        """The RE2 program for an encoded text."""
        return _build(self.syntax, self.multiline, True) if encoded.marked else self.plain


def units_of(text: str) -> str:
    """A text with its characters beyond 0xFFFF as two surrogates each, as ECMAScript has it."""
    if text.isascii() or _ASTRAL.search(text) is None:
        return text
    return "".join(
        character
        if ord(character) <= 0xFFFF
        else chr(0xD800 + ((ord(character) - 0x10000) >> 10)) + chr(0xDC00 + ((ord(character) - 0x10000) & 0x3FF))
        for character in text
    )


def text_of(units: str) -> str:
    """Units as a text again: two surrogates that belong together are one character."""
    if units.isascii() or re.search("[\ud800-\udbff][\udc00-\udfff]", units) is None:
        return units
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


@lru_cache(maxsize=512)
def compile_regex(source: str, flags: str) -> RegexProgram:
    """Compiles a regular expression literal. Raises `RegexFault` for what the language refuses."""
    if re.fullmatch("[gims]*", flags) is None or len(set(flags)) != len(flags):
        raise RegexFault(f"the flags {flags}")
    units = units_of(source)
    if len(units) > _MAX_SOURCE:
        raise RegexFault(f"more than {_MAX_SOURCE} characters")
    syntax = parse_regex(units, flags)
    refuse_strange_turns(syntax.root)
    multiline = "m" in flags and re.search(r"[\^$]", source) is not None
    return RegexProgram(syntax, multiline, _build(syntax, multiline, False))


@lru_cache(maxsize=512)
def _build(syntax: RegexSyntax, multiline: bool, marked: bool) -> Any:
    text = _print(syntax.root, marked)
    options: Any = re2.Options()
    options.log_errors = False
    options.never_nl = False
    options.max_mem = 64 << 20
    try:
        # In RE2 itself (?m) is what RE2JS calls MULTILINE.
        return re2.compile(f"(?m:{text})" if multiline else text, options)
    except re2.error as error:
        raise RegexFault(str(error)) from None


def _print(node: Node, marked: bool) -> str:
    match node:
        case Chars(chars):
            return _print_set(chars, marked)
        case Assertion(what):
            # Outside of m, RE2's $ is the end of the text only with \z.
            return _ASSERTIONS[what]
        case Sequence(parts):
            return "".join(_print(part, marked) for part in parts)
        case Choice(options):
            return "|".join(_print(option, marked) for option in options)
        case Group(capture, body):
            return f"{'(?:' if capture is None else '('}{_print(body, marked)})"
        case Repeat(least, most, lazy, body):
            bounds = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get(
                (least, most), f"{{{least},{'' if most is None else most}}}"
            )
            return f"{_print(body, marked)}{bounds}{'?' if lazy else ''}"


def _print_set(chars: CharSet, marked: bool) -> str:
    if not marked:
        return _print_class(chars)
    marks = [
        _char(_TERMINATOR_MARK + index)
        for index, unit in enumerate(_TERMINATOR_UNITS)
        if any(low <= unit <= high for low, high in chars)
    ]
    if not marks:
        return _print_class(chars)
    rest = minus(chars, TERMINATORS)
    line = f"\\n[{''.join(marks)}]\\n"
    return f"(?:{line})" if not rest else f"(?:{_print_class(rest)}|{line})"


def _print_class(chars: CharSet) -> str:
    if not chars:
        return "[^\\x{0}-\\x{10FFFF}]"
    if len(chars) == 1 and chars[0][0] == chars[0][1]:
        return _print_unit(chars[0][0])
    if chars == ALL:
        return "(?s:.)"
    return f"[{''.join(part for low, high in chars for part in _print_range(low, high))}]"


def _print_unit(unit: int) -> str:
    plain = chr(unit)
    return plain if re.fullmatch("[A-Za-z0-9 _]", plain) else _char(_moved(unit))


def _print_range(low: int, high: int) -> list[str]:
    parts: list[str] = []

    def add(first: int, last: int, by: int) -> None:
        if first <= last:
            parts.append(_char(first + by) if first == last else f"{_char(first + by)}-{_char(last + by)}")

    add(low, min(high, 0xD7FF), 0)
    add(max(low, 0xD800), min(high, 0xDFFF), _SURROGATES - 0xD800)
    add(max(low, 0xE000), high, 0)
    return parts


def _moved(unit: int) -> int:
    return unit - 0xD800 + _SURROGATES if 0xD800 <= unit <= 0xDFFF else unit


def _moved_text(units: str) -> str:
    if units.isascii():
        return units
    moved: Callable[[re.Match[str]], str] = lambda half: chr(_moved(ord(half[0])))  # noqa: E731
    return re.sub("[\ud800-\udfff]", moved, units)


def _char(code: int) -> str:
    return f"\\x{{{code:x}}}"
