"""What a plan permits."""

from __future__ import annotations

from offstage.gate.context import GateEffect
from offstage.gate.known_hash import known_hash
from offstage.model import PlannedEffect


def plan_mismatch(effect: GateEffect, planned: PlannedEffect | None) -> str | None:
    """Why the plan that is applied does not permit an effect, or None when it does: same identity, server, tool and target, and the same arguments wherever the plan knew them.

    What the plan did not know comes from the same held effects: both come from the same place of the same program over the same journal.
    """
    if planned is None or planned["id"] != effect.id:
        return "the plan does not have it"
    if not planned["identityKnown"]:
        return "the plan did not know its identity"
    request = effect.request
    call = request["call"]
    server, tool = (request["server"], None) if call is None else (call["server"], call["tool"])
    if planned["tool"] != tool or planned["server"] != server:
        return "the plan has another tool for it"
    if planned["target"] != effect.target:
        return "the plan was made for another target"
    if known_hash(request["args"], planned["args"]["unknown"]) != planned["knownHash"]:
        return "its arguments differ from the plan's"
    return None
