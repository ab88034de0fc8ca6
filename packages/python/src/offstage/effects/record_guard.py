"""What keeps two identities from one target."""

from __future__ import annotations

from typing import TypeGuard

from offstage.base import ErrorData, error_data
from offstage.model import Binding, RecordIdentity, RecordKey


def key_of_record(of: Binding | RecordIdentity | RecordKey) -> RecordKey:
    """Which identity it is."""
    return {"scope": of["scope"], "record": of["record"], "key": of["key"]}


def target_taken(key: RecordKey, other: RecordKey) -> ErrorData:
    """Two identities found one target: it belongs to the first."""
    return error_data(
        "AMBIGUOUS_RECORD",
        f"{key['record']} {key['key']}: its target belongs to {other['record']} {other['key']} already.",
        "Make find() tell the two apart, let keep() keep what tells their targets apart, or give both items one identity.",
    )


def not_converging_yet(key: RecordKey) -> ErrorData:
    """This very update was made before and the target still differed."""
    return error_data(
        "NOT_CONVERGING",
        f"{key['record']} {key['key']}: this update was made before and did not take. It is left alone until its arguments change.",
        "same() compares something that update() does not set, or the server changes what it is given.",
    )


def is_taken(other: Binding | None, key: RecordKey) -> TypeGuard[Binding]:
    """True when another identity has the target."""
    return other is not None and other["key"] != key["key"]
