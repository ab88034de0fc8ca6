"""What a plan shows of arguments, and what an apply compares."""

from __future__ import annotations

from collections.abc import Sequence

from offstage.base import Data, hash_json, is_fields, is_items
from offstage.model import PartialData, UnknownPart


def known_hash(args: PartialData, hidden: Sequence[UnknownPart] | None = None) -> str:
    """Hash over the known parts of arguments, with None at each place of `hidden` (their own unknown places when not given).

    A place that the arguments do not have is left away: another shape is another hash. Raises `UNSAFE_INTEGER` for a poisoned integer.
    """
    value = args["value"]
    for part in args["unknown"] if hidden is None else hidden:
        value = _hide(value, part["path"])
    return hash_json(value)


def _hide(value: Data, path: Sequence[str | int]) -> Data:
    if not path:
        return None
    head, rest = path[0], path[1:]
    if is_items(value):
        if not isinstance(head, int) or not 0 <= head < len(value):
            return value
        return [_hide(item, rest) if index == head else item for index, item in enumerate(value)]
    if is_fields(value):
        return {name: _hide(member, rest) if name == str(head) else member for name, member in value.items()}
    return value
