"""Why an identity cannot go on."""

from __future__ import annotations

from datetime import UTC, datetime

from offstage.base import ErrorData, error_data
from offstage.model import LedgerEntry
from offstage.records.record_view import RecordView


def _name(view: RecordView) -> str:
    return f"{view['key']['record']} {view['key']['key']}"


def ambiguous_record(view: RecordView, count: int) -> ErrorData:
    """`find` gave several targets: which one is meant, only a person can say."""
    return error_data(
        "AMBIGUOUS_RECORD",
        f"{_name(view)}: find() gave {count} targets for this identity.",
        "Make find() narrower, or remove the ones that are not meant.",
    )


def not_converging(view: RecordView) -> ErrorData:
    """An update was made and the target still differs."""
    return error_data(
        "NOT_CONVERGING",
        f"{_name(view)}: it was updated, and same() still says that it differs. It is left alone until the desired arguments change.",
        "same() compares something that update() does not set, or the server changes what it is given.",
    )


def unsettled(view: RecordView, open: LedgerEntry, proves_after: int | None) -> ErrorData:
    """It cannot be known whether the write happened. `proves_after`: how long after its deadline not finding it proves that it did not; None when that never proves anything."""
    identity = open["identity"]
    what = identity["action"] if identity["kind"] == "record" else "write"
    look = f"look at {view['target'] or open['server']}, then tell: offstage resolve {open['id'][:12]}."
    if proves_after is None:
        return error_data(
            "EFFECT_AMBIGUOUS",
            f"{_name(view)}: it is not known whether its {what} happened, and nothing that can be asked tells.",
            f"L{look[1:]} Later runs try again to find out.",
        )
    after = _second_after(open["deadlineAt"] + proves_after)
    return error_data(
        "EFFECT_AMBIGUOUS",
        f"{_name(view)}: it cannot be told yet whether its {what} happened. From {after} on the next run can: what it does not find then did not happen.",
        f"Run it again after that; or, to go on now, {look}",
    )


def _second_after(ms: int) -> str:
    """The first whole second after an instant, as people read it."""
    return datetime.fromtimestamp(ms // 1000 + 1, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def unreadable(view: RecordView) -> ErrorData:
    """The write happened, its result could not be read and `find` does not show it yet."""
    return error_data(
        "RESULT_UNREADABLE",
        f"{_name(view)}: it was written, its result could not be read, and find() does not show it yet.",
        "A later run asks find() again; or tell what was made: offstage resolve.",
    )


def target_changed(view: RecordView, before: str) -> ErrorData:
    """The server speaks to another account or site than the one that this identity lives in."""
    return error_data(
        "TARGET_CHANGED",
        f"{_name(view)} lives in {before}, and the server speaks to {view['target']} now.",
        "Point the server in mcp.json back, or use another store for the other target.",
    )
