"""The next step towards an identity without a live binding."""

from __future__ import annotations

from offstage.records.action import RecordStep
from offstage.records.facts import RecordFacts
from offstage.records.open_effect import next_for_open
from offstage.records.record_error import target_changed
from offstage.records.record_view import RecordAbilities, RecordView
from offstage.records.targets import lives_elsewhere


def next_release(view: RecordView, facts: RecordFacts, has: RecordAbilities) -> RecordStep:
    """An adopted target is only unbound: it was not ours to make."""
    elsewhere = lives_elsewhere(view)
    if elsewhere is not None:
        return {"kind": "fail", "error": target_changed(view, elsewhere)}
    if view["open"] is not None:
        return next_for_open(view, view["open"], facts, has)
    binding = view["binding"]
    if binding is None or binding["releasedAt"] is not None:
        return {"kind": "done", "converged": False}
    if binding["adopted"] or not has.release:
        return {"kind": "bind", "change": "released", "effect": None}
    return {
        "kind": "release",
        "generation": binding["generation"],
        "revision": binding["revision"],
        "certain": True,
    }
