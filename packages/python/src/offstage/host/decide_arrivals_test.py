from __future__ import annotations

from offstage.host import GoingRun, decide_arrivals
from offstage.testing.vectors import vectors


def test_whose_turn_it_is_is_what_typescript_says() -> None:
    met: set[str] = set()
    for case in (one for one in vectors("triggers") if one["kind"] == "turns"):
        going = [GoingRun(run["runId"], run["workflow"], run["key"]) for run in case["going"]]
        decided = decide_arrivals(case["waiting"], going, case["now"])
        assert [one["id"] for one in decided.start] == case["start"], case
        assert [[one["id"], why] for one, why in decided.drop] == case["drop"], case
        assert decided.replace == case["replace"], case
        met.update(why.split("run ")[0] for _, why in decided.drop)
        met.update("replaced" for _ in decided.replace)
    assert len(met) == 6
