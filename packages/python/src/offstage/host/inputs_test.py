from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from offstage.base import OffstageError
from offstage.testing.host_world import CALLED, HostWorld

pytestmark = pytest.mark.anyio

LABELS = """name="tell", inputs={"n": 1, "labels": []}, input_schemas={
    "labels": {"type": "array", "items": {"enum": ["bug", "idea"]}},
    "key": {"type": "string", "pattern": "^(a+)+$"},
}"""
RETURNS = 'return {**context["inputs"]}'


@pytest.fixture
def world(tmp_path: Path) -> HostWorld:
    return HostWorld(tmp_path)


async def test_a_run_gets_what_it_is_given_over_the_defaults_checked_against_default_or_schema_before_anything_is_stored(
    world: HostWorld,
) -> None:
    program = world.tell(RETURNS, options=LABELS)
    async with world.host(program) as host:
        run = await host.start(program, inputs={"key": "a", "labels": ["idea"]}, event=CALLED)
        given = {"n": 1, "key": "a", "labels": ["idea"]}
        assert (run["status"], run["inputs"], run["output"]) == ("succeeded", given, given)
        wrong: list[tuple[Any, str]] = [
            ({"key": "a", "labels": ["bug", "joke"]}, '/1 must be equal to one of the allowed values: "bug", "idea".'),
            ({"key": f"{'a' * 50_000}!"}, 'it must match pattern "^(a+)+$".'),
            ({"key": "a", "n": "1"}, "n of tell is a number, not a text"),
            ({"key": "a", "other": 1}, "tell has no input other"),
            ({}, "tell needs the input key"),
        ]
        for inputs, message in wrong:
            for asked in (host.start, host.plan):
                with pytest.raises(OffstageError) as raised:
                    await asked(program, inputs=inputs, event=CALLED)
                assert (raised.value.code, message in raised.value.message) == ("INPUT_INVALID", True)
        assert len(await world.runs()) == 1


async def test_an_input_that_is_wrong_and_a_secret_is_told_as_the_secret_which_no_message_shows(
    world: HostWorld,
) -> None:
    world.redactor.register("correct-horse", "TOKEN")
    program = world.tell(RETURNS, options=LABELS)
    async with world.host(program) as host:
        with pytest.raises(OffstageError) as raised:
            await host.start(program, inputs={"key": "a", "labels": "correct-horse"}, event=CALLED)
        assert (raised.value.code, "horse" in raised.value.message) == ("SECRET_IN_INPUT", False)


async def test_what_is_given_to_a_workflow_that_is_called_is_checked_too(world: HostWorld) -> None:
    top = f"@workflow({LABELS.replace('tell', 'asked')})\nasync def asked(context: Context) -> object:\n    {RETURNS}\n\n\n"
    for labels, status in (["bug"], "succeeded"), (["joke"], "failed"):
        program = world.tell(f'return await call(asked, {{"key": "a", "labels": {labels}}})', top=top)
        async with world.host(program) as host:
            run = await host.start(program, inputs={}, event=CALLED)
        assert (run["status"], run["error"] and run["error"]["code"]) == (
            status,
            None if status == "succeeded" else "INPUT_INVALID",
        )
