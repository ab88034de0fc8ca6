"""Whoever sets up a project is told of all secrets that are missing, not of one at each try."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from offstage.base import OffstageError

Item = TypeVar("Item")
Made = TypeVar("Made")


def resolve_all(items: Sequence[Item], resolve: Callable[[Item], Made]) -> list[Made]:
    """Resolves each of several.

    Errors: one `SECRET_MISSING` for all that are missing; any other of `resolve` at once.
    """
    missing: list[OffstageError] = []
    made: list[Made] = []
    for item in items:
        try:
            made.append(resolve(item))
        except OffstageError as error:
            if error.code != "SECRET_MISSING":
                raise
            missing.append(error)
    if len(missing) == 0:
        return made
    if len(missing) == 1:
        raise missing[0]
    messages = dict.fromkeys(error.message.removesuffix(".") for error in missing)
    hints = dict.fromkeys(error.hint for error in missing if error.hint is not None)
    raise OffstageError("SECRET_MISSING", f"{'; '.join(messages)}.", hint=" ".join(hints) or None) from missing[0]
