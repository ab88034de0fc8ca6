import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from offstage.base import OffstageError, UnsafeInteger, stringify_exact
from offstage.calls import CallError, Calls, CallsOptions, CallValue, LockGuard, hash_tool, parse_lock
from offstage.testing.worlds import MemoryBlobs, RealClock, faulty, reading, world, writing

Tool = Mapping[str, Any]


@dataclass
class Listing:
    tools: Sequence[Tool]


def lock_text(tools: Sequence[Tool], server: str = "shop", **more: Any) -> str:
    pinned = {
        tool["name"]: {
            "hash": hash_tool(tool),
            "classes": [{"rule": None, "effect": "read", "from": "profile"}],
            "definition": tool,
        }
        for tool in tools
    }
    return stringify_exact(
        {
            "version": 1,
            "servers": {
                server: {
                    "source": "x",
                    "info": {"name": "x", "version": "1"},
                    "protocol": {"era": "legacy", "revision": "2025-11-25"},
                    "tools": pinned,
                    **more,
                }
            },
        }
    )


def test_whatever_a_server_says_of_a_tool_is_in_its_hash() -> None:
    tool: dict[str, Any] = {
        "name": "a",
        "inputSchema": {"type": "object", "maximum": UnsafeInteger("18446744073709551615")},
        "x": ["\ud800", 1, True],
    }
    same = {
        "x": ["\ud800", 1, True],
        "inputSchema": {"maximum": UnsafeInteger("18446744073709551615"), "type": "object"},
        "name": "a",
    }
    assert hash_tool(tool) == hash_tool(same)
    others: list[Any] = [
        {**tool, "x": ["\ud801", 1, True]},
        {**tool, "x": ["\ud800", 1, 1]},
        {**tool, "_meta": {}},
        {**tool, "inputSchema": {"type": "object", "maximum": 1}},
    ]
    assert len({hash_tool(one) for one in [tool, *others]}) == 5


def test_a_tool_that_is_not_as_it_was_pinned_is_told_once() -> None:
    before: list[Tool] = [
        {"name": "get", "annotations": {"readOnlyHint": True}},
        {"name": "set", "description": "Sets."},
        {"name": "old"},
    ]
    lock = parse_lock(lock_text(before))
    assert lock.servers["shop"].tools["get"].classes == [(None, "read")] and lock.servers["shop"].era == "legacy"
    told: list[str] = []
    now: list[Tool] = [before[0], {"name": "set", "description": "Sets all."}, {"name": "new"}]

    async def catalogue(_server: str, _at_most_ms: float | None) -> Listing:
        return Listing(now)

    async def main() -> None:
        guard = LockGuard(lock, catalogue, lambda server, tool: told.append(f"{server}.{tool}"))
        # Nothing was read yet: what is pinned is all that is known.
        assert guard.fault("shop", "set") is None
        assert await guard.connect("shop") is None
        assert guard.changed_tools() == ["shop.set", "shop.old"]
        faults = {tool: guard.fault("shop", tool) for tool in ("get", "set", "old", "new")}
        assert faults["get"] is None
        assert {tool: fault["code"] for tool, fault in faults.items() if fault is not None} == {
            "set": "TOOL_CHANGED",
            "old": "TOOL_CHANGED",
            "new": "NOT_LOCKED",
        }
        assert guard.fault("shop", "set") == {
            "code": "TOOL_CHANGED",
            "message": 'The tool shop.set is not the one that was locked: tool changed its description from "Sets." to "Sets all.".',
            "hint": "Review it with `offstage lock --check`; `offstage lock --accept shop.set` accepts it.",
        }
        assert told == ["shop.set", "shop.old"]
        assert (
            guard.trusted_read("shop", "get"),
            guard.trusted_read("shop", "set"),
            guard.trusted_read("x", "get"),
        ) == (True, False, False)
        nowhere = guard.fault("nowhere", "get")
        assert nowhere is not None and nowhere["code"] == "NOT_LOCKED"

    asyncio.run(main())


def test_why_a_server_cannot_be_reached_is_an_answer() -> None:
    async def catalogue(_server: str, _at_most_ms: float | None) -> Listing:
        raise OffstageError("SERVER_EXITED", "gone")

    fault = asyncio.run(LockGuard(parse_lock(lock_text([{"name": "a"}])), catalogue).connect("shop"))
    assert fault is not None and fault["code"] == "SERVER_EXITED"


def test_a_changed_tool_stops_writes_and_hinted_reads_and_an_unlocked_one_every_call() -> None:
    async def main() -> None:
        async with world([faulty("shop")]) as shop:
            tools = [dict(tool) for tool in (await shop.pool.catalogue("shop")).tools]
            pinned = [
                {**tool, "description": "Another one."} if tool["name"] == "counted" else tool
                for tool in tools
                if tool["name"] != "echo"
            ]
            guard = LockGuard(parse_lock(lock_text(pinned)), shop.pool.catalogue)
            assert await guard.connect("shop") is None
            calls = Calls(
                CallsOptions(
                    sessions=shop.pool.session,
                    rules=shop.rules,
                    redactor=shop.redactor,
                    clock=RealClock(),
                    timeout_ms=lambda _: 20_000,
                    blobs=MemoryBlobs(),
                    lock_fault=guard.fault,
                )
            )
            for rule, tool, code in (
                (writing(), "counted", "TOOL_CHANGED"),
                (replace(reading(), is_hinted=True), "counted", "TOOL_CHANGED"),
                (reading(), "echo", "NOT_LOCKED"),
            ):
                shop.rules.now = rule
                outcome = await calls.call("shop", tool, {})
                assert isinstance(outcome, CallError) and (outcome.error["code"], outcome.refused) == (code, True)
            shop.rules.now = reading()
            assert await calls.call("shop", "counted", {}) == CallValue(value={"calls": 1})

    asyncio.run(main())


SPOILT: list[tuple[str, str]] = [
    ('"version":1', '"version":2'),
    ("Sets.", "Sets!"),
    ('"effect":"read"', '"effect":"perhaps"'),
    ('"servers"', '"service"'),
    ("{", ""),
]


@pytest.mark.parametrize(("what", "instead"), SPOILT)
def test_a_lock_that_was_edited_by_hand_is_refused(what: str, instead: str) -> None:
    text = lock_text([{"name": "set", "description": "Sets."}])
    with pytest.raises(OffstageError) as raised:
        parse_lock(text.replace(what, instead, 1))
    assert raised.value.code == "LOCK_INVALID"
