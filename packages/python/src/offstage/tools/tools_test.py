"""What TypeScript says of tools that changed, and the lock that it writes, by vectors made in the same run."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from offstage.base import parse_exact
from offstage.calls import parse_lock
from offstage.testing.vectors import vectors
from offstage.tools import WarnedServer, all_warnings, compare_definitions, print_sorted, tool_changed, words_change


def _given(vector: dict[str, Any]) -> Any:
    if vector["of"] == "words":
        return words_change("description", vector["before"], vector["now"])
    if vector["of"] == "lock":
        return print_sorted(parse_exact(vector["gives"]))
    if vector["of"] == "warnings":
        servers = [WarnedServer(one["server"], one["tools"], one["instructions"]) for one in vector["servers"]]
        return [asdict(one) for one in all_warnings(servers)]
    before, now = (parse_exact(vector[name]) for name in ("before", "now"))
    return [asdict(one) for one in compare_definitions(before, now)]  # pyright: ignore[reportArgumentType]


def test_what_changed_is_told_in_the_words_of_typescript_and_the_lock_is_written_in_its_bytes() -> None:
    some = vectors("lock")
    assert {vector["of"] for vector in some} == {"compare", "lock", "warnings", "words"}
    for vector in some:
        assert _given(vector) == vector["gives"], vector
        if vector["of"] == "lock":
            # The hashes in it are those that Python makes.
            parse_lock(vector["gives"])


def test_a_changed_tool_is_told_what_breaks_first_and_how_it_is_accepted() -> None:
    before = {"name": "get", "description": "Gets.", "inputSchema": {"type": "object"}}
    now = {**before, "description": "Gets\u202e all.", "inputSchema": {"type": "object", "required": ["id"]}}
    assert tool_changed("shop", "get", before, now) == {
        "code": "TOOL_CHANGED",
        "message": 'The tool shop.get is not the one that was locked: argument id became required; tool changed its description from "Gets." to "Gets\\u202e all.".',
        "hint": "Review it with `offstage lock --check`; `offstage lock --accept shop.get` accepts it.",
    }
    gone = tool_changed("shop", "g;t", before, None)
    assert gone["message"] == "The tool shop.g;t is in offstage.lock, but the server no longer has it."
    assert "`offstage lock --accept` accepts it" in gone.get("hint", "")
