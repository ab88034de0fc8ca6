"""The next step towards one target for one identity (LANGUAGE.md §6)."""

from __future__ import annotations

from offstage.model import Binding
from offstage.records.action import RecordStep
from offstage.records.facts import FindFacts, RecordFacts
from offstage.records.open_effect import next_for_open
from offstage.records.record_error import ambiguous_record, not_converging, target_changed
from offstage.records.record_view import RecordAbilities, RecordView
from offstage.records.targets import candidates, lives_elsewhere


def next_ensure(view: RecordView, facts: RecordFacts, has: RecordAbilities) -> RecordStep:
    """Pure: the same view and facts give the same step, so that an attempt that was interrupted anywhere goes on as the first one would have."""
    elsewhere = lives_elsewhere(view)
    if elsewhere is not None:
        return {"kind": "fail", "error": target_changed(view, elsewhere)}
    if view["open"] is not None:
        return next_for_open(view, view["open"], facts, has)
    binding = view["binding"]
    if binding is None:
        return _begin(view, facts, 1)
    if binding["releasedAt"] is not None:
        return _next_for_released(view, binding, facts, has)
    return _next_for_live(view, binding, facts, has)


def _begin(view: RecordView, facts: RecordFacts, generation: int) -> RecordStep:
    """No target of this generation: find one, else make one."""
    if facts.found is None:
        return {"kind": "find"}
    if facts.found == "unknown":
        return {"kind": "create", "generation": generation, "revision": 0, "certain": False}
    targets = candidates(view, facts.found, generation)
    if not targets:
        return {"kind": "create", "generation": generation, "revision": 0, "certain": True}
    if len(targets) > 1:
        return {"kind": "fail", "error": ambiguous_record(view, len(targets))}
    return {"kind": "adopt", "generation": generation, "revision": 0, "targetKey": targets[0]}


def _next_for_released(view: RecordView, binding: Binding, facts: RecordFacts, has: RecordAbilities) -> RecordStep:
    # An adopted target was only unbound: there is nothing to reopen, and it may be adopted again.
    if not has.reopen or binding["adopted"]:
        return _begin(view, facts, binding["generation"] + 1)
    if has.read and facts.read is None:
        return {"kind": "read"}
    if facts.read is not None and facts.read != "unknown" and facts.read.gone:
        return _next_for_gone(view, binding, facts, facts.read.asked_at)
    return {
        "kind": "reopen",
        "generation": binding["generation"],
        "revision": binding["revision"],
        "certain": True,
    }


def _next_for_live(view: RecordView, binding: Binding, facts: RecordFacts, has: RecordAbilities) -> RecordStep:
    if not has.read:
        return {"kind": "done", "converged": False}
    if facts.read is None:
        return {"kind": "read"}
    if facts.read != "unknown":
        if facts.read.gone:
            return _next_for_gone(view, binding, facts, facts.read.asked_at)
        if has.same and facts.same is None:
            return {"kind": "compare"}
    if not has.same or facts.same is True:
        return {"kind": "done", "converged": has.same}
    if facts.updated:
        if facts.same is False:
            return {"kind": "fail", "error": not_converging(view)}
        return {"kind": "done", "converged": False}
    if not has.update:
        return {"kind": "done", "converged": False}
    return {
        "kind": "update",
        "generation": binding["generation"],
        "revision": binding["revision"],
        "certain": facts.same is False,
    }


def _next_for_gone(view: RecordView, binding: Binding, facts: RecordFacts, gone_at: int) -> RecordStep:
    """The read said gone. That is one witness, and it may err: no permission, another project. The next generation begins only when `find`, asked past its lag after the first witness, finds nothing either."""
    found = facts.found
    if found is None:
        return {"kind": "find"}
    if found == "unknown":
        return _unproven(binding, gone_at, "the read says that it is gone; what find() says is not known yet")
    if binding["targetKey"] in found.target_keys:
        return _unproven(binding, gone_at, "the read says that it is gone, and find() still shows it")
    since = gone_at if binding["goneSince"] is None else binding["goneSince"]
    if _is_second_witness(found, since):
        return _begin(view, facts, binding["generation"] + 1)
    if found.proves_after_ms is None:
        detail = "the read says that it is gone; find() finds nothing, which proves nothing: its profile gives no lag"
    else:
        detail = "the read says that it is gone; find() may lag and is asked again later"
    return _unproven(binding, gone_at, detail)


def _unproven(binding: Binding, gone_at: int, detail: str) -> RecordStep:
    if binding["goneSince"] is None:
        return {"kind": "bind", "change": "seen", "goneSince": gone_at}
    return {"kind": "hold", "generation": binding["generation"] + 1, "why": {"kind": "unproven", "detail": detail}}


def _is_second_witness(found: FindFacts, gone_since: int) -> bool:
    return found.proves_after_ms is not None and found.asked_at >= gone_since + found.proves_after_ms
