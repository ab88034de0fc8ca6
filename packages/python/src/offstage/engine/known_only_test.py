from __future__ import annotations

import ast
from typing import Any

import pytest

from offstage.base import Map, Object, OffstageError, Withheld, WithheldEnd, undefined
from offstage.engine.known_only import KNOWN_NAMES, KnownOnly
from offstage.values import absent, add_of, includes, join, length, num, text

NAMES: dict[str, Any] = {
    **KNOWN_NAMES,
    "undefined": undefined,
    "absent": absent,
    "add": add_of,
    "join": join,
    "length": length,
    "num": num,
    "text": text,
    "includes": includes,
    "w": Withheld(("e1",)),
    "v": Withheld(("e2",)),
    "n": None,
    "t": {"key": Withheld(("e1",)), "title": "x"},
}


def _give(source: str) -> Any:
    tree = ast.fix_missing_locations(KnownOnly().visit(ast.parse(source, mode="eval")))
    return eval(compile(tree, "workflow.py", "eval"), dict(NAMES))


@pytest.mark.parametrize(
    "source",
    [
        "w is None",
        "w is not None",
        "w is undefined",
        "undefined is not w",
        "w is True",
        "n is w",
        "n is None is w",
        "t['key'] is None",
        "(v := w) is None",
        "1 if w is None else 2",
        "[x for x in [1] if w is None]",
        "w == 1",
        "'a' == w",
        "w != 'a'",
        "w < 1",
        "1 >= w",
        "w in 'abc'",
        "w in ('a', 'b')",
        "w not in {'a', 'b'}",
        "w in {'a': 1}",
        "'a' in w",
        "{w: 1}",
        "{w}",
        "{'a': 1}[w]",
        "[1][w]",
        "not w",
        "w and 1",
        "0 or w or 1",
        "1 if w else 2",
        "[1 for x in [w] if x]",
        "[x for x in w]",
        "{**w}",
        "num(w + 1)",
        "num(1 + w)",
        "num(w - 1)",
        "-w",
        "add(w, 1)",
        "absent(w)",
        "len(w)",
        "range(w)",
        "w.startswith('a')",
        "w.items()",
        # So does a text of which a part is not known.
        "f'a{w}' == 'ab'",
        "f'a{w}' in ('a', 'b')",
        "f'{text(w)}' is None",
        "not f'{w}'",
        "1 if f'a{w}' else 2",
        "('a' + text(w)).endswith('a')",
        "{f'a{w}': 1}",
        "length(f'a{w}')",
        "includes(f'a{w}', 'a')",
        "join(['a', w], '-') == 'a-'",
        "add('a', w) == 'a'",
    ],
)
def test_what_would_decide_by_what_is_not_known_ends(source: str) -> None:
    with pytest.raises(WithheldEnd) as raised:
        _give(source)
    assert raised.value.value.waits_for == ("e1",)


@pytest.mark.parametrize(
    "source",
    ["f'a{w}'", "f'a{f\"b{w}\"}'", "'a' + text(w)", "text(w) + 'a'", "add('a', w)", "join(['a', w, 1], '-')", "w['a']['b']", "f'{w:>5}'"],
)  # fmt: skip
def test_what_is_not_known_is_carried_and_so_is_a_text_that_it_is_part_of(source: str) -> None:
    given = _give(source)
    assert isinstance(given, Withheld)
    assert given.waits_for == ("e1",)


def test_of_a_text_it_is_told_what_is_known_and_for_what_it_waits() -> None:
    given = _give("f'{w} and ' + f'{v}'")
    assert (given.waits_for, repr(given)) == (("e1", "e2"), "(known after apply) and (known after apply)")


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("n is None", True),
        ("n is not undefined", True),
        ("n is None is not True", True),
        ("t is t is not None", True),
        ("t['title'] in ('x', 'y')", True),
        ("'z' not in t", True),
        ("f'{t[\"title\"]:>{1 + 2}}!'", "  x!"),
        ("f'{n!r}'", "None"),
        ("f'plain'", "plain"),
        ("1 < 2 in [2]", True),
    ],
)
def test_what_is_known_means_what_it_meant(source: str, value: Any) -> None:
    assert _give(source) == value


