from typing import Any

import pytest

from offstage.base import Object, OffstageError
from offstage.calls import OnePage, Rulebook, RuleReply, paging, profile, rule

PROFILE = profile(
    "@acme/shop@1",
    rules={
        "issues": [
            rule(when=lambda a: a["action"] == "get", effect="read", gone=lambda r: "no such" in r["text"]),
            rule(
                when=lambda a: a["action"] == "set",
                effect="write",
                idempotent=lambda a: a.get("reason") is None,
                undo="none",
                affects=["search"],
            ),
            rule(when=lambda a: a["deep"]["er"] == 1, effect="read"),
        ],
        "search": [
            rule(
                effect="read",
                lag="2m",
                sensitive=["items[].token"],
                pages=paging(by="page", param="page", size=["per_page", 50], items=lambda r: r["items"]),
            )
        ],
        "create": [
            rule(
                effect="write",
                result=lambda r, a: {"key": r["text"].split(" ")[1], "of": a["project"]},
                refused=lambda r: r["isError"],
            )
        ],
        "*": [rule(rate={"per_second": 5, "concurrent": 4}, consistent=True, target=lambda: "acme")],
    },
)
BOOK = Rulebook({"shop": PROFILE})


def reply(text: str, data: Any = None, is_error: bool = False) -> RuleReply:
    return RuleReply(text=text, data=data, is_error=is_error)


def test_the_first_rule_that_holds_is_the_rule_and_the_star_fills_what_it_leaves_out() -> None:
    found = BOOK.rule("shop", "issues", {"action": "get"})
    assert (found.effect, found.rate.per_second, found.rate.concurrent) == ("read", 5, 4)
    assert found.gone is not None and found.gone(reply("there is no such issue")) and not found.gone(reply("yes"))
    assert BOOK.classify("shop", "issues", {"action": "set"}) == {
        "effect": "write",
        "idempotent": True,
        "consistent": True,
        "lagMs": None,
        "affects": ["search"],
        "undo": "none",
    }
    assert BOOK.classify("shop", "issues", {"action": "set", "reason": "x"})["idempotent"] is False
    assert BOOK.classify("shop", "search", {})["lagMs"] == 120_000
    assert BOOK.target("shop", "search", {}) == "acme"


def test_a_call_whose_rule_cannot_be_decided_or_that_nobody_knows_is_a_write() -> None:
    undecided = BOOK.classify("shop", "issues", {"action": "other"})
    assert (undecided["effect"], undecided["consistent"], undecided["idempotent"]) == ("write", False, False)
    assert BOOK.classify("shop", "nobody", {})["effect"] == "write"
    assert BOOK.classify("elsewhere", "any", {})["effect"] == "write"

    class Unknown:
        def __eq__(self, other: object) -> bool:
            raise OffstageError("BUG", "it is not known yet")

        __hash__ = None  # pyright: ignore[reportAssignmentType]

    assert BOOK.classify("shop", "issues", {"action": Unknown()})["effect"] == "write"


def test_the_policy_says_more_than_profiles_and_hints_say_least() -> None:
    book = Rulebook(
        {"shop": PROFILE},
        policy_effect=lambda _, tool: "write" if tool == "search" else None,
        trusted_read=lambda _, tool: tool == "look",
    )
    assert book.rule("shop", "search", {}).effect == "write"
    looks = book.rule("shop", "look", {})
    assert (looks.effect, looks.is_hinted) == ("read", True)
    assert book.rule("shop", "create", {"project": "P"}).is_hinted is False


def test_functions_see_the_reply_and_the_arguments_and_what_they_cannot_read_is_told() -> None:
    found = BOOK.rule("shop", "create", {"project": "P"})
    assert found.result is not None and found.refused is not None
    assert found.result(reply("created P-1")) == {"key": "P-1", "of": "P"}
    with pytest.raises(OffstageError) as raised:
        found.result(reply("created"))
    assert raised.value.code == "RESULT_UNREADABLE" and "@acme/shop@1" in raised.value.message
    assert found.refused(reply("", is_error=True)) and not found.refused(reply(""))


def test_pages_by_number_go_on_until_one_is_empty() -> None:
    pages = BOOK.paging("shop", "search", {})
    first = pages.first({"q": "x"})
    assert first == {"q": "x", "page": 1, "per_page": 50}
    assert pages.first({"page": 3, "per_page": 10}) == {"page": 3, "per_page": 10}
    assert pages.next(first, Object(items=[1, 2])) == {"q": "x", "page": 2, "per_page": 50}
    assert pages.next(first, Object(items=[])) is None
    assert (pages.items(Object(items=[1])), pages.more(Object()), pages.max) == ([1], False, None)
    with pytest.raises(TypeError):
        pages.items(Object())


def test_pages_by_cursor_and_by_offset_and_of_tools_that_have_one() -> None:
    book = Rulebook(
        {
            "shop": profile(
                "p@1",
                rules={
                    "cursor": [rule(pages=paging(by="cursor", param="cursor", next=lambda r: r["next"], max=9))],
                    "offset": [
                        rule(
                            pages=paging(
                                by="offset", param="start", next=lambda r: r["going"], items=lambda r: r["items"]
                            )
                        )
                    ],
                    "none": [rule(pages=paging(by="none", more=lambda r: r["more"], items=lambda r: r["items"]))],
                },
            )
        }
    )
    cursor = book.paging("shop", "cursor", {})
    assert [cursor.next({"a": 1}, Object(next=following)) for following in ("c2", "", None)] == [
        {"a": 1, "cursor": "c2"},
        None,
        None,
    ]
    assert (cursor.next({}, Object()), cursor.max) == (None, 9)
    offset = book.paging("shop", "offset", {})
    assert offset.first({}) == {"start": 0}
    assert offset.next({"start": 4}, Object(items=[1, 2], going=True)) == {"start": 6}
    assert offset.next({"start": 4}, Object(items=[1, 2], going=False)) is None
    none = book.paging("shop", "none", {})
    assert (none.first({"a": 1}), none.next({}, Object(items=[1])), none.more(Object(more=True)), none.max) == (
        {"a": 1},
        None,
        True,
        1,
    )
    assert isinstance(book.paging("shop", "other", {}), OnePage)
