from __future__ import annotations

from typing import Any

from offstage.gate import (
    Changes,
    DayCount,
    GateContext,
    GateEffect,
    Writes,
    day_of,
    decide,
    is_shown_for,
    known_hash,
    limits_of,
)
from offstage.testing.vectors import vectors


def _effect(given: dict[str, Any]) -> GateEffect:
    return GateEffect(id=given["id"], request=given["request"], args_hash=given["argsHash"], target=given["target"])


def _context(given: dict[str, Any]) -> GateContext:
    return GateContext(
        phase=given["phase"],
        workflow=given["workflow"],
        formerly=given.get("formerly"),
        now=given["now"],
        policy=given["policy"],
        planned=given["planned"],
        planned_at=given["plannedAt"],
        answers=given["answers"],
        writes=Writes(**given["writes"]),
        today=[DayCount(**one) for one in given["today"]],
        changes=Changes(**given["changes"]),
        dry_run=given["dryRun"],
        paused=given["paused"],
        lock_fault=given["lockFault"],
        known_target=given["knownTarget"],
        forgotten=given["forgotten"],
    )


def test_each_decision_is_that_of_typescript() -> None:
    seen: set[str] = set()
    for case in vectors("gate"):
        effect, context = _effect(case["effect"]), _context(case["context"])
        decision = decide(effect, context)
        assert decision == case["gives"], case
        assert known_hash(effect.request["args"]) == case["known"]
        assert day_of(context.now)._asdict() == case["day"]
        assert [is_shown_for(answer, effect.request, effect.target) for answer in context.answers] == case["shown"]
        names = [context.workflow, *([] if context.formerly is None else [context.formerly])]
        counted = limits_of(context.policy["limits"], names, effect.request["call"])
        assert counted == [one.limit for one in context.today]
        match decision["kind"]:
            case "hold":
                seen.add(f"{context.phase} {decision['why']['kind']}")
            case "refuse":
                seen.add(decision["error"]["code"])
            case "perform":
                seen.add(f"{context.phase} perform {'by grant' if decision['grant'] else ''}".strip())
    assert seen >= {
        "plan planning",
        "apply perform",
        "run perform",
        "run perform by grant",
        "run approval",
        "run guard",
    }
    assert seen >= {"apply not-in-plan", "run paused", "run denied", "run not-now", "run after", "run uncertain"}
    assert seen >= {"run dry-run", "EFFECT_REFUSED", "TARGET_CHANGED", "TOOL_CHANGED", "LIMIT_WRITES"}
    assert "LIMIT_WRITES_PER_DAY" in seen
