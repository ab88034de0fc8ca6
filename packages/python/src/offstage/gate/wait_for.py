"""What the policy lets wait."""

from __future__ import annotations

from offstage.base import iso_time
from offstage.gate.context import GateContext
from offstage.gate.policy_match import Ruling
from offstage.gate.rule_name import rule_name
from offstage.gate.time_window import next_change
from offstage.model import HoldReason, PolicyRule


def wait_for(context: GateContext, ruling: Ruling | None) -> HoldReason | None:
    """Why an effect is not made now, and until when; None where the policy does not say that it waits."""
    if ruling is None or ruling.rule["verdict"] != "wait":
        return None
    until = _end_of(ruling.rule, context.now)
    told = "" if until is None else f" until {iso_time(until)}"
    return {"kind": "not-now", "until": until, "detail": f"{rule_name(context.policy, ruling)} lets it wait{told}"}


def _end_of(rule: PolicyRule, now: int) -> int | None:
    """When the rule's time is over at first; it may match again then, by its other field."""
    windows = [window for window in (rule.get("when"), rule.get("outside")) if window is not None]
    ends = [end for end in (next_change(window, now) for window in windows) if end is not None]
    return min(ends, default=None)
