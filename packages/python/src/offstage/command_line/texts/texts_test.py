"""What people read of plans and runs."""

from __future__ import annotations

from typing import Any

from offstage.base import parse_exact
from offstage.command_line.texts.plan_text import PlanStyle, may_change, plan_text
from offstage.command_line.texts.run_text import run_text
from offstage.command_line.texts.words import elapsed, json_lines
from offstage.model import Plan


def plan(*effects: Any, unchanged: int = 0) -> Plan:
    basis: Any = {}
    return {
        "version": 1,
        "id": "p",
        "storeId": "s",
        "workflow": "w",
        "createdAt": 0,
        "expiresAt": 1,
        "basis": basis,
        "effects": [*effects],
        "unchanged": unchanged,
    }


def effect(**more: Any) -> dict[str, Any]:
    return {
        "id": "e1",
        "identity": {"kind": "once", "scope": "w", "key": "k", "window": None},
        "identityKnown": True,
        "step": "once#1",
        "sign": "+",
        "label": "say k",
        "server": "chat",
        "tool": "send",
        "target": "CHAT_URL=https://chat.example",
        "args": {"value": {"text": "hello"}, "unknown": []},
        "knownHash": "",
        "certainty": "sure",
        "undo": None,
        "why": {"kind": "planning"},
        **more,
    }


def test_a_plan_has_a_block_for_each_write_and_its_totals() -> None:
    assert plan_text(plan(effect(), unchanged=2), PlanStyle(width=80)) == (
        "  + say k  chat.send on https://chat.example\n"
        '        text = "hello"\n'
        "      # identity w/once/k\n"
        "\n"
        "Plan: 1 to create, 0 to adopt, 0 to update, 0 to release; 2 already done."
    )


def test_a_plan_that_ends_before_its_run_would_says_where_and_never_that_nothing_changes() -> None:
    cut = plan(unchanged=2)
    cut["cutShort"] = [
        {"step": "each#1[a]", "kind": "write", "after": "say a"},
        {"step": "", "kind": "wait", "after": 'the approval "Close\x1b it?"'},
    ]
    assert plan_text(cut, PlanStyle(width=80)) == (
        "  ? after apply: each#1[a]: what comes after say a is shown by the next plan\n"
        '  ? after apply: what comes after the approval "Close\\u001b it?" is in no plan; an apply holds it, a run makes it\n'
        "\n"
        "No changes are known before that. 2 already as they should be."
    )
    assert (may_change(cut), may_change(plan(effect())), may_change(plan())) == (True, True, False)


def test_what_is_not_known_yet_is_told_as_such_and_what_cannot_be_undone_is_marked() -> None:
    unsure = effect(
        certainty="may", undo="none", args={"value": {"text": None}, "unknown": [{"path": ["text"], "from": ["e0"]}]}
    )
    text = plan_text(plan(unsure), PlanStyle(width=80))
    assert " ?+! say k" in text or "?+! say k" in text
    assert "text = (known after apply)" in text
    assert "! cannot be undone" in text


def test_what_is_known_of_a_value_is_shown_and_a_text_that_says_the_same_is_quoted() -> None:
    value = {
        "to": "(known after apply)",
        "card": {"title": "Wire 10,000 to ACME", "parent": None, "rows": [None, "b"]},
        "body": None,
    }
    unknown = [{"path": path, "from": ["e0"]} for path in (["card", "parent"], ["card", "rows", 0], ["body"])]

    def shown(width: float) -> list[str]:
        text = plan_text(plan(effect(args={"value": value, "unknown": unknown})), PlanStyle(width=width))
        return [line[8:] for line in text.split("\n")[1:-3]]

    assert shown(float("inf")) == [
        'to   = "(known after apply)"',
        'card = {"title":"Wire 10,000 to ACME","parent":(known after apply),"rows":[(known after apply),"b"]}',
        "body = (known after apply)",
    ]
    assert shown(60) == [
        'to   = "(known after apply)"',
        "card = {",
        '  "title": "Wire 10,000 to ACME",',
        '  "parent": (known after apply),',
        '  "rows": [',
        "    (known after apply),",
        '    "b"',
        "  ]",
        "}",
        "body = (known after apply)",
    ]


