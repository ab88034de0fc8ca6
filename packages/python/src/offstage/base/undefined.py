"""ECMAScript's `undefined`, beside `None`, which is its `null`."""

from __future__ import annotations

from enum import Enum
from typing import Final


class Undefined(Enum):
    """What is absent. There is one, `undefined`; it is falsy, and equal to nothing else.

    It is an enumeration of one, so that a type checker knows what `is not undefined` leaves.
    """

    undefined = "undefined"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "undefined"

    __str__ = __repr__


undefined: Final = Undefined.undefined
