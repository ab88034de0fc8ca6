"""Python's own errors in the language's words."""

from __future__ import annotations

from offstage.base import Object, OffstageError, undefined
from offstage.values.kinds import article


def offstage_error(raised: BaseException) -> OffstageError:
    """What was raised, as the engine knows errors: Python's own become what the interpreter raises in their place."""
    if isinstance(raised, OffstageError):
        return raised
    return _known(raised).with_traceback(raised.__traceback__)


def _known(raised: BaseException) -> OffstageError:
    if isinstance(raised, RecursionError):
        return OffstageError("LIMIT_DEPTH", "Calls are nested more deeply than Python can go.")
    if isinstance(raised, AttributeError) and _is_ours(raised):
        return OffstageError("TYPE_ERROR", f"There is {article(raised.obj)} where another value is needed.")
    if isinstance(raised, AttributeError) and raised.obj is undefined:
        return OffstageError("TYPE_ERROR", f"Cannot read {raised.name} of undefined.")
    if isinstance(raised, KeyError) and len(raised.args) == 1 and isinstance(raised.args[0], str):
        return OffstageError("TYPE_ERROR", f"There is no member {raised.args[0]}.")
    if isinstance(raised, Exception):
        return OffstageError("TYPE_ERROR", f"{type(raised).__name__}: {raised}")
    return OffstageError("BUG", f"{type(raised).__name__}: {raised}")


def _is_ours(raised: BaseException) -> bool:
    """Whether it was raised in the library, whose names say nothing to the owner of a text."""
    traceback = raised.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback is not None and str(traceback.tb_frame.f_globals.get("__name__")).startswith("offstage.")


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
