"""The one error of Offstage, by its code."""

from __future__ import annotations

from typing import Any, NotRequired, TypeAlias, TypedDict

# One of the codes of docs/errors.md.
ErrorCode: TypeAlias = str

# What ends an item of a loop, past every handler.
ENDS_ITEM = frozenset(
    {"EFFECT_AMBIGUOUS", "UNSAFE_INTEGER", "RESULT_UNREADABLE", "PAGES_TRUNCATED", "AMBIGUOUS_RECORD", "NOT_CONVERGING"}
)
# What ends a run.
ENDS_RUN = frozenset(
    {
        "EFFECT_REFUSED",
        "TOOL_CHANGED",
        "NOT_LOCKED",
        "TARGET_CHANGED",
        "CANCELLED",
        "LIMIT_FUEL",
        "LIMIT_DEPTH",
        "LIMIT_SIZE",
        "LIMIT_WRITES",
        "LIMIT_WRITES_PER_DAY",
        "LIMIT_CALLS",
        "LIMIT_DURATION",
        "JOURNAL_MISMATCH",
        "STATE_CONFLICT",
        "ONE_WRITE",
        "MODEL_MISSING",
        "NOT_YET",
        "BUG",
    }
)
# What ends the process's driving of runs.
ENDS_ENGINE = frozenset(
    {"LEASE_LOST", "STORE_LOCKED", "STORE_NEWER", "STORE_CORRUPT", "STORE_FULL", "STORE_UNAVAILABLE"}
)
_PAST_HANDLERS = ENDS_ITEM | ENDS_RUN | ENDS_ENGINE


class ErrorData(TypedDict):
    """An error as it is stored, and as a workflow's handler sees it."""

    code: ErrorCode
    message: str
    hint: NotRequired[str]
    # In what is stored of a run: the key of the step that failed, and where it stands in the text.
    step: NotRequired[str]
    at: NotRequired[str]


class OffstageError(BaseException):
    """An error with a stable `code`, a `message` for people, and a `hint` what to do.

    No `except Exception` of a workflow sees it, unless its code is one that a workflow may handle: then what is made is a
    `Failure`, as `OSError(ENOENT, …)` makes a `FileNotFoundError`.
    """

    code: ErrorCode
    message: str
    hint: str | None
    # The key of the step that it comes from, for people; None: from none.
    step: str | None = None

    def __new__(cls, code: ErrorCode, *_args: Any, **_details: Any) -> Any:
        made: Any = Failure if cls is OffstageError and is_catchable(code) else cls
        return super().__new__(made)

    def __init__(self, code: ErrorCode, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class Failure(OffstageError, Exception):
    """An error that a workflow may handle: a read that failed, a write that provably did not happen, `fail()`, a wrong type."""


def is_catchable(code: ErrorCode) -> bool:
    """Whether a workflow's handler sees errors of this code (LANGUAGE.md §5)."""
    return code not in _PAST_HANDLERS


def error_data(code: ErrorCode, message: str, hint: str | None = None) -> ErrorData:
    """An error as data, without having been raised."""
    return {"code": code, "message": message} if hint is None else {"code": code, "message": message, "hint": hint}


def to_error_data(raised: BaseException) -> ErrorData:
    """Anything that was raised as data; what is not ours becomes `BUG`, keeping its message."""
    if isinstance(raised, OffstageError):
        return error_data(raised.code, raised.message, raised.hint)
    return error_data("BUG", str(raised) or type(raised).__name__)