STATEMENTS = '''def decide(x):
    """What it does."""
    match x:
        case None:
            return "none"
        case _:
            if (x
                is None):
                return f"""a
{x}"""
    return fail(
        f"{x}")
'''


MEMBERLESS: list[object] = ["text", 7, True, ["a"], ("a",), Map[Any, Any](), Object(a=1)]


@pytest.mark.parametrize("value", MEMBERLESS)
def test_a_member_that_is_not_there_is_undefined_whatever_has_none(value: object) -> None:
    NAMES["it"] = value
    assert _give("it['name']") is undefined


def test_what_is_no_value_of_ecmascript_is_pythons_own_affair() -> None:
    NAMES["it"] = object
    with pytest.raises(TypeError):
        _give("it['name']")


@pytest.mark.parametrize("value", [None, undefined])
def test_nothing_has_no_members(value: object) -> None:
    NAMES["it"] = value
    with pytest.raises(OffstageError) as raised:
        _give("it['name']")
    assert raised.value.code == "TYPE_ERROR"


def test_what_takes_over_the_members_of_another_one_is_an_object() -> None:
    NAMES["it"] = Object(a=1)
    assert _give("{**it, 'b': 2}['c']") is undefined
    assert _give("{**it, 'b': 2}") == {"a": 1, "b": 2}
    # A dict that is written out stays Python's.
    with pytest.raises(KeyError):
        _give("{'b': 2}['c']")


KEEPS = """
def keep_it(target, item):
    parts = item["url"].split("/")
    owner = parts[3] or ""
    return {"key": target["key"], "owner": owner, "by": {"name": item["by"] or "", "at": 1}}

def other(item):
    return {"a": item or ""}

ONE = record("one", keep=keep_it, same=lambda item: {"a": item or ""})
TWO = record("two", keep=lambda target, item: {**target, "sum": num(item["n"] + 1), "known": (n := 2), "twice": n})
"""


def _callbacks(_name: str, **callbacks: Any) -> dict[str, Any]:
    return callbacks


def test_what_keep_remembers_of_the_target_is_known_though_the_item_decides_the_rest() -> None:
    names: dict[str, Any] = {**NAMES, "record": _callbacks}
    exec(compile(ast.fix_missing_locations(KnownOnly().visit(ast.parse(KEEPS))), "workflow.py", "exec"), names)
    item = Withheld(("e1",))
    kept = names["ONE"]["keep"]({"key": "K"}, item)
    assert (kept["key"], kept["by"]["at"]) == ("K", 1)
    assert [isinstance(one, Withheld) for one in (kept["owner"], kept["by"]["name"])] == [True, True]
    assert names["ONE"]["keep"]({"key": "K"}, {"url": "a/b/c/d", "by": ""}) == {
        "key": "K",
        "owner": "d",
        "by": {"name": "", "at": 1},
    }
    wide = names["TWO"]["keep"]({"key": "K"}, item)
    assert (wide["key"], wide["known"], wide["twice"], isinstance(wide["sum"], Withheld)) == ("K", 2, 2, True)
    for decides in (names["other"], names["ONE"]["same"]):
        with pytest.raises(WithheldEnd):
            decides(item)


def test_lines_stay_as_they_are() -> None:
    def lines(tree: ast.AST) -> list[tuple[str, int, int]]:
        kept = (ast.stmt, ast.Constant, ast.JoinedStr, ast.Compare)
        return [(type(one).__name__, one.lineno, one.col_offset) for one in ast.walk(tree) if isinstance(one, kept)]

    changed = ast.fix_missing_locations(KnownOnly().visit(ast.parse(STATEMENTS)))
    assert sorted(lines(changed)) == sorted(lines(ast.parse(STATEMENTS)))
    names = dict(NAMES)
    exec(compile(changed, "workflow.py", "exec"), names)
    for value, line in ((Withheld(), 3), (1, 11)):
        with pytest.raises(BaseException) as raised:
            names["decide"](value)
        at = [entry.lineno + 1 for entry in raised.traceback if str(entry.path).endswith("workflow.py")]
        assert at[-1] == line
    assert (names["decide"](None), names["decide"].__doc__) == ("none", "What it does.")
