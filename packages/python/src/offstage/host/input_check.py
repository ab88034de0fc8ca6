"""The inputs of a run that is asked for."""

from __future__ import annotations

from typing import Any

from offstage.base import JsonObject, OffstageError
from offstage.engine import inputs_over
from offstage.host.environment import Environment
from offstage.host.program import Program


def checked_inputs(environment: Environment, program: Program, inputs: JsonObject) -> JsonObject:
    """What is given, over the defaults. Errors: `SECRET_IN_INPUT`, before any message shows what was given; `INPUT_INVALID`."""
    refuse_secret_inputs(inputs, environment)
    checked = dict(inputs_over(program.workflow.callee(), inputs, conforms, set()))
    refuse_secret_inputs(checked, environment)
    return checked


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
