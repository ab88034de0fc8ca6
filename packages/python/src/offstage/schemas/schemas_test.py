from __future__ import annotations

import time
from typing import Any

import pytest

from offstage.base import OffstageError, UnsafeInteger
from offstage.schemas import conformance_faults, schema_fault
from offstage.testing.vectors import vectors


def test_what_values_break_is_told_as_typescript_tells_it() -> None:
    compared, broken, wrong = 0, 0, list[Any]()
    for vector in vectors("schemas"):
        schema = vector["schema"]
        broken += vector["broken"]
        if (schema_fault(schema) is not None) != vector["broken"]:
            wrong.append((schema, schema_fault(schema)))
        for value, faults in vector.get("cases", ()):
            compared += len(faults) > 0
            if conformance_faults(schema, value) != faults:
                wrong.append((schema, value, conformance_faults(schema, value), faults))
    assert wrong == []
    assert compared > 100 and broken >= 7


def test_an_integer_is_one_however_long() -> None:
    assert conformance_faults({"type": "integer"}, UnsafeInteger("9007199254740993")) == []
    assert conformance_faults({"uniqueItems": True}, [UnsafeInteger("9007199254740993"), UnsafeInteger(None)]) == []


def test_patterns_are_matched_in_linear_time_also_those_of_names() -> None:
    long, began = f"{'a' * 50_000}!", time.monotonic()
    assert conformance_faults({"pattern": "^(a+)+$"}, long) == ['it must match pattern "^(a+)+$"']
    shut = {"patternProperties": {"^(a+)+$": True}, "additionalProperties": False}
    assert conformance_faults(shut, {long: 1}) == [f"it must NOT have additional properties: {long}"]
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        ({"type": "text"}, "SCHEMA_INVALID"),
        ({"$ref": "https://example.com/other.json"}, "SCHEMA_INVALID"),
        ({"$ref": "#/$defs/none"}, "SCHEMA_INVALID"),
        ({"patternProperties": {"a": {}}, "unevaluatedProperties": False}, "NOT_YET"),
    ],
)
def test_what_is_no_schema_or_cannot_be_checked_here_is_told(schema: Any, code: str) -> None:
    with pytest.raises(OffstageError) as raised:
        conformance_faults(schema, {})
    assert raised.value.code == code


def test_what_was_not_looked_at_yet_is_known_through_references_and_alternatives() -> None:
    anything: dict[str, Any] = {}
    schema: Any = {
        "allOf": [{"properties": {"a": anything}}],
        "anyOf": [{"required": ["b"], "properties": {"b": anything}}, True],
        "unevaluatedProperties": False,
    }
    assert conformance_faults(schema, {"a": 1, "b": 2}) == []
    assert conformance_faults(schema, {"a": 1, "c": 2, "d": 3}) == ["it must NOT have unevaluated properties"] * 2
