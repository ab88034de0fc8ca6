"""What a policy says of an effect."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from offstage.gate.argument_match import match_arguments
from offstage.gate.match import Match
from offstage.gate.matches_glob import matches_glob
from offstage.gate.time_window import is_within
from offstage.model import EffectIdentity, EffectRequest, Policy, PolicyAction, PolicyRule


class Ruling(NamedTuple):
    """What a policy says of an effect. `sure` is false where it could not be told whether the rule matches, so that the strictest of what is possible holds."""

    rule: PolicyRule
    sure: bool


def policy_action(identity: EffectIdentity) -> PolicyAction:
    """The policy's word for what a request does: `recreate` is a create of any generation after the first, `call` a write outside records."""
    if identity["kind"] == "start":
        return "start"
    if identity["kind"] != "record":
        return "call"
    return "recreate" if identity["action"] == "create" and identity["generation"] > 1 else identity["action"]


def match_policy(policy: Policy, workflow: str, request: EffectRequest, now: int) -> Ruling | None:
    """What the first rule that matches an effect says, or None. Where it cannot be told whether a rule matches, both are looked at, and the strictest holds.

    A write in a called workflow is one of that workflow and of the run's: of what each of them meets the strictest holds too, so that
    calling a workflow never gets around what is said of it.
    """
    names = [workflow, *request.get("within", [])]
    return _strictest([_strictest(_possible(policy, name, request, now)) for name in names])


def _strictness(ruling: Ruling | None) -> float:
    """What no rule speaks of is done up to the limits; an explicit `allow` permits more than that."""
    if ruling is None:
        return 1
    rule = ruling.rule
    match rule["verdict"]:
        case "allow":
            return 0
        case "approve":
            # Of two that ask for somebody, the one that asks for more people, or for certain ones.
            return 2 + rule.get("count", 1) + (0.5 if "by" in rule else 0)
        case "wait":
            return 100
        case "deny":
            return 101


def _strictest(rulings: Iterable[Ruling | None]) -> Ruling | None:
    return max(rulings, key=_strictness)


def _possible(policy: Policy, workflow: str, request: EffectRequest, now: int) -> list[Ruling | None]:
    """What the first rule that matches may say; more than one where that cannot be told. Never empty."""
    rulings: list[Ruling | None] = []
    for rule in policy["rules"]:
        match = _matches(rule, workflow, request, now)
        if match != "no":
            rulings.append(Ruling(rule, match == "yes" and not rulings))
        if match == "yes":
            return rulings
    return [*rulings, None]


def _matches(rule: PolicyRule, workflow: str, request: EffectRequest, now: int) -> Match:
    identity, call = request["identity"], request["call"]
    named = (
        _matches_name(rule.get("workflow"), workflow)
        and _matches_name(rule.get("server"), request["server"] if call is None else call["server"])
        and _matches_name(rule.get("tool"), None if call is None else call["tool"])
        and _matches_name(rule.get("record"), identity["record"] if identity["kind"] == "record" else None)
        and _matches_action(rule, policy_action(identity))
    )
    if not named or not _is_time(rule, now):
        return "no"
    return match_arguments(rule["args"], request["args"]["value"]) if "args" in rule else "yes"


def _is_time(rule: PolicyRule, now: int) -> bool:
    inside = "when" not in rule or is_within(rule["when"], now)
    return inside and ("outside" not in rule or not is_within(rule["outside"], now))


def _matches_action(rule: PolicyRule, action: PolicyAction) -> bool:
    """A `create` rule speaks of recreating too, except to allow it: that takes the word `recreate` or no word at all."""
    if "action" not in rule or rule["action"] == action:
        return True
    return rule["action"] == "create" and action == "recreate" and rule["verdict"] != "allow"


def _matches_name(pattern: str | None, name: str | None) -> bool:
    return pattern is None or (name is not None and matches_glob(pattern, name))
