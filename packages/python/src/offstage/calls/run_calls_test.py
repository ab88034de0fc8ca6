import asyncio

from offstage.base import OffstageError
from offstage.calls import RunCalls
from offstage.testing.worlds import RealClock, faulty, reading, says, world, writing


def test_runs_get_plain_answers() -> None:
    async def main() -> None:
        async with world([faulty("shop")]) as shop:
            calls = RunCalls(shop.calls)
            soon = RealClock().now() + 20_000
            assert await calls.call("shop", "structured", {}, soon) == {"kind": "value", "value": {"count": 3}}
            failed = await calls.call("shop", "is_error", {}, soon)
            assert failed == {
                "kind": "error",
                "error": {"code": "TOOL_ERROR", "message": "shop.is_error answered with an error: It is wrong."},
                "refused": False,
            }
            late = await calls.call("shop", "structured", {}, 0)
            assert late["kind"] == "error" and (late["error"]["code"], late["refused"]) == ("DEADLINE_PASSED", True)
            shop.rules.now = writing(result=_raise)
            assert (await calls.call("shop", "structured", {}, soon))["kind"] == "unreadable"
            shop.rules.now = reading(gone=says("It is wrong"))
            assert await calls.read("read#1", "shop", "json_text", {}) == {
                "kind": "value",
                "value": {"items": [{"id": 1, "token": "t-1"}, {"id": 2}]},
                "gone": False,
            }
            gone = await calls.read("read#2", "shop", "is_error", {})
            assert gone["kind"] == "error" and gone["gone"] is True
            offer = await calls.read_offer("read#3", "shop", {"kind": "prompt", "name": "p", "args": {}})
            assert offer["kind"] == "error" and offer["error"]["code"] == "READ_FAILED"

    asyncio.run(main())


def test_an_answer_may_be_nested_as_deeply_as_documented_and_one_that_is_deeper_is_told_at_once() -> None:
    async def main() -> None:
        async with world([faulty("shop")]) as shop:
            calls = RunCalls(shop.calls)
            shop.rules.now = writing()
            began = RealClock().now()
            deep = await calls.call("shop", "deep_enough", {}, began + 20_000)
            assert deep["kind"] == "value"
            lost = await calls.call("shop", "bottomless", {}, began + 20_000)
            assert lost["kind"] == "error" and lost["refused"] is False
            assert "the answer cannot be read: The JSON nests more than 256 levels" in lost["error"]["message"]
            assert RealClock().now() < began + 10_000

    asyncio.run(main())


def _raise(_: object) -> object:
    raise OffstageError("CAPTURE_NOT_FOUND", "nothing")
