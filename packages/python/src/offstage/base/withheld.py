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

    It may be carried, looked into (which gives the same) and be part of a text, which is not known either then; whatever would decide by it
    ends the item. `text`: what is known of such a text, with the mark of what is not.
    """

    __slots__ = ("text", "waits_for")

    def __init__(self, waits_for: tuple[str, ...] = (), text: str | None = None) -> None:
        self.waits_for = waits_for
        self.text = f"{_OPENS}{','.join(waits_for)}{_CLOSES}" if text is None else text

    def end(self) -> NoReturn:
        """Ends what needs the value."""
        raise WithheldEnd(self)

    def member(self, _name: object) -> Withheld:
        """A part of it, which is not known either."""
        return self

    def __getitem__(self, name: object) -> Withheld:
        return self

    def __getattr__(self, name: str) -> Any:
        # Python asks everything for names of its own: whether it can be awaited, copied, printed.
        if name.startswith("__"):
            raise AttributeError(name)
        self.end()

    def __format__(self, spec: str) -> str:
        return self.text

    def __str__(self) -> str:
        return self.text

    def __add__(self, other: object) -> Withheld:
        return self._joined(self, other)

    def __radd__(self, other: object) -> Withheld:
        return self._joined(other, self)

    def _joined(self, left: object, right: object) -> Withheld:
        """Two parts of a text. A sum of numbers would have to be known."""
        if not isinstance(left, str | Withheld) or not isinstance(right, str | Withheld):
            self.end()
        joined = withheld_in(f"{left}{right}")
        return self if joined is None else joined

    def __bool__(self) -> bool:
        self.end()

    def __eq__(self, other: object) -> bool:
        if other is self:
            return True
        self.end()

    def __hash__(self) -> int:
        self.end()

    def __iter__(self) -> Any:
        self.end()

    def __len__(self) -> int:
        self.end()

    def __contains__(self, item: object) -> bool:
        self.end()

    def _decides(self, *_others: object) -> Any:
        self.end()

    __lt__ = __le__ = __gt__ = __ge__ = _decides
    __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __mod__ = __rmod__ = _decides
    __neg__ = __pos__ = __float__ = __int__ = __index__ = _decides

    def __repr__(self) -> str:
        return shown_text(self.text)


def withheld_in(text: str) -> Withheld | None:
    """A text that was put together with what is not known, as the value that nobody knows; None: it is known."""
    if _OPENS not in text:
        return None
    found = {effect for mark in _MARK.finditer(text) for effect in mark[1].split(",") if effect}
    return Withheld(tuple(sorted(found)), text)


def text_or_withheld(text: str) -> str | Withheld:
    """A text, as itself or as the value that nobody knows."""
    unknown = withheld_in(text)
    return text if unknown is None else unknown


def shown_text(text: str) -> str:
    """A text for people, with what is not known said so."""
    return _MARK.sub("(known after apply)", text) if _OPENS in text else text
