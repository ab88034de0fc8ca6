"""Which targets are meant."""

from __future__ import annotations

from offstage.records.facts import FindFacts
from offstage.records.record_view import RecordView


def candidates(view: RecordView, found: FindFacts, generation: int) -> list[str]:
    """What `find` gave, each target once, without those that an older generation than `generation` created: they are over, however long a search still shows them."""
    over = set(view["formerTargets"])
    binding = view["binding"]
    if binding is not None and binding["generation"] < generation and not binding["adopted"]:
        over.add(binding["targetKey"])
    return [key for key in dict.fromkeys(found.target_keys) if key not in over]


def lives_elsewhere(view: RecordView) -> str | None:
    """The target that the identity's open effect or binding belongs to, when the server speaks to another one now; else None."""
    for known in (view["open"], view["binding"]):
        if known is not None and known["target"] != view["target"]:
            return known["target"]
    return None
