"""The one gate: every write of every run, and every line of a plan, goes through here (LANGUAGE.md §5)."""

from __future__ import annotations

from offstage.base import ErrorData, error_data
from offstage.gate.approval import needed_approval
from offstage.gate.context import Decision, GateContext, GateEffect
from offstage.gate.day_limits import day_limit
from offstage.gate.plan_match import plan_mismatch
from offstage.gate.policy_match import Ruling, match_policy
from offstage.gate.rule_name import rule_name
from offstage.gate.shown_for import is_shown_for
from offstage.gate.wait_for import wait_for
from offstage.model import ApprovalRequest, HoldReason, count_approvers


def decide(effect: GateEffect, context: GateContext) -> Decision:
    """Pure. Planning permits nothing; applying permits exactly the plan; running permits what the policy allows. Faults refuse in every phase, so that a plan shows what its apply would meet."""
    request = effect.request
    if request["certainty"] != "sure" or not request["identityKnown"]:
        return _hold({"kind": "uncertain"})
    ruling = match_policy(context.policy, context.workflow, request, context.now)
    fault = _find_fault(effect, context, ruling)
    if fault is not None:
        return {"kind": "refuse", "error": fault}
    if request["after"] is not None:
        return _hold({"kind": "after", "effect": request["after"]})
    approval = needed_approval(effect, context, ruling)
    not_now = wait_for(context, ruling)
    denied = _denial_of(effect, context)
    if context.phase == "plan":
        return _hold(denied or not_now or approval or {"kind": "planning"})
    if context.dry_run:
        return _hold({"kind": "dry-run"})
    pause = _paused_by(effect, context)
    if pause is not None:
        return _hold({"kind": "paused", "detail": pause})
    if effect.args_hash is None:
        return _hold({"kind": "uncertain"})
    if not_now is not None:
        return _hold(denied or not_now)
    return _permitted(effect, context, approval, denied)


def _permitted(
    effect: GateEffect, context: GateContext, approval: HoldReason | None, denied: HoldReason | None
) -> Decision:
    if context.phase == "apply":
        mismatch = plan_mismatch(effect, context.planned)
        if mismatch is not None:
            return _hold({"kind": "not-in-plan", "detail": mismatch})
        if denied is not None:
            return _hold(denied)
        # Whoever applies a plan is somebody, need not be who has to be asked, and may have made it.
        if approval is None or not (_asks_whom(approval) or context.policy["approvers"]["fourEyes"]):
            return {"kind": "perform", "grant": None}
    if denied is not None:
        return _hold(denied)
    if approval is None:
        return {"kind": "perform", "grant": None}
    for answer in context.answers:
        if _is_grant(answer, effect, context) and _is_enough(answer, approval, context):
            return {"kind": "perform", "grant": answer["id"]}
    return _hold(approval)


def _hold(why: HoldReason) -> Decision:
    return {"kind": "hold", "why": why}


def _is_grant(answer: ApprovalRequest, effect: GateEffect, context: GateContext) -> bool:
    return (
        answer["status"] == "approved"
        and answer["effect"] == effect.id
        and is_shown_for(answer, effect.request, effect.target)
        and answer["argsHash"] == effect.args_hash
        and answer["expiresAt"] is not None
        and answer["expiresAt"] > context.now
    )


def _asks_whom(approval: HoldReason) -> bool:
    """Whether it is said who has to be asked, or how many."""
    return approval["kind"] == "approval" and ("by" in approval or approval.get("count", 1) > 1)


def _is_enough(answer: ApprovalRequest, approval: HoldReason, context: GateContext) -> bool:
    """Whether those who permitted it are those whom the policy asks for now: it may have become stricter since."""
    if approval["kind"] != "approval" or not _asks_whom(approval):
        return True
    groups = context.policy["approvers"]["groups"]
    return count_approvers(answer["answers"], approval.get("by"), groups) >= approval.get("count", 1)


def _denial_of(effect: GateEffect, context: GateContext) -> HoldReason | None:
    """Who said no to exactly this, whatever asked them. A plan that was made later, and is applied, is a person's newer word."""
    for answer in context.answers:
        exactly = answer["effect"] == effect.id and answer["argsHash"] == effect.args_hash
        newer = context.planned_at is None or (answer["answeredAt"] or 0) >= context.planned_at
        if answer["status"] == "denied" and exactly and newer:
            by = answer["answeredBy"]
            return {"kind": "denied", "detail": f"{'a person' if by is None else by} said no"}
    return None


def _find_fault(effect: GateEffect, context: GateContext, ruling: Ruling | None) -> ErrorData | None:
    request = effect.request
    call, label = request["call"], request["label"]
    if context.known_target is not None and context.known_target != effect.target:
        return error_data(
            "TARGET_CHANGED",
            f"{label} lives in {context.known_target}, and {request['server']} speaks to {effect.target} now.",
            "Point the server in mcp.json back, or use another store for the other target.",
        )
    if context.lock_fault is not None:
        return context.lock_fault
    # What is not known yet is decided about when it is: until then it is held.
    if ruling is not None and ruling.rule["verdict"] == "deny" and (ruling.sure or effect.args_hash is not None):
        called = "" if call is None else f" ({call['server']}.{call['tool']})"
        return error_data(
            "EFFECT_REFUSED",
            f"The policy denies {label}{called}: {rule_name(context.policy, ruling)}.",
            "Change the policy in offstage.yaml, or the workflow.",
        )
    made, limit = context.writes
    if call is not None and limit is not None and made >= limit:
        return error_data(
            "LIMIT_WRITES",
            f"{label} would be write {made + 1} of this run, and limits.writes is {limit}.",
            "Raise limits.writes in the workflow if so many are meant.",
        )
    met = next((one for one in context.today if one.made >= one.limit["perDay"]), None)
    return None if met is None else day_limit(met.limit, label)


def _paused_by(effect: GateEffect, context: GateContext) -> str | None:
    request = effect.request
    call = request["call"]
    names = {"*", f"server:{request['server'] if call is None else call['server']}"}
    for workflow in (context.workflow, context.formerly, *request.get("within", [])):
        if workflow is not None:
            names.add(f"workflow:{workflow}")
    return next((name for name in context.paused if name in names), None)
