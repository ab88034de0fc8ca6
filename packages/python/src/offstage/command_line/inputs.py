"""Inputs as they are given on the command line."""

from __future__ import annotations

from collections.abc import Sequence

from offstage.base import JsonObject, OffstageError, UnsafeInteger, is_fields, is_items, parse_exact
from offstage.command_line.command_io import usage
from offstage.host import Program


def parse_inputs(given: Sequence[str], program: Program) -> JsonObject:
    """`name=value` pairs. Where the workflow wants a text, the value is one as it stands; else it is JSON, and a text where it is none.

    Whether the workflow allows it is looked at when the run is asked for. Errors: `USAGE`.
    """
    return dict(_parse(pair, program) for pair in given)


def _parse(pair: str, program: Program) -> tuple[str, object]:
    name, equals, text = pair.partition("=")
    if equals == "" or name == "":
        raise usage(f'--input {pair} has no "=".', "Write --input name=value.")
    callee = program.workflow.callee()
    names = list(dict.fromkeys([*callee.inputs, *callee.schemas]))
    if name not in names:
        raise usage(f"The workflow has no input called {name}.", f"It has: {', '.join(names) or 'none'}.")
    schema = callee.schemas.get(name)
    wants_text = isinstance(callee.inputs.get(name), str) if schema is None else schema.get("type") == "string"
    return name, text if wants_text else _value_of(name, text)


def _value_of(name: str, text: str) -> object:
    try:
        value = parse_exact(text)
    except OffstageError as error:
        if error.code == "VALUE_INVALID":
            return text
        raise
    if _holds_long_integer(value):
        raise usage(
            f"The input {name} holds an integer beyond 2^53-1.",
            "It would be rounded. Let the workflow take it as a text.",
        )
    return value


def _holds_long_integer(value: object) -> bool:
    if is_fields(value):
        return any(_holds_long_integer(one) for one in value.values())
    return isinstance(value, UnsafeInteger) or (is_items(value) and any(_holds_long_integer(one) for one in value))
