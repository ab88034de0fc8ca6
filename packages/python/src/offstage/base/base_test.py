from __future__ import annotations

import copy
import operator
import struct
from collections.abc import Callable
from typing import Any, cast

import pytest

from offstage.base import (
    Failure,
    Map,
    OffstageError,
    Redactor,
    Set,
    UnsafeInteger,
    Withheld,
    WithheldEnd,
    canonical_json,
    decode_value,
    encode_value,
    format_duration,
    hash_json,
    normal_number,
    number_text,
    parse_duration,
    parse_exact,
    shorten,
    stringify_exact,
    undefined,
)
from offstage.testing.vectors import vectors


def _redact(vector: dict[str, Any]) -> str:
    redactor = Redactor()
    redactor.register(vector["secret"], "KEY")
    return redactor.redact(vector["text"])


def _canonical(vector: dict[str, Any]) -> list[str]:
    value = decode_value(vector["value"])
    return [canonical_json(value), hash_json(value)]


SAYS: dict[str, Callable[[dict[str, Any]], object]] = {
    "canonical": _canonical,
    "number": lambda vector: number_text(normal_number(struct.unpack(">d", bytes.fromhex(vector["bits"]))[0])),
    "exact": lambda vector: stringify_exact(parse_exact(vector["text"])),
    "duration": lambda vector: parse_duration(vector["text"]),
    "format-duration": lambda vector: format_duration(vector["ms"]),
    "shorten": lambda vector: shorten(vector["text"], vector["length"]),
    "redact": _redact,
}


def test_says_what_typescript_says() -> None:
    wrong: list[object] = []
    for vector in vectors("base"):
        if vector["of"] == "codec":
            again = encode_value(decode_value(vector["text"]))
            if again != vector["text"]:
                wrong.append([vector, again])
            continue
        try:
            said = {"gives": SAYS[vector["of"]](vector)}
        except OffstageError as error:
            said = {"throws": error.code}
        if any(vector.get(name) != value for name, value in said.items()):
            wrong.append([vector, said])
    assert wrong[:5] == []


def test_an_error_that_no_workflow_may_handle_passes_its_handlers() -> None:
    with pytest.raises(OffstageError, match="TOOL_CHANGED"):
        try:
            raise OffstageError("TOOL_CHANGED", "It is another one.")
        except Exception:
            pytest.fail("it was caught")


def test_a_failure_is_one_that_it_may_handle() -> None:
    with pytest.raises(Failure) as caught:
        raise OffstageError("READ_FAILED", "Not there.", hint="Look elsewhere.")
    assert (caught.value.code, caught.value.message, caught.value.hint) == (
        "READ_FAILED",
        "Not there.",
        "Look elsewhere.",
    )


def test_keys_of_maps_and_sets_are_ecmascripts() -> None:
    some: Map[object, str] = Map(
        [(1, "number"), (True, "boolean"), ("1", "text"), (float("nan"), "nan"), (-0.0, "zero")]
    )
    assert [some.get(key) for key in (1, 1.0, True, "1", float("nan"), 0)] == [
        "number", "number", "boolean", "text", "nan", "zero",
    ]  # fmt: skip
    assert some.get("absent") is undefined
    one: list[int] = []
    assert len(Set([one, [], one])) == 2


def test_who_edits_a_text_reads_maps_and_sets_as_python_s_own() -> None:
    groups: Map[str, list[int]] = Map([("odd", [1, 3]), ("even", [2])])
    counted: list[tuple[str, int]] = [(name, len(members)) for name, members in groups.items()]
    assert counted == [("odd", 2), ("even", 1)]
    assert (list(groups.keys()), list(groups.values()), len(groups)) == (["odd", "even"], [[1, 3], [2]], 2)
    none: list[int] = groups.get("none", [])
    assert (none, "odd" in groups, "none" in groups) == ([], True, False)
    # The keys are still ECMAScript's, and what it gives when it is gone through.
    assert [True in Map([(1, "a")]), 1.0 in Map([(1, "a")]), True in Set([1]), 1 in Set([1])] == [False, True] * 2
    assert [*groups] == [["odd", [1, 3]], ["even", [2]]]
    with pytest.raises(WithheldEnd):
        groups.get(cast("str", Withheld(("e",))))
    with pytest.raises(WithheldEnd):
        assert Withheld(("e",)) in Set([1])


def test_what_is_added_while_a_map_is_gone_through_is_come_to() -> None:
    some: Map[int, int] = Map([(1, 1)])
    met: list[int] = []
    for key, _ in some:
        met.append(key)
        if key < 3:
            some.set(key + 1, 0)
    assert met == [1, 2, 3]


def test_undefined_is_one_and_stays_one() -> None:
    assert copy.deepcopy(undefined) is undefined
    assert f"{undefined} {undefined!r}" == "undefined undefined"
    assert undefined != "undefined"
    assert not undefined
    assert undefined is not None


@pytest.mark.parametrize("use", [operator.add, operator.sub, operator.lt, operator.le, operator.gt, operator.ge, operator.eq])  # fmt: skip
def test_python_s_own_arithmetic_with_what_is_no_known_number_ends_the_item(use: Callable[..., Any]) -> None:
    unsafe, unknown = UnsafeInteger("9007199254740993"), Withheld(("e",))
    for left, right in ((unsafe, 1), (1, unsafe)):
        with pytest.raises(OffstageError) as raised:
            use(left, right)
        assert raised.value.code == "UNSAFE_INTEGER"
    for left, right in ((unknown, 1), (1, unknown)):
        with pytest.raises(WithheldEnd):
            use(left, right)