def test_no_label_looks_like_the_call_beside_it_and_no_blanks_push_a_text_out_of_sight() -> None:
    labels = {
        "once note  desk.find_tickets on sandbox.example (dry run)": '"once note  desk.find_tickets on sandbox.example (dry run)"',
        " a": '" a"',
        "a\u00a0b": '"a\u00a0b"',
        '"a"': '"\\"a\\""',
        "once a\nb": "once a\\nb",
        "greet:r1 – two words": "greet:r1 – two words",
    }
    for label, shown in labels.items():
        head = plan_text(plan(effect(label=label)), PlanStyle(width=80)).split("\n")[0]
        assert head == f"  + {shown}  chat.send on https://chat.example"
    wide = f"Pay.{' ' * 12_000}To ACME."
    value = {f"k{chr(0x3000) * 90}": wide}
    text = plan_text(plan(effect(label=wide, args={"value": value, "unknown": []})), PlanStyle(width=float("inf")))
    assert text.split("\n")[:2] == [
        '  + "Pay. … 12000 spaces … To ACME."  chat.send on https://chat.example',
        '        k … 91 spaces … = "Pay. … 12000 spaces … To ACME."',
    ]


def test_long_arguments_are_cut_to_the_terminal_and_whole_where_all_is_asked_for() -> None:
    long = effect(args={"value": {f"field{at}": "x" * 200 for at in range(40)}, "unknown": []})
    narrow = plan_text(plan(long), PlanStyle(width=60))
    assert max(len(line) for line in narrow.split("\n")[1:26]) <= 60
    assert "… 16 more lines (--full shows all)" in narrow
    assert "…" not in plan_text(plan(long), PlanStyle(width=float("inf")))


def test_integers_of_any_size_are_shown_as_they_are() -> None:
    assert json_lines(parse_exact('{"a": [12345678901234567890, 1.5], "b": {}}')) == [
        "{",
        '  "a": [',
        "    12345678901234567890,",
        "    1.5",
        "  ],",
        '  "b": {}',
        "}",
    ]


def test_durations_are_as_exact_as_people_want_them() -> None:
    assert [elapsed(ms) for ms in (840, 7_700, 59_949, 59_950, 125_000, 3_720_000)] == [
        "840ms",
        "7.7s",
        "59.9s",
        "1m 00s",
        "2m 05s",
        "1h 02m",
    ]


def test_an_error_is_told_with_its_line_and_its_step() -> None:
    ended: Any = {
        "id": "r",
        "status": "failed",
        "phase": "run",
        "startedAt": 0,
        "endedAt": 5,
        "drivenMs": 5,
        "counts": {"calls": 1, "writes": 0, "replayed": 0},
        "output": None,
        "error": {"code": "READ_FAILED", "message": "no", "at": "pkg/workflow.py:7", "step": "world.list#1"},
        "failures": [{"step": "each#1[a]", "error": {"code": "FAILED", "message": "so", "at": "pkg/workflow.py:9"}}],
        "held": [],
        "ambiguous": [],
        "waits": [],
    }
    lines = run_text(ended, [], []).splitlines()
    assert "  at pkg/workflow.py:7, step world.list#1" in lines
    assert "  each#1[a]: FAILED: so (pkg/workflow.py:9)" in lines


def ended(**more: Any) -> Any:
    return {
        "id": "r",
        "status": "pending",
        "phase": "run",
        "startedAt": 0,
        "endedAt": 5,
        "drivenMs": 5,
        "counts": {"calls": 1, "writes": 0, "replayed": 0},
        "output": "told",
        "error": None,
        "failures": [],
        "held": [],
        "ambiguous": [],
        "waits": [],
        **more,
    }


def held(why: str) -> list[dict[str, Any]]:
    return [{"effect": "7f1692cd8043aaaa", "step": "s", "label": "once hello", "why": why, "waits": True}]


def test_what_is_held_and_what_code_returns_behind_it_is_told_as_what_it_is() -> None:
    told = run_text(ended(phase="apply", held=held("not in plan: the plan does not have it")), []).splitlines()
    assert 'Output, as if what is held had been made: "told"' in told
    assert told[-1].startswith("What is not in the plan waits for no person: `offstage plan` shows it")
    waits = run_text(ended(held=held("awaits approval: rule 1")), []).splitlines()
    assert waits[-1] == "What waits for a person: offstage approve"
    assert 'Output: "told"' in run_text(ended(), []).splitlines()
