"""What a value is, in the words of messages; arguments are never converted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, TypeGuard

from offstage.base import Map, OffstageError, Set, UnsafeInteger, Withheld, is_fields, is_items, undefined
from offstage.regexp import Regexp

# UTF-16 units of a text, and characters of a value's JSON: 10 MiB. Members of a list, map or set: 10 MiB of references.
MAX_SIZE = 10 * 1024 * 1024
MAX_LENGTH = MAX_SIZE // 8
MAX_DEPTH = 256


def kind_of(value: object) -> str:
    """`string`, `number`, `object`, …; ends the item where the value is withheld."""
    if isinstance(value, Withheld):
        value.end()
    if value is None:
        return "null"
    if value is undefined:
        return "undefined"
    if isinstance(value, bool):
        return "boolean"
    for types, kind in _KINDS:
        if isinstance(value, types):
            return kind
    return "function" if callable(value) else "object"


_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (str, "string"),
    ((int, float, UnsafeInteger), "number"),
    ((list, tuple), "array"),
    (Map, "map"),
    (Set, "set"),
    (Regexp, "regular expression"),
    (dict, "object"),
)


def article(value: object) -> str:
    """`a string`, `an object`, `null`."""
    kind = kind_of(value)
    if kind in ("null", "undefined"):
        return kind
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def type_error(message: str) -> OffstageError:
    """A value was used in a way its type does not allow."""
    return OffstageError("TYPE_ERROR", message)


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is a number of ECMAScript: `True` is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def as_text(value: object, use: str) -> str:
    """Passes a text; anything else is a TYPE_ERROR that names what wanted it."""
    if isinstance(value, str):
        return value
    raise type_error(f"{use} must be a string, not {article(value)}.")


def as_number(value: object, use: str) -> float:
    """Passes a number."""
    if is_number(value):
        return value
    if isinstance(value, UnsafeInteger):
        raise unsafe_use(use)
    raise type_error(f"{use} must be a number, not {article(value)}.")


def as_optional_number(value: object, use: str) -> float | None:
    """A number, None for an argument that was left out."""
    return None if value is undefined else as_number(value, use)


def as_list(value: object, use: str) -> Sequence[Any]:
    """Passes a list."""
    if is_items(value):
        return value
    raise type_error(f"{use} must be an array, not {article(value)}.")


def as_object(value: object, use: str) -> dict[str, Any]:
    """Passes an object that is data."""
    if is_fields(value):
        return value
    raise type_error(f"{use} takes an object, not {article(value)}.")


def check_size(length: float, what: str) -> None:
    """Passes the length (UTF-16 units) of a text that is about to be made, or ends the run with LIMIT_SIZE."""
    if length > MAX_SIZE:
        raise size_limit(what)


def check_length(length: float, what: str) -> None:
    """The same for the length of a list, map or set."""
    if length > MAX_LENGTH:
        raise size_limit(what)


def unsafe_use(use: str) -> OffstageError:
    """UNSAFE_INTEGER: `use` says what the integer was about to be used as."""
    return OffstageError(
        "UNSAFE_INTEGER",
        f"An integer beyond 2^53-1 cannot be used as {use}: its exact value may be lost.",
        hint="Let the server send it as text, or leave the field out.",
    )


def size_limit(what: str) -> OffstageError:
    """The error of what grows too large."""
    return OffstageError(
        "LIMIT_SIZE", f"{what} would be larger than 10 MiB.", hint="Work on parts of it: fewer items, shorter texts."
    )


def depth_limit() -> OffstageError:
    """The error of what is nested too deeply."""
    return OffstageError("LIMIT_DEPTH", f"Calls or values are nested more than {MAX_DEPTH} deep.")


def integer_of(value: float) -> int:
    """ToIntegerOrInfinity (ECMA-262), infinities cut to what no length reaches."""
    if value != value:
        return 0
    if value in (float("inf"), float("-inf")):
        return 2**62 if value > 0 else -(2**62)
    return int(value)


def caller(function: object, use: str) -> Callable[..., Any]:
    """A callback that takes of what it is given as many arguments as it has parameters; those that are missing are `undefined`."""
    if isinstance(function, Withheld):
        function.end()
    if not callable(function):
        raise type_error(f"{use} must be a function, not {article(function)}.")
    inner: Any = function.__func__ if isinstance(function, MethodType) else function
    if not isinstance(inner, FunctionType):
        return (lambda *args: function(*args[:1])) if isinstance(inner, BuiltinFunctionType | type) else function
    code = inner.__code__
    if code.co_flags & 0x04:
        return function
    bound = 1 if isinstance(function, MethodType) else 0
    count = code.co_argcount - bound
    if count <= 0:
        return lambda *_: function()
    if count == 1:
        return lambda *args: function(args[0])
    fewest = count - len(inner.__defaults__ or ())

    def call(*args: Any) -> Any:
        given = args[:count]
        return function(*given, *[undefined] * max(0, fewest - len(given)))

    return call
