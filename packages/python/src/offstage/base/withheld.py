"""What a value is that nobody knows yet."""

from __future__ import annotations

import re
from typing import Any, NoReturn, final

# Around the effects that a part of a text waits for; noncharacters, which no text of a server's or a program's has.
_OPENS, _CLOSES = "\ufdd0", "\ufdd1"
_MARK = re.compile(f"{_OPENS}([^{_CLOSES}]*){_CLOSES}")


class WithheldEnd(BaseException):
    """Ends an item, or the body, that would decide by a value that is not known: Python cannot go on with it. No failure, and nobody handles it."""

    def __init__(self, value: Withheld) -> None:
        super().__init__("This value is known only when a write that is held was made.")
        self.value = value


@final
class Withheld:
    """The answer of a write that was not made, or what derives from it. `waits_for`: the effects, sorted.

    It may be carried, looked into (which gives the same) and be part of a text; whatever would decide by it ends the item.
    """

    __slots__ = ("waits_for",)

    def __init__(self, waits_for: tuple[str, ...] = ()) -> None:
        self.waits_for = waits_for

    def end(self) -> NoReturn:
        """Ends what needs the value."""
        raise WithheldEnd(self)

    def member(self, _name: object) -> Withheld:
        """A part of it, which is not known either."""
        return self

    def __getitem__(self, name: object) -> Withheld:
        return self

    def __format__(self, spec: str) -> str:
        return f"{_OPENS}{','.join(self.waits_for)}{_CLOSES}"

    def __str__(self) -> str:
        return format(self)

    def __bool__(self) -> bool:
        self.end()

    def __eq__(self, other: object) -> bool:
        if other is self:
            return True
        self.end()

    def __hash__(self) -> int:
        return id(self)

    def __iter__(self) -> Any:
        self.end()

    def __len__(self) -> int:
        self.end()

    def __contains__(self, item: object) -> bool:
        self.end()

    def __repr__(self) -> str:
        return "(known after apply)"


def withheld_in(text: str) -> Withheld | None:
    """What a text waits for that an f-string put together with what is not known; None: it is known."""
    if _OPENS not in text:
        return None
    found = {effect for mark in _MARK.finditer(text) for effect in mark[1].split(",") if effect}
    return Withheld(tuple(sorted(found)))


def shown_text(text: str) -> str:
    """A text for people, with what is not known said so."""
    return _MARK.sub("(known after apply)", text) if _OPENS in text else text
