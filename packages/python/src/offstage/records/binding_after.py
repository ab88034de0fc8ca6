"""The binding after a change."""

from __future__ import annotations

from typing import TypedDict

from offstage.base import OffstageError
from offstage.model import Binding
from offstage.records.binding_change import BindingChange, BoundChange


class Visit(TypedDict):
    """What a binding is told about the run that changes it. `target`: of the record's server now."""

    now: int
    runId: str
    workflow: str
    inputsHash: str
    epoch: int
    target: str


def binding_after(binding: Binding | None, change: BindingChange, visit: Visit) -> Binding:
    """Every settled action counts one revision, so that the next one has an identity of its own (A → B → A is three updates); a generation begins with none. Errors: `BUG` when there is nothing to change."""
    if change["kind"] == "bound":
        return _seen(_bound(change, visit), visit)
    if binding is None:
        key = change["key"]
        raise OffstageError("BUG", f"{key['record']} {key['key']} has no binding that could be {change['kind']}.")
    made = binding.copy()
    match change["kind"]:
        case "updated":
            made["revision"] += 1
            made["goneSince"] = None
            made["notConverging"] = change["notConverging"]
        case "reopened":
            made["revision"] += 1
            made["goneSince"] = None
            made["releasedAt"] = None
        case "released":
            made["revision"] += 0 if change["effect"] is None else 1
            made["releasedAt"] = visit["now"]
            return made
        case "seen":
            made["goneSince"] = change["goneSince"]
            if change.get("converged") is True:
                made["notConverging"] = None
    return _seen(made, visit)


def _seen(binding: Binding, visit: Visit) -> Binding:
    binding["lastSeenAt"] = visit["now"]
    binding["lastSeenRun"] = visit["runId"]
    binding["missedSweeps"] = 0
    binding["workflow"] = visit["workflow"]
    binding["inputsHash"] = visit["inputsHash"]
    return binding


def _bound(change: BoundChange, visit: Visit) -> Binding:
    key = change["key"]
    return {
        "scope": key["scope"],
        "record": key["record"],
        "key": key["key"],
        "generation": change["generation"],
        "revision": 1,
        "kept": change["kept"],
        "targetKey": change["targetKey"],
        "adopted": change["adopted"],
        "server": change["server"],
        "target": visit["target"],
        "boundAt": visit["now"],
        "epoch": visit["epoch"],
        "releasedAt": None,
        "goneSince": None,
        "notConverging": None,
        "workflow": "",
        "inputsHash": "",
        "lastSeenAt": 0,
        "lastSeenRun": "",
        "missedSweeps": 0,
    }
