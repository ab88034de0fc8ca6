"""Python's own errors in the language's words."""

from __future__ import annotations

from offstage.base import Object, OffstageError


def offstage_error(raised: BaseException) -> OffstageError:
    """What was raised, as the engine knows errors: Python's own become what the interpreter raises in their place."""
    if isinstance(raised, OffstageError):
        return raised
    if isinstance(raised, RecursionError):
        return OffstageError("LIMIT_DEPTH", "Calls are nested more deeply than Python can go.")
    if isinstance(raised, Exception):
        return OffstageError("TYPE_ERROR", f"{type(raised).__name__}: {raised}")
    return OffstageError("BUG", f"{type(raised).__name__}: {raised}")


def caught(error: BaseException) -> Object:
    """What a handler sees of an error: its code and its message."""
    known = offstage_error(error)
    return Object(code=known.code, message=known.message)


def raised(value: object) -> BaseException:
    """`raise` of what a handler saw: the same code and message."""
    if isinstance(value, BaseException):
        return value
    if isinstance(value, dict) and isinstance(value.get("code"), str) and isinstance(value.get("message"), str):  # pyright: ignore[reportUnknownMemberType]
        return OffstageError(str(value["code"]), str(value["message"]))  # pyright: ignore[reportUnknownArgumentType]
    return OffstageError("TYPE_ERROR", "Only fail() and a caught error can be thrown.")
