"""The document of a run that was held at its writes."""

from __future__ import annotations

from collections.abc import Sequence

from offstage.base import ErrorData, error_data, hash_json, iso_time
from offstage.host.environment import Environment
from offstage.host.program import Program
from offstage.model import Plan, PlanBasis, PlanCut, PlannedEffect, Policy, Run


def create_plan(
    run: Run,
    *,
    store_id: str,
    effects: list[PlannedEffect],
    unchanged: int,
    cut_short: list[PlanCut],
    basis: PlanBasis,
    policy: Policy,
) -> Plan:
    """What would be written, and what it was made under."""
    plan: Plan = {
        "version": 1,
        "id": run["id"],
        "storeId": store_id,
        "workflow": run["workflow"],
        "createdAt": run["startedAt"],
        "expiresAt": run["startedAt"] + policy["planMaxAgeMs"],
        "basis": basis,
        "effects": effects,
        "unchanged": unchanged,
    }
    if cut_short:
        plan["cutShort"] = cut_short
    return plan


def basis_of(environment: Environment, program: Program, servers: Sequence[str]) -> PlanBasis:
    """What a plan is made under now."""
    return {
        "program": program.hash,
        "classes": environment.classes,
        "profiles": environment.profiles,
        "policy": _hash_policy(environment.policy),
        "targets": {server: environment.target_of(server) for server in servers},
    }


def plan_fault(plan: Plan, basis: PlanBasis, now: int) -> ErrorData | None:
    """Why a plan can no longer be applied. Looked at when apply starts, never when an interrupted apply goes on."""
    if now > plan["expiresAt"]:
        return error_data(
            "PLAN_EXPIRED",
            f"The plan {plan['id']} expired at {iso_time(plan['expiresAt'])}.",
            "Make a new plan; plan.maxAge in settings.json says how long one lasts.",
        )
    changed = _changed_parts(plan["basis"], basis)
    if not changed:
        return None
    return error_data(
        "PLAN_VOID",
        f"Since the plan {plan['id']} was made, this changed: {', '.join(changed)}.",
        "Make a new plan and look at it again.",
    )


def _hash_policy(policy: Policy) -> str:
    """Of what it says, not where it says it."""
    said = {**policy}
    for part in ("rules", "limits"):
        said[part] = [{key: value for key, value in one.items() if key != "place"} for one in policy[part]]
    return hash_json(said)


def _changed_parts(before: PlanBasis, now: PlanBasis) -> list[str]:
    changed: list[str] = []
    if before["program"] != now["program"]:
        changed.append("the workflow")
    if before["classes"] != now["classes"]:
        changed.append("offstage.lock")
    if before["profiles"] != now["profiles"]:
        changed.append("a profile")
    if before["policy"] != now["policy"]:
        changed.append("the policy")
    for server in {**before["targets"], **now["targets"]}:
        was, is_now = before["targets"].get(server), now["targets"].get(server)
        if was != is_now:
            changed.append(f"the target of {server} (was {was or 'absent'}, is {is_now or 'absent'})")
    return changed
