"""Regular expressions of a program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from offstage.regexp.places import Places
from offstage.regexp.program import RegexProgram, compile_regex, text_of, units_of


@dataclass(frozen=True, slots=True)
class RegexMatch:
    """One match, in UTF-16 units. `groups[0]` is the whole match; None: the group took no part."""

    start: int
    end: int
    groups: tuple[str | None, ...]


class Regexp:
    """As in ECMAScript each evaluation of a literal makes one, and `g` gives it a place to go on from."""

    __slots__ = ("flags", "last_index", "program", "source")

    def __init__(self, source: str, flags: str) -> None:
        self.source = source
        self.flags = flags
        self.program: RegexProgram = compile_regex(source, flags)
        self.last_index = 0

    @property
    def is_global(self) -> bool:
        """Whether it finds all matches."""
        return "g" in self.flags

    def test(self, text: str) -> bool:
        """Whether there is a match, with `g` from the place on where the last one ended (ECMAScript's `test`)."""
        # Asked first: only a text can tell, whatever else comes here is refused.
        is_ascii = text.isascii()
        if self.is_global:
            found = self.scan(text)(self.last_index)
            self.last_index = 0 if found is None else found.end
            return found is not None
        if is_ascii:
            encoded = self.program.encode(text)
            return self.program.matcher(encoded).search(encoded.text) is not None
        return self.scan(text)(0) is not None

    def scan(self, text: str) -> Callable[[int], RegexMatch | None]:
        """A function from an offset (units) to the first match at or after it."""
        units = units_of(text)
        encoded = self.program.encode(units)
        pattern: Any = self.program.matcher(encoded)
        back, forth = encoded.back, encoded.forth
        places = Places(encoded.text)
        count = self.program.syntax.groups

        def original(offset: int) -> int:
            return offset if back is None else back[offset]

        def part(span: tuple[int, int]) -> str | None:
            if span[0] < 0:
                return None
            return text_of(units[original(places.after(span[0])) : original(places.after(span[1]))])

        def after(start: int) -> RegexMatch | None:
            if start > len(units):
                return None
            at = places.byte_at(start if forth is None else forth[start])
            while (found := pattern.search(places.data, at)) is not None:
                if places.is_inside(found.start()):
                    # RE2's \B is there between the bytes of one character.
                    at = found.start() + 1
                    continue
                begin = original(places.character_at(found.start()))
                if begin == -1:
                    # In the middle of a marked line end, whose characters are no part of another one.
                    at = places.byte_at(places.character_at(found.start()) + 1)
                    continue
                groups = tuple(part(found.span(group)) for group in range(count + 1))
                return RegexMatch(begin, original(places.after(found.end())), groups)
            return None

        return after

    def all(self, text: str, start: int = 0) -> list[RegexMatch]:
        """All matches, as `g` finds them: after an empty one the search goes on one unit later."""
        after = self.scan(text)
        found: list[RegexMatch] = []
        at = start
        while (match := after(at)) is not None:
            found.append(match)
            at = match.end + 1 if match.end == match.start else match.end
        return found

    def named(self, match: RegexMatch) -> dict[str, str | None] | None:
        """The named groups of a match; None when the pattern has none."""
        names = self.program.syntax.names
        if all(name is None for name in names):
            return None
        return {name: match.groups[index] for index, name in enumerate(names) if name is not None}
