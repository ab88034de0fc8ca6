from __future__ import annotations

from dataclasses import asdict
from typing import Any

from offstage.base import OffstageError
from offstage.records import (
    NO_FACTS,
    FindFacts,
    ReadFacts,
    RecordAbilities,
    RecordFacts,
    after_miss,
    binding_after,
    facts_after_write,
    missed_by,
    next_ensure,
    next_release,
    proves_absence,
    proves_after_ms,
)
from offstage.testing.vectors import vectors

_VISIT: Any = {"now": 9_000, "runId": "r", "workflow": "w", "inputsHash": "j", "epoch": 2, "target": "t"}


def _facts(given: dict[str, Any]) -> RecordFacts:
    found: Any = given["found"]
    read: Any = given["read"]
    if found not in (None, "unknown"):
        keys = tuple(found["targetKeys"])
        found = FindFacts(target_keys=keys, asked_at=found["askedAt"], proves_after_ms=found["provesAfterMs"])
    if read not in (None, "unknown"):
        read = ReadFacts(gone=read["gone"], asked_at=read["askedAt"], proves_after_ms=read["provesAfterMs"])
    return RecordFacts(found=found, read=read, same=given["same"], updated=given["updated"])


def _says(case: dict[str, Any]) -> Any:
    match case["of"]:
        case "ensure":
            return next_ensure(case["view"], _facts(case["facts"]), RecordAbilities(**case["has"]))
        case "release":
            return next_release(case["view"], _facts(case["facts"]), RecordAbilities(**case["has"]))
        case "after-write":
            return asdict(facts_after_write(_facts(case["facts"]), case["action"]))
        case "binding":
            return binding_after(case["binding"], case["change"], case["visit"])
        case "missed":
            sweep: Any = {
                "workflows": ["leaks", "older"],
                "inputsHash": "i",
                "since": case["since"],
                "counts": case["counts"],
            }
            missed = missed_by(sweep, case["list"], lambda _: case["visited"])
            return [missed, [after_miss(binding, case["since"]) for binding in case["list"]]]
        case _:
            after = proves_after_ms(case["list"])
            return [after, proves_absence(case["entry"], case["askedAt"], after)]


def _expected(case: dict[str, Any]) -> Any:
    if case["of"] == "after-write":
        return asdict(_facts(case["gives"]))
    return [case["gives"], case["after"]] if case["of"] == "missed" else case["gives"]


def test_each_decision_is_that_of_typescript() -> None:
    kinds: set[str] = set()
    for case in vectors("records"):
        gives = _says(case)
        assert gives == _expected(case), case
        if case["of"] in ("ensure", "release"):
            kinds.add(gives["kind"])
    assert kinds >= {"find", "read", "compare", "create", "update", "release", "reopen", "adopt", "settle", "bind"}
    assert kinds >= {"done", "blocked", "hold", "fail"}


def test_what_is_not_bound_cannot_change() -> None:
    change: Any = {"kind": "seen", "key": {"scope": "s", "record": "r", "key": "k"}, "goneSince": None}
    try:
        binding_after(None, change, _VISIT)
    except OffstageError as error:
        assert error.code == "BUG"
    else:
        raise AssertionError("it changed")


def test_nothing_is_observed_at_the_beginning() -> None:
    assert RecordFacts() == NO_FACTS
