"""ECMAScript's `undefined`, beside `None`, which is its `null`."""

from __future__ import annotations

from typing import Final, final


@final
class Undefined:
    """What is absent. There is one, `undefined`; it is falsy, and equal to nothing else."""

    __slots__ = ()
    _only: Undefined | None = None

    def __new__(cls) -> Undefined:
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "undefined"

    def __reduce__(self) -> str:
        return "undefined"


undefined: Final = Undefined()
