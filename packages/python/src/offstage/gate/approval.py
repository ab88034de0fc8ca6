"""What takes a person's permission."""

from __future__ import annotations

from math import floor

from offstage.gate.context import GateContext, GateEffect
from offstage.gate.policy_match import Ruling, policy_action
from offstage.gate.rule_name import rule_name
from offstage.model import HeldForApproval, HoldReason, PolicyRule


def needed_approval(effect: GateEffect, context: GateContext, ruling: Ruling | None) -> HoldReason | None:
    """Why a person has to permit an effect, or None. An applied plan is such a permission; a grant is one in a run.

    The rule comes before the defaults; the guard and a restored store come before any rule that merely allows.
    """
    verdict = None if ruling is None else ruling.rule["verdict"]
    if ruling is not None and verdict == "approve":
        asked = ruling.rule
        held: HeldForApproval = {
            "kind": "approval",
            "detail": f"{rule_name(context.policy, ruling)} asks for {_who_is_asked(asked)}",
        }
        if "by" in asked:
            held["by"] = asked["by"]
        if "count" in asked:
            held["count"] = asked["count"]
        return held
    if ruling is not None and verdict == "deny":
        return _asks(f"{rule_name(context.policy, ruling)} may deny it: what it speaks of is not known yet")
    if context.forgotten:
        return _asks(
            "the store was restored from a backup, or is new where there was another: whether this happened already is not known (`offstage resolve`)"
        )
    action = policy_action(effect.request["identity"])
    if action in ("update", "release"):
        guard, (made, bindings) = context.policy["guard"], context.changes
        most = max(guard["count"], guard["share"] * bindings)
        if made + 1 > most:
            return {
                "kind": "guard",
                "detail": f"more than {floor(most)} updates and releases in one run ({bindings} bindings)",
            }
    if verdict == "allow":
        return None
    if action == "adopt":
        return _asks("it takes over something that Offstage did not make")
    if action == "recreate":
        return _asks("what was made before is gone or was released: this makes another")
    return None


def _asks(detail: str) -> HeldForApproval:
    return {"kind": "approval", "detail": detail}


def _who_is_asked(rule: PolicyRule) -> str:
    count = rule.get("count", 1)
    if count > 1:
        return f"{count} people of {', '.join(rule['by'])}" if "by" in rule else f"{count} people"
    return " or ".join(rule["by"]) if "by" in rule else "a person"
