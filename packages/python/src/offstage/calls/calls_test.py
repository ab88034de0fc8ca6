import asyncio
import json
import os
import time
from typing import Any

import pytest

from offstage.base import OffstageError, UnsafeInteger
from offstage.calls import CallError, CallLimits, CallOutcome, CallUnreadable, CallValue
from offstage.mcp import stop_all
from offstage.testing.worlds import SECRET, World, faulty, http_server, reading, says, web, world, writing

BIG = UnsafeInteger("9007199254740993")


def text_value(*texts: str) -> Any:
    return {"text": "\n".join(texts), "content": [{"type": "text", "text": text} for text in texts]}


VALUES: dict[str, Any] = {
    "structured": {"count": 3},
    "none_structured": [1],
    "json_text": {"items": [{"id": 1, "token": "t-1"}, {"id": 2}]},
    "markdown": text_value("# Done\n\n**Key**: PROD-1"),
    "two_blocks": text_value("1", "2"),
    "strange": {"text": "x", "content": [{"type": "hologram", "depth": 3}, {"type": "text", "text": "x"}]},
    "no_content": {"text": "", "content": []},
    "big_structured": {"id": BIG, "f": 1.5, "e": 1000, "i": BIG},
    "big_text": {"id": BIG},
    "surrogate": text_value("😀 é"),
}


def code_of(outcome: CallOutcome) -> str:
    assert not isinstance(outcome, CallValue), outcome
    return outcome.error["code"]


def test_results_come_through_as_they_are() -> None:
    async def main() -> None:
        async with world([faulty("shop")]) as shop:
            for tool, value in VALUES.items():
                assert await shop.calls.call("shop", tool, {}) == CallValue(value=value), tool
            sent: Any = {"none": None, "list": [1, {"none": None}], "number": 1.5, "text": "\ud800 é", "empty": {}}
            assert await shop.calls.call("shop", "arguments", sent) == CallValue(value=sent)

    asyncio.run(main())


def test_errors_of_tools_and_of_the_protocol_prove_nothing_unless_a_rule_says_so() -> None:
    async def main() -> None:
        async with world([faulty("shop")]) as shop:
            for tool in ("is_error", "invalid", "broken", "no_result", "deep"):
                outcome = await shop.calls.call("shop", tool, {})
                assert isinstance(outcome, CallError) and (outcome.error["code"], outcome.refused) == (
                    "TOOL_ERROR",
                    False,
                ), tool
            shop.rules.now = writing(refused=says("Invalid arguments"))
            refused = await shop.calls.call("shop", "invalid", {})
            assert isinstance(refused, CallError) and (refused.error["code"], refused.refused) == ("TOOL_FAILED", True)
            shop.rules.now = writing(failed=says("PROD-1"))
            assert code_of(await shop.calls.call("shop", "markdown", {})) == "TOOL_FAILED"
            shop.rules.now = reading(gone=says("It is wrong"))
            gone = await shop.calls.call("shop", "is_error", {})
            assert isinstance(gone, CallError) and (gone.error["code"], gone.gone) == ("READ_FAILED", True)

    asyncio.run(main())


def test_a_result_that_cannot_be_understood_is_done_after_a_write_and_an_error_after_a_read() -> None:
    def result(_: object) -> object:
        raise OffstageError("CAPTURE_NOT_FOUND", "nothing")

    async def main() -> None:
        async with world([faulty("shop")]) as shop:
            shop.rules.now = writing(result=result)
            assert isinstance(await shop.calls.call("shop", "markdown", {}), CallUnreadable)
            shop.rules.now = reading(result=result)
            assert code_of(await shop.calls.call("shop", "markdown", {})) == "READ_FAILED"
            shop.rules.now = reading()
            assert code_of(await shop.calls.call("shop", "huge", {"size": 11 * 1024 * 1024})) == "LIMIT_SIZE"
            shop.rules.now = reading(sensitive=["items[].token"])
            assert await shop.calls.call("shop", "json_text", {}) == CallValue(value={"items": [{"id": 1}, {"id": 2}]})

    asyncio.run(main())


def test_bytes_are_kept_by_their_hash_and_given_back_as_they_were() -> None:
    async def main() -> None:
        async with world([faulty("shop")]) as shop:
            outcome = await shop.calls.call("shop", "image", {})
            assert isinstance(outcome, CallValue)
            name = outcome.value["content"][0]["data"]
            assert shop.blobs.kept == {name.removeprefix("blob:sha256:"): b"\x00\x01\x02\x03"}
            assert await shop.calls.call("shop", "arguments", {"file": name}) == CallValue(value={"file": "AAECAw=="})
            missing = await shop.calls.call("shop", "arguments", {"file": f"blob:sha256:{'0' * 64}"})
            assert isinstance(missing, CallError) and (missing.error["code"], missing.refused) == ("BLOB_MISSING", True)

    asyncio.run(main())


