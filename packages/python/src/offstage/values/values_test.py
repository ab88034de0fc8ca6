from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import pytest

from offstage import values as v
from offstage.base import Object, OffstageError, UnsafeInteger, decode_value, encode_value, undefined
from offstage.regexp import RegexFault
from offstage.testing.vectors import vectors

# As `COMPARATORS` of values-vectors.ts; not all of them are consistent.
COMPARATORS: dict[str, Callable[[Any, Any], Any]] = {
    "difference": v.subtract,
    "down": lambda a, b: v.subtract(b, a),
    "greater": lambda a, b: 1 if v.greater(a, b) else -1,
    "less": lambda a, b: -1 if v.less(a, b) else 1,
    "halves": lambda a, b: v.floor(a / 2) - v.floor(b / 2),
    "none": lambda a, b: 0,
    "nan": lambda a, b: math.nan,
}


def _sorted_by(items: list[Any], by: str) -> list[Any]:
    return v.to_sorted(items, COMPARATORS[by])


def _separated(whole: Any, by: Any) -> list[Object]:
    return v.parse_csv(whole, separator=by)


def _keyed(operations: list[Any]) -> list[Any]:
    made, members, told = v.new_map(), v.new_set(), list[Any]()
    for act, key, value in operations:
        match act:
            case "set":
                v.set_of(made, key, value)
                v.add(members, key)
            case "delete":
                told.append([v.delete(made, key), v.delete(members, key)])
            case "visit":
                told.append(_visited(made, key, value))
            case _:
                told.append([v.get_of(made, key), v.has(made, key), v.has(members, key)])
    return [told, v.entries_of(made), [*members], v.get(made, "size"), v.keys_of(made), v.values_of(members)]


def _visited(made: Any, key: Any, value: Any) -> list[Any]:
    """What a loop sees of a map that changes meanwhile."""
    seen: list[Any] = []
    for one, _ in made:
        seen.append(one)
        if len(seen) in (1, 2):
            v.delete(made, key)
            v.set_of(made, key if len(seen) == 1 else value, len(seen))
        if len(seen) > 20:
            break
    return seen


SAYS: dict[str, Callable[..., Any]] = {
    "string.at": v.at,
    "string.slice": v.slice_of,
    "string.includes": v.includes,
    "string.startsWith": v.starts_with,
    "string.endsWith": v.ends_with,
    "string.indexOf": v.index_of,
    "string.trim": v.trim,
    "string.trimStart": v.trim_start,
    "string.trimEnd": v.trim_end,
    "string.toUpperCase": v.upper,
    "string.toLowerCase": v.lower,
    "string.split": v.split,
    "string.replace": v.replace,
    "string.replaceAll": v.replace_all,
    "string.padStart": v.pad_start,
    "string.padEnd": v.pad_end,
    "string.repeat": v.repeat,
    "array.at": v.at,
    "array.slice": v.slice_of,
    "array.includes": v.includes,
    "array.indexOf": v.index_of,
    "array.join": v.join,
    "array.flat": v.flat,
    "array.concat": v.concat,
    "array.toReversed": v.to_reversed,
    "array.toSorted": _sorted_by,
    "Math.min": v.minimum,
    "Math.max": v.maximum,
    "Math.floor": v.floor,
    "Math.ceil": v.ceil,
    "Math.round": v.round_half_up,
    "Math.abs": v.absolute,
    "String": v.to_text,
    "Number": v.number,
    "Object.keys": v.object_keys,
    "Object.entries": v.object_entries,
    "Object.fromEntries": v.from_entries,
    "JSON.stringify": v.to_json,
    "JSON.parse": v.parse_json,
    "encodeURIComponent": v.encode_uri_component,
    "+": v.add_of,
    "-": v.subtract,
    "*": v.multiply,
    "/": v.divide,
    "%": v.remainder,
    "<": v.less,
    ">=": v.at_least,
    "===": v.same,
    "map": _keyed,
    "iso": v.iso,
    "time": v.time,
    "duration": v.duration,
    "lines": v.lines,
    "parseCsv": v.parse_csv,
    "parseCsv.separator": _separated,
    "hash": v.hash_of,
    "range": v.range_of,
    "chunk": v.chunk,
    "quote.jql": v.quote.jql,
    "quote.markdown": v.quote.markdown,
    "quote.slack": v.quote.slack,
    "quote.html": v.quote.html,
    "quote.url": v.quote.url,
    "quote.graphql": v.quote.graphql,
    "quote.sql": v.quote.sql,
}


def _count_of(method: Callable[..., Any], *args: Any) -> int:
    return len([method(*args)])


def _says(name: str) -> Callable[..., Any]:
    """`any.slice` is the method of whatever has it; `capture /a/g` names its pattern."""
    if name.startswith("any."):
        method = next(SAYS[key] for key in (f"string.{name[4:]}", f"array.{name[4:]}") if key in SAYS)
        return functools.partial(_count_of, method)
    if not name.startswith("capture"):
        return SAYS[name]
    function, literal = name.split(" ", 1)
    source, flags = literal[1:].rsplit("/", 1)
    # What a run tells of it leaves out what is undefined.
    call: Callable[..., Any] = v.capture if function == "capture" else v.captures

    def told(whole: Any) -> Any:
        return v.to_data(call(whole, v.regexp(source, flags)), "It")

    return told


