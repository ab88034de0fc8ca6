"""Reading the source of a regular expression literal."""

from __future__ import annotations

import re
from typing import Literal

from offstage.regexp.char_set import (
    ALL,
    DIGITS,
    SPACE,
    TERMINATORS,
    WORD,
    CharSet,
    ignore_case,
    invert,
    normalise,
)
from offstage.regexp.nodes import Assertion, Chars, Choice, Group, Node, RegexFault, RegexSyntax, Repeat, Sequence

_CONTROL = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "0": 0}
_BRACES = re.compile(r"\{([0-9]+)(,([0-9]*))?\}")
_ASSERTIONS: tuple[tuple[str, Literal["start", "end", "word", "not-word"]], ...] = (
    ("^", "start"),
    ("$", "end"),
    ("\\b", "word"),
    ("\\B", "not-word"),
)


def parse_regex(source: str, flags: str) -> RegexSyntax:
    """Reads the source, as units. Raises `RegexFault`."""
    parser = _Parser(source, flags)
    root = parser.choice()
    if parser.at < len(source):
        raise RegexFault("an unmatched )")
    return RegexSyntax(root, len(parser.names) - 1, tuple(parser.names))


class _Parser:
    def __init__(self, source: str, flags: str) -> None:
        self.source = source
        self.at = 0
        self.names: list[str | None] = [None]
        self._ignores_case = "i" in flags
        self._dot_all = "s" in flags
        self._depth = 0

    def choice(self) -> Node:
        self._depth += 1
        if self._depth > 100:
            raise RegexFault("groups nested more than 100 deep")
        options = [self._sequence()]
        while self._take("|"):
            options.append(self._sequence())
        self._depth -= 1
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _take(self, text: str) -> bool:
        if not self.source.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def _peek(self, ahead: int = 0) -> str:
        return self.source[self.at + ahead : self.at + ahead + 1]

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._term())
        return Sequence(tuple(parts))

    def _term(self) -> Node:
        assertion = next((Assertion(what) for text, what in _ASSERTIONS if self._take(text)), None)
        if assertion is not None:
            if self._quantifier() is not None:
                raise RegexFault("a repeated assertion")
            return assertion
        body = self._atom()
        count = self._quantifier()
        return body if count is None else Repeat(*count, body)

    def _quantifier(self) -> tuple[int, int | None, bool] | None:
        found = self._range()
        if found is None:
            return None
        least, most = found
        if most is not None and most < least:
            raise RegexFault("numbers out of order in a quantifier")
        return least, most, self._take("?")

    def _range(self) -> tuple[int, int | None] | None:
        for text, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(text):
                return bounds
        braces = _BRACES.match(self.source[self.at : self.at + 40])
        if braces is None:
            return None
        self.at += len(braces[0])
        least = int(braces[1])
        if braces[2] is None:
            return least, least
        return least, None if braces[3] == "" else int(braces[3])

    def _atom(self) -> Node:
        if self._take("("):
            return self._group()
        if self._take("["):
            return self._class()
        if self._take("."):
            return Chars(ALL if self._dot_all else invert(TERMINATORS))
        if self._take("\\"):
            return self._cased(self._escape(False))
        character = self._peek()
        if character in "*+?":
            raise RegexFault("nothing to repeat")
        self.at += 1
        return self._cased(_single(ord(character)))

    def _cased(self, chars: CharSet) -> Chars:
        return Chars(ignore_case(chars) if self._ignores_case else chars)

    def _group(self) -> Node:
        capture: int | None = None
        if self._take("?:"):
            pass
        elif re.match(r"\?<?[=!]", self.source[self.at : self.at + 3]):
            raise RegexFault("look-around")
        elif self._take("?<"):
            capture = self._named()
        elif self._take("?"):
            raise RegexFault("an unknown group")
        else:
            self.names.append(None)
            capture = len(self.names) - 1
        body = self.choice()
        if not self._take(")"):
            raise RegexFault("an unterminated group")
        return Group(capture, body)

    def _named(self) -> int:
        end = self.source.find(">", self.at)
        name = self.source[self.at : end]
        if end == -1 or re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_$]*", name) is None:
            raise RegexFault("a group name that is no identifier")
        if name in self.names:
            raise RegexFault(f"two groups named {name}")
        self.at = end + 1
        self.names.append(name)
        return len(self.names) - 1

    def _escape(self, in_class: bool) -> CharSet:
        letter = self._peek()
        if letter == "":
            raise RegexFault("a \\ at the end")
        self.at += 1
        known = {"d": DIGITS, "w": WORD, "s": SPACE}.get(letter.lower())
        if known is not None:
            return known if letter.islower() else invert(known)
        return _single(self._escaped_unit(letter, in_class))

    def _escaped_unit(self, letter: str, in_class: bool) -> int:
        if letter == "b" and in_class:
            return 8
        if letter == "k" and "(?<" in self.source:
            raise RegexFault("a back-reference")
        if letter in "123456789" or (letter == "0" and self._peek() in tuple("0123456789")):
            raise RegexFault("a back-reference")
        # Without the flag these are a p and a u, which nobody means.
        if letter in "pP" or (letter == "u" and self._peek() == "{"):
            raise RegexFault(f"\\{letter}{{…}}, which needs the flag u")
        if letter == "x":
            found = self._hex(2)
            return 0x78 if found is None else found
        if letter == "u":
            return self._unicode()
        if letter == "c":
            control = self._peek()
            if re.fullmatch("[A-Za-z]", control) is None:
                raise RegexFault("a \\c without its letter")
            self.at += 1
            return ord(control) % 32
        return _CONTROL.get(letter, ord(letter))

    def _unicode(self) -> int:
        found = self._hex(4)
        return 0x75 if found is None else found

    def _hex(self, digits: int) -> int | None:
        text = self.source[self.at : self.at + digits]
        if len(text) != digits or re.fullmatch("[0-9A-Fa-f]+", text) is None:
            return None
        self.at += digits
        return int(text, 16)

    def _class(self) -> Node:
        negated = self._take("^")
        ranges: list[tuple[int, int]] = []
        while not self._take("]"):
            if self._peek() == "":
                raise RegexFault("an unterminated class")
            ranges.extend(self._class_range())
        chars = normalise(ranges)
        cased = ignore_case(chars) if self._ignores_case else chars
        return Chars(invert(cased) if negated else cased)

    def _class_range(self) -> CharSet:
        low = self._class_atom()
        if self._peek() != "-" or self._peek(1) in ("]", ""):
            return low
        self.at += 1
        high = self._class_atom()
        first, last = _unit_of(low), _unit_of(high)
        if first is None or last is None:
            return (*low, *_single(0x2D), *high)
        if last < first:
            raise RegexFault("a range out of order in a class")
        return ((first, last),)

    def _class_atom(self) -> CharSet:
        if self._take("\\"):
            return self._escape(True)
        unit = ord(self._peek())
        self.at += 1
        return _single(unit)


def _single(unit: int) -> CharSet:
    return ((unit, unit),)


def _unit_of(chars: CharSet) -> int | None:
    """The unit of a set of one; None for `\\d` and its like."""
    return chars[0][0] if len(chars) == 1 and chars[0][0] == chars[0][1] else None
