"""Errors say where in the owner's text they come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from offstage.base import ErrorData
from offstage.engine.caught import offstage_error
from offstage.engine.failure_place import place_of
from offstage.host import Program
from offstage.testing.host_world import CALLED, HostWorld
from offstage.testing.store_places import StoreIn

pytestmark = pytest.mark.anyio

_OWN = """
from offstage.javascript import get, regexp


def told(item):
    return regexp("a").test(get(item, "title"))


"""
_EACH = """
items = await world.list()

async def turn(item):
    if item["id"] == "b":
        {line}

await each(items, turn, key=lambda item: item["id"], on_error="continue")
"""


@pytest.fixture
def world(tmp_path: Path, store_in: StoreIn) -> HostWorld:
    return HostWorld(tmp_path, store_in)


def _line_of(program: Program, text: str) -> str:
    name = program.workflow.body.__module__
    code = program.workflow.body.__code__
    lines = Path(code.co_filename).read_text().splitlines()
    found = [number for number, line in enumerate(lines, 1) if text in line]
    assert len(found) == 1
    return f"{name.replace('.', '/')}.py:{found[0]}"


async def _ended(world: HostWorld, program: Program) -> list[tuple[str, ErrorData]]:
    async with world.host(program) as host:
        run = await host.start(program, inputs={}, event=CALLED)
    ends = [(one["step"], one["error"]) for one in run["failures"]]
    return ends if run["error"] is None else [*ends, ("", run["error"])]


@pytest.mark.parametrize(
    ("line", "place", "message"),
    [
        ('item["id"].title.lower_()', "lower_", "AttributeError: 'builtin_function_or_method' object"),
        ('log(get(item, "title").strip())', "strip", "Cannot read strip of undefined."),
        ('log({"x": 1}["y"])', '["y"]', "There is no member y."),
        ("told(item)", 'regexp("a")', "There is undefined where another value is needed."),
    ],
)
async def test_pythons_own_errors_are_told_in_words_with_the_line_of_the_text(
    world: HostWorld, line: str, place: str, message: str
) -> None:
    program = world.tell(_EACH.format(line=line), top=_OWN)
    ((step, error),) = await _ended(world, program)
    assert (step, error["code"], error.get("at")) == ("each#1[b]", "TYPE_ERROR", _line_of(program, place))
    assert error["message"].startswith(message)
    assert "step" not in error


async def test_the_error_of_a_step_names_the_step_and_the_line_where_it_is_called(world: HostWorld) -> None:
    program = world.tell()
    world.calls.broken = True
    ((_, error),) = await _ended(world, program)
    assert (error["code"], error.get("step"), error.get("at")) == (
        "TOOL_ERROR",
        "world.list#1",
        _line_of(program, "await world.list()"),
    )


async def test_a_line_is_that_of_the_text_where_an_item_ends_its_loop_too(world: HostWorld) -> None:
    program = world.tell(
        _EACH.format(line='raise fail("no")').replace(', on_error="continue"', ""), top="from offstage import fail\n"
    )
    ((_, error),) = await _ended(world, program)
    assert (error["code"], error.get("at")) == ("FAILED", _line_of(program, "raise fail"))


def test_what_no_workflow_raised_has_no_place() -> None:
    try:
        raise KeyError("x")
    except KeyError as error:
        assert place_of(offstage_error(error).__traceback__) is None
