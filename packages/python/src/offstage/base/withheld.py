"""What a value is that nobody knows yet."""

from __future__ import annotations

from typing import NoReturn


class Withheld:
    """The answer of a write that was not made, or what derives from it (the engine's `Unknown`).

    It may be carried. Whatever would decide by it, or make a text or number of it, calls `end`, which raises what ends the item.
    """

    __slots__ = ()

    def end(self) -> NoReturn:
        """Ends what needs the value."""
        raise NotImplementedError