def test_an_integer_that_a_server_gave_cannot_be_given_back() -> None:
    async def main() -> None:
        async with world([faulty("shop")]) as shop:
            outcome = await shop.calls.call("shop", "arguments", {"id": BIG})
            assert isinstance(outcome, CallError) and (outcome.error["code"], outcome.refused) == (
                "UNSAFE_INTEGER",
                True,
            )

    asyncio.run(main())


def test_a_server_that_dies_in_mid_call_leaves_open_what_happened_and_is_started_again_for_the_next_call() -> None:
    async def main() -> None:
        async with world([faulty("shop"), faulty("quits", "--quits"), faulty("garbage", "--garbage")]) as shop:
            assert (await shop.calls.call("shop", "counted", {})) == CallValue(value={"calls": 1})
            dead = await shop.calls.call("shop", "die", {})
            assert isinstance(dead, CallError) and (dead.error["code"], dead.refused) == ("SERVER_EXITED", False)
            # Anew: nothing was asked twice, by nobody.
            assert (await shop.calls.call("shop", "counted", {})) == CallValue(value={"calls": 1})
            for name, code in (("quits", "SERVER_EXITED"), ("garbage", "SERVER_GARBAGE"), ("nobody", "SERVER_UNKNOWN")):
                failed = await shop.calls.call(name, "x", {})
                assert isinstance(failed, CallError) and (failed.error["code"], failed.refused) == (code, True)

    asyncio.run(main())


def test_a_call_that_times_out_may_have_been_made_and_the_server_stays() -> None:
    async def main() -> None:
        async with world([faulty("shop")]) as shop:
            await shop.calls.call("shop", "counted", {})
            begun = time.monotonic()
            late = await shop.calls.call("shop", "late", {"seconds": 1}, CallLimits(timeout_ms=200))
            assert time.monotonic() - begun < 0.9
            assert isinstance(late, CallError) and (late.error["code"], late.refused) == ("SERVER_TIMEOUT", False)
            assert await shop.calls.call("shop", "counted", {}) == CallValue(value={"calls": 2})
            signal_ = asyncio.Event()
            asyncio.get_running_loop().call_later(0.1, signal_.set)
            cancelled = await shop.calls.call("shop", "late", {"seconds": 1}, CallLimits(signal=signal_))
            assert isinstance(cancelled, CallError) and (cancelled.error["code"], cancelled.refused) == (
                "CANCELLED",
                False,
            )

    asyncio.run(main())


def test_nothing_is_sent_after_a_deadline() -> None:
    async def main() -> None:
        async with world([faulty("shop")]) as shop:
            past = CallLimits(deadline_at=time.time() * 1_000 - 1)
            late = await shop.calls.call("shop", "counted", {}, past)
            assert isinstance(late, CallError) and (late.error["code"], late.refused) == ("DEADLINE_PASSED", True)
            assert await shop.calls.call("shop", "counted", {}) == CallValue(value={"calls": 1})

    asyncio.run(main())


def test_calls_begin_one_start_however_many_there_are() -> None:
    async def main() -> None:
        async with world([faulty("shop")]) as shop:
            outcomes = await asyncio.gather(*(shop.calls.call("shop", "pid", {}) for _ in range(20)))
            assert len({json.dumps(one.value) for one in outcomes if isinstance(one, CallValue)}) == 1

    asyncio.run(main())


def test_a_server_gets_of_our_environment_what_its_entry_names_and_ends_with_its_group() -> None:
    async def main() -> int:
        async with world([faulty("shop", env={"OWN": "1"})]) as shop:
            seen = await shop.calls.call("shop", "environment", {})
            assert isinstance(seen, CallValue)
            assert set(seen.value) <= {"PATH", "HOME", "LANG", "OWN", "LC_CTYPE"}
            process = await shop.calls.call("shop", "pid", {})
            assert isinstance(process, CallValue) and process.value["pid"] == process.value["group"] != os.getpgid(0)
            return process.value["pid"]

    pid = asyncio.run(main())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_last_moment_of_a_process_ends_its_servers() -> None:
    async def main() -> None:
        async with world([faulty("shop")]) as shop:
            process = await shop.calls.call("shop", "pid", {})
            assert isinstance(process, CallValue)
            stop_all()
            lost = await shop.calls.call("shop", "late", {"seconds": 5})
            assert code_of(lost) == "SERVER_EXITED"

    asyncio.run(main())


