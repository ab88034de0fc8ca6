"""A value of which some parts will be known only after held effects were performed."""

from typing import TypedDict

from offstage.base import Data

from .identity import EffectId

# `from` is a word of Python's: the members of this one cannot be written as a class.
UnknownPart = TypedDict("UnknownPart", {"path": list[str | int], "from": list[EffectId]})
"""Where a value is unknown; an empty path is the whole value. `from`: the held effects that it derives from, sorted."""


class PartialData(TypedDict):
    """`value` has None at every unknown place."""

    value: Data
    unknown: list[UnknownPart]
