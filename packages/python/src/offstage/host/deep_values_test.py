"""Values of as many levels as the documentation lets them have, all the way through a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from offstage.testing.host_world import CALLED, HostWorld
from offstage.testing.store_places import StoreIn

pytestmark = pytest.mark.anyio

_SENDS = """
async def turn(item):
    made = await once(f"say:{item['id']}", lambda: world.send(text=item["id"], deep=item["deep"]))
    return made["deep"]

async def outer(item):
    return await each([item], turn, key=lambda item: item["id"])

return (await each(await world.list(), outer, key=lambda item: item["id"]))[0][0]
"""


def _nested(levels: int, fields: bool) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"in": value} if fields else [value]
    return value


@pytest.mark.parametrize("fields", [True, False])
async def test_an_argument_and_an_answer_may_be_nested_as_deeply_as_documented(
    tmp_path: Path, store_in: StoreIn, fields: bool
) -> None:
    world = HostWorld(tmp_path, store_in)
    world.calls.items = [{"id": "a", "deep": _nested(250, fields)}]
    world.calls.answer = {"deep": _nested(250, fields)}
    program = world.tell(_SENDS)
    async with world.host(program) as host:
        planned, plan = await host.plan(program, inputs={}, event=CALLED)
        run = await host.apply(plan["id"], program)
        again = await host.start(program, inputs={}, event=CALLED)
    assert (planned["status"], len(plan["effects"])) == ("planned", 1)
    assert (run["status"], again["status"], world.calls.written()) == ("succeeded", "succeeded", ["a"])
    assert again["output"] == run["output"] == _nested(250, fields)


async def test_json_that_is_nested_more_deeply_is_a_limit(tmp_path: Path, store_in: StoreIn) -> None:
    world = HostWorld(tmp_path, store_in)
    body = 'try:\n    parse_json("[" * 300 + "]" * 300)\nexcept Failure:\n    return 1'
    program = world.tell(body, top="from offstage import Failure\nfrom offstage.javascript import parse_json\n")
    async with world.host(program) as host:
        run = await host.start(program, inputs={}, event=CALLED)
    assert run["error"] is not None
    assert (run["status"], run["error"]["code"]) == ("failed", "LIMIT_DEPTH")