def _by_pattern(vector: dict[str, Any], whole: str) -> Any:
    if vector["of"] == "regexp.refused":
        return _is_refused(vector["source"], vector["flags"])
    pattern = v.regexp(vector["source"], vector["flags"])
    match vector["of"]:
        case "regexp.test":
            return v.test(pattern, whole)
        case "regexp.split":
            return v.split(whole, pattern)
        case "regexp.replace":
            return v.replace(whole, pattern, vector["with"])
        case _:
            found = v.match(whole, pattern)
            if found is None:
                return None
            return Object(all=[*found], index=v.get(found, "index"), groups=v.get(found, "groups"))


def _is_refused(source: str, flags: str) -> bool:
    try:
        v.regexp(source, flags)
    except RegexFault:
        return True
    return False


def test_means_what_ecmascript_means() -> None:
    wrong: list[object] = []
    for vector in vectors("values"):
        args = decode_value(vector["args"])
        try:
            made = _by_pattern(vector, args[0]) if "source" in vector else _says(vector["of"])(*args)
            said = {"gives": encode_value(made)}
        except OffstageError as error:
            said = {"throws": error.code} | ({"message": error.message} if "message" in vector else {})
        if any(vector.get(name) != value for name, value in said.items()):
            wrong.append([vector, said])
    assert wrong[:10] == []


def test_callbacks_get_what_they_take() -> None:
    assert v.map_list([1, 2], lambda one: one + 1) == [2, 3]
    assert v.map_list(["a", "b"], lambda one, index: f"{one}{index}") == ["a0", "b1"]
    assert v.map_list([1], lambda: 7) == [7]
    assert v.reduce([1, 2, 3], lambda total, one: total + one) == 6
    some: list[Any] = [3, undefined, 1, 2]
    assert v.to_sorted(some, lambda a, b: a - b) == [1, 2, 3, undefined]
    assert v.group_by(["a", "bb", "c"], len).entries() == [[1, ["a", "c"]], [2, ["bb"]]]


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda: v.truthy(1), "TYPE_ERROR"),
        (lambda: v.add_of(1, "a"), "TYPE_ERROR"),
        (lambda: v.text(None), "TYPE_ERROR"),
        (lambda: v.get(None, "a"), "TYPE_ERROR"),
        (lambda: v.push((1,), 2), "TYPE_ERROR"),
        (lambda: v.add_of(True, 1), "TYPE_ERROR"),
        (lambda: v.greater(True, 0), "TYPE_ERROR"),
        (lambda: v.items_of("letters"), "TYPE_ERROR"),
        (lambda: v.items_of({"a": 1}), "TYPE_ERROR"),  # pyright: ignore[reportArgumentType, reportUnknownLambdaType]
        (lambda: v.iterate({"a": 1}), "TYPE_ERROR"),
        (lambda: v.text(UnsafeInteger("9007199254740993")), "UNSAFE_INTEGER"),
        (lambda: v.same(1, UnsafeInteger("9007199254740993")), "UNSAFE_INTEGER"),
        (lambda: v.same(UnsafeInteger("9007199254740993"), UnsafeInteger("9007199254740993")), "UNSAFE_INTEGER"),
        (lambda: v.add_of("é" * (6 << 20), "é" * (6 << 20)), "LIMIT_SIZE"),
        (lambda: v.parse_csv("a😀b", separator="😀"), "TYPE_ERROR"),
        (lambda: v.repeat("a" * 1024, 1024 * 11), "LIMIT_SIZE"),
        (lambda: v.capture("abc", v.regexp("x")), "CAPTURE_NOT_FOUND"),
        (lambda: v.failing("no"), "FAILED"),
    ],
)
def test_refuses_what_the_language_refuses(act: Callable[[], object], code: str) -> None:
    with pytest.raises(OffstageError) as raised:
        act()
    assert raised.value.code == code


def test_a_length_is_a_member_like_others_of_what_is_no_text_and_no_list() -> None:
    assert (v.length("a😀"), v.length([1]), v.length({"length": 7})) == (3, 1, 7)
    assert v.length(Object()) is undefined
    assert v.length(True) is undefined


def test_nothing_is_found_inside_a_character() -> None:
    assert v.test(v.regexp(r"\B"), "aéb") is False
    assert v.replace("é😀", v.regexp(r"\B", "g"), "-") == "-é-\ud83d-\ude00-"


def test_patterns_are_linear() -> None:
    assert v.test(v.regexp("^(a+)+$"), "a" * 50_000 + "b") is False


@pytest.mark.parametrize("part", ["ab,", "éb,", "😀,", "\u2028,"])
def test_many_matches_are_linear(part: str) -> None:
    # Were the text encoded anew for each match, this would take hours.
    assert len(v.split(part * 100_000, v.regexp(",", "m"))) == 100_001


def test_rounds_what_python_has_reckoned_past_what_a_double_tells_apart() -> None:
    beyond = (2**53 - 1) * 3
    for rounded in (v.floor(beyond), v.ceil(beyond), v.round_half_up(beyond), v.absolute(beyond)):
        assert isinstance(rounded, float) and rounded == float(beyond)
    assert isinstance(v.floor(2**53 - 1), int)


@pytest.mark.parametrize("size", [2, 2.0, 1e21])
def test_chunk_takes_any_whole_number(size: float) -> None:
    assert v.chunk([1, 2], size) == [[1, 2]]
