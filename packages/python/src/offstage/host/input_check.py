"""The inputs of a run that is asked for."""

from __future__ import annotations

import re
from typing import Any

from offstage.base import Data, JsonObject, OffstageError, is_fields, is_items
from offstage.engine import inputs_over
from offstage.host.environment import Environment
from offstage.host.program import Program

_HALF = re.compile("[\ud800-\udfff]")


def checked_inputs(environment: Environment, program: Program, inputs: JsonObject) -> JsonObject:
    """What is given, over the defaults. Errors: `SECRET_IN_INPUT`, before any message shows what was given; `INPUT_INVALID`."""
    refuse_secret_inputs(inputs, environment)
    checked = dict(inputs_over(program.workflow.callee(), inputs, conforms, set()))
    refuse_secret_inputs(checked, environment)
    _refuse_broken_texts(checked)
    return checked


def _refuse_broken_texts(inputs: JsonObject) -> None:
    """What is asked for is kept with a run under its hash, which has no form for half of a surrogate pair: such a run could not be driven."""
    broken = [name for name, value in inputs.items() if not _is_whole(value)]
    if broken:
        raise OffstageError(
            "INPUT_INVALID",
            f"The input {', '.join(broken)} holds half of a surrogate pair, which is no character.",
            hint="Give it as whole characters, in UTF-8.",
        )


def _is_whole(value: Data) -> bool:
    if isinstance(value, str):
        return value.isascii() or _HALF.search(value) is None
    if is_fields(value):
        return all(_is_whole(name) and _is_whole(member) for name, member in value.items())
    return all(_is_whole(item) for item in value) if is_items(value) else True


def conforms(schema: Any, value: Any) -> list[str]:
    """What a value breaks of a JSON Schema. What knows these is large: only a program that has some loads it."""
    from offstage.schemas import conformance_faults

    return conformance_faults(schema, value)


def refuse_secret_inputs(inputs: JsonObject, environment: Environment) -> None:
    """Inputs are kept with the run, shown, and passed on to servers; a secret is none of that. Raises `SECRET_IN_INPUT`, naming the inputs, before anything is stored."""
    secret = [name for name, value in inputs.items() if environment.redactor.redact_data(value) is not value]
    if secret:
        raise OffstageError(
            "SECRET_IN_INPUT",
            f"The input {', '.join(secret)} holds a secret of this project.",
            hint="Inputs are stored and shown. Give the secret to the server, in mcp.json as ${env:NAME} or ${file:path}; if it is no secret, list its variable under plain in settings.json.",
        )