def test_a_question_of_a_server_is_declined_and_then_only_a_rule_can_tell_what_happened() -> None:
    async def main() -> None:
        async with world([faulty("shop")]) as shop:
            asked = await shop.calls.call("shop", "asks", {})
            assert isinstance(asked, CallError) and (asked.error["code"], asked.refused) == ("TOOL_ERROR", False)
            assert '{"action": "decline"}' in asked.error["message"]
            shop.rules.now = reading()
            assert await shop.calls.call("shop", "asks", {}) == CallValue(value={"action": "decline"})

    asyncio.run(main())


def test_a_secret_that_a_server_repeats_stays_here() -> None:
    async def main() -> None:
        async with world([faulty("shop"), faulty("quits", "--quits")]) as shop:
            outcomes = [
                await shop.calls.call("shop", tool, {"text": f"<{SECRET}>"})
                for tool in ("echo", "is_error", "arguments", "say")
            ]
            outcomes.append(await shop.calls.call("quits", "x", {}))
            assert SECRET not in repr([outcomes, shop.log])
            assert "[redacted TOKEN]" in repr(outcomes[0]) and any("[redacted TOKEN]" in line for line in shop.log)

    asyncio.run(main())


HTTP_FAULTS: dict[str, tuple[str, bool]] = {
    "drop": ("SERVER_EXITED", False),
    "drop_in_the_body": ("SERVER_EXITED", False),
    "no_event": ("SERVER_EXITED", False),
    "broken_gateway": ("SERVER_REFUSED", False),
    "who": ("SERVER_REFUSED", True),
    "elsewhere": ("SERVER_REFUSED", False),
    "page": ("SERVER_PROTOCOL", False),
    "invalid": ("TOOL_ERROR", False),
}


def test_over_http_it_is_known_of_a_failed_call_whether_it_was_made_and_none_is_made_twice() -> None:
    async def main(port: int) -> None:
        nobody = web(9, "nobody")
        async with world([web(port), nobody]) as shop:
            for tool, (code, refused) in HTTP_FAULTS.items():
                outcome = await shop.calls.call("web", tool, {})
                assert isinstance(outcome, CallError) and (outcome.error["code"], outcome.refused) == (code, refused), (
                    outcome
                )
            unreachable = await shop.calls.call("nobody", "x", {})
            assert isinstance(unreachable, CallError) and (unreachable.error["code"], unreachable.refused) == (
                "SERVER_UNREACHABLE",
                True,
            )
            times = await shop.calls.call("web", "times", {})
            assert isinstance(times, CallValue) and {times.value[tool] for tool in HTTP_FAULTS} == {1}

    with http_server() as port:
        asyncio.run(main(port))


def test_over_http_integers_are_exact_in_answers_and_in_events() -> None:
    async def main(port: int) -> None:
        async with world([web(port)]) as shop:
            for tool in ("big_json", "big_event", "two_events"):
                assert await shop.calls.call("web", tool, {}) == CallValue(value={"id": BIG, "f": 1.5}), tool
            assert any("working with [redacted TOKEN]" in line for line in shop.log)

    with http_server() as port:
        asyncio.run(main(port))


def test_a_session_that_a_server_forgot_is_begun_anew_for_the_same_call() -> None:
    async def main(port: int) -> None:
        async with world([web(port)]) as shop:
            # The server said of the first that it knows no such session: it did nothing.
            assert await shop.calls.call("web", "lose", {}) == CallValue(value={"times": 2})

    with http_server() as port:
        asyncio.run(main(port))


def test_headers_are_asked_for_at_each_request_and_no_secret_comes_back() -> None:
    keys = ["first-key-1234", SECRET]

    async def main(port: int) -> None:
        async with world([web(port, headers=lambda: {"X-Key": keys[0]})]) as shop:
            first = await shop.calls.call("web", "headers", {})
            keys.pop(0)
            second = await shop.calls.call("web", "headers", {})
            assert isinstance(first, CallValue) and first.value["x-key"] == "first-key-1234"
            assert isinstance(second, CallValue) and second.value["x-key"] == "[redacted TOKEN]"

    with http_server() as port:
        asyncio.run(main(port))


def test_after_it_was_too_much_for_a_server_nobody_asks_before_its_pause_is_over() -> None:
    async def main(port: int, shop: World) -> None:
        await shop.calls.call("web", "structured", {})
        much = await shop.calls.call("web", "too_much", {})
        begun = time.monotonic()
        assert isinstance(much, CallError) and (much.error["code"], much.refused) == ("SERVER_REFUSED", True)
        assert await shop.calls.call("web", "structured", {}) == CallValue(value={"count": 3})
        assert time.monotonic() - begun > 1.9

    async def all_of_it(port: int) -> None:
        async with world([web(port)]) as shop:
            await main(port, shop)

    with http_server() as port:
        asyncio.run(all_of_it(port))
