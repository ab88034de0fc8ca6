"""Whether a value conforms to a JSON Schema, in the words in which TypeScript's library says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator, SchemaError, validators
from jsonschema_specifications import REGISTRY
from referencing.exceptions import Unresolvable

from offstage.base import (
    MAX_SAFE_INTEGER,
    OffstageError,
    UnsafeInteger,
    is_fields,
    is_items,
    normal_number,
    parse_exact,
    stringify_exact,
)
from offstage.regexp import RegexFault
from offstage.schemas.keywords import CHECKS, compiled, in_order

# The last ones: each run reads its schemas anew.
_MOST_KNOWN = 64
_ANY: Any = Draft202012Validator
_LIBRARY: Any = validators
# The library takes the keywords of a schema as they stand; faults are told in one order, whatever stands first.
_Validator: Any = _LIBRARY.create(
    meta_schema=_ANY.META_SCHEMA,
    validators={**_ANY.VALIDATORS, **CHECKS},
    type_checker=_ANY.TYPE_CHECKER,
    id_of=_ANY.ID_OF,
    applicable_validators=in_order,
)


def conformance_faults(schema: Any, value: Any) -> list[str]:
    """What a value breaks of a JSON Schema (2020-12), one phrase a fault: `/0 must be string`. None when it conforms.

    A `format` is not looked at. Errors: `SCHEMA_INVALID` when the schema is none: `schema_fault` says why; `NOT_YET`.
    """
    text = stringify_exact(schema)
    fault = _fault_of(text)
    if fault is not None:
        raise OffstageError("SCHEMA_INVALID", f"This is no JSON Schema that can be used: {fault}.")
    try:
        return [phrase for error in _validator_of(text).iter_errors(_plain(value)) for phrase in _phrases(error)]
    except Unresolvable as error:
        raise OffstageError("SCHEMA_INVALID", f"The JSON Schema refers to what is not there: {error}.") from error


def schema_fault(schema: Any) -> str | None:
    """Why something is no JSON Schema that can be used; None when it is one. What it refers to is looked for when a value is."""
    return _fault_of(stringify_exact(schema))


@lru_cache(_MOST_KNOWN)
def _fault_of(text: str) -> str | None:
    schema = _plain(parse_exact(text))
    try:
        # What a pattern is, the engine of patterns says, and not Python.
        _ANY.check_schema(schema, format_checker=None)
    except SchemaError as error:
        where = "".join(f"/{part}" for part in error.absolute_path)
        return f"{where or 'it'}: {error.message}"
    try:
        keywords = set(_keywords_in(schema))
    except RegexFault as error:
        return str(error)
    if {"unevaluatedProperties", "patternProperties"} <= keywords:
        raise OffstageError(
            "NOT_YET",
            "The Python library does not check a JSON Schema that has both patternProperties and unevaluatedProperties yet.",
            hint="Write additionalProperties instead of unevaluatedProperties.",
        )
    return None


@lru_cache(_MOST_KNOWN)
def _validator_of(text: str) -> Any:
    # Nothing is ever fetched that a schema refers to.
    return _Validator(_plain(parse_exact(text)), registry=REGISTRY)


def _keywords_in(schema: Any) -> Iterator[str]:
    """The names in a schema, of keywords and of properties; its patterns are compiled by the way."""
    if is_items(schema):
        for one in schema:
            yield from _keywords_in(one)
    if not is_fields(schema):
        return
    for name, inner in schema.items():
        yield name
        if name == "pattern" and isinstance(inner, str):
            compiled(inner)
        if name == "patternProperties" and is_fields(inner):
            for source in inner:
                compiled(source)
        yield from _keywords_in(inner)


def _phrases(error: Any) -> Iterator[str]:
    """What led to a fault is told before it."""
    for one in _before(error):
        yield from _phrases(one)
    said = "boolean schema is false" if error.validator is None else error.message
    yield f"{_pointer(error.absolute_path) or 'it'} {said}"


def _before(error: Any) -> Iterable[Any]:
    return error.context or ()


def _pointer(path: Iterable[Any]) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def _plain(value: Any) -> Any:
    """For a schema an integer is one, however long."""
    if isinstance(value, UnsafeInteger):
        return normal_number(float(value.digits or MAX_SAFE_INTEGER))
    if is_items(value):
        return [_plain(one) for one in value]
    return {name: _plain(one) for name, one in value.items()} if is_fields(value) else value
