"""What Python decides without asking the value: by its identity, or by what an f-string made of it. A value that nobody knows yet is asked first.

And `value["name"]` reads a member as ECMAScript does, whatever the value is by now: where a server answers a text in place of an object there is none.

Everything else asks by itself (`Withheld`): a truth, an equality, an order, a length, a key, a turn of a loop.

What `keep` of a record gives is asked member by member: which of them come from the target alone says whether two items have one target.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from offstage.base import Map, Object, Set, Undefined, UnsafeInteger, Withheld, WithheldEnd, text_or_withheld
from offstage.values import get

_KNOWN, _TEXT, _MEMBER, _OBJECT, _PART = (
    "__offstage_known__",
    "__offstage_text__",
    "__offstage_member__",
    "__offstage_object__",
    "__offstage_part__",
)
# Never asked: they are what a value is compared with.
_SINGLE = frozenset({"undefined"})
_NO_OBJECTS = (str, int, float, list, tuple, Map, Set, Undefined, UnsafeInteger)


class KnownOnly(ast.NodeTransformer):
    """`x is None`, `x in text` and `match x` ask `x`; an f-string with a part that is not known is not known. Lines stay as they are.

    `value["name"]` and `{**value}` mean what they mean in JavaScript.
    """

    def __init__(self) -> None:
        self._keeps: set[str] = set()
        self._in_keep = False

    def visit_Module(self, node: ast.Module) -> ast.AST:
        records = [call for call in ast.walk(node) if isinstance(call, ast.Call) and _is_record(call)]
        keeps = [one.value for call in records for one in call.keywords if one.arg == "keep"]
        self._keeps = {keep.id for keep in keeps if isinstance(keep, ast.Name)}
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if not _is_record(node):
            return self.generic_visit(node)
        for one in node.keywords:
            one.value = self._kept(one.value) if one.arg == "keep" else self.visit(one.value)
        node.args = [self.visit(one) for one in node.args]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._kept(node, self.generic_visit) if node.name in self._keeps else self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        if self._in_keep:
            node.value = _part(node.value)
        return node

    def _kept(self, node: Any, visit: Callable[[Any], Any] | None = None) -> Any:
        outer, self._in_keep = self._in_keep, True
        try:
            return (visit or self.visit)(node)
        finally:
            self._in_keep = outer

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        for index, operator in enumerate(node.ops):
            if isinstance(operator, ast.Is | ast.IsNot | ast.In | ast.NotIn):
                node.left = _known(node.left) if index == 0 else node.left
                if index > 0:
                    node.comparators[index - 1] = _known(node.comparators[index - 1])
                if isinstance(operator, ast.Is | ast.IsNot):
                    node.comparators[index] = _known(node.comparators[index])
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        is_member = isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)
        return _asked(_MEMBER, node.value, node.slice) if is_member and isinstance(node.ctx, ast.Load) else node

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        self.generic_visit(node)
        if self._in_keep:
            node.values = [_part(value) for value in node.values]
        return _asked(_OBJECT, node) if None in node.keys else node

    def visit_Match(self, node: ast.Match) -> ast.AST:
        self.generic_visit(node)
        node.subject = _known(node.subject)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        parts = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        for part in parts:
            # How it is printed is a text of its own, which Python wants as it is.
            part.value = self.visit(part.value)
        return _asked(_TEXT, node) if parts else node


def known(value: Any) -> Any:
    """The value itself; one that is not known ends the item."""
    if isinstance(value, Withheld):
        value.end()
    return value


def text_of_parts(text: str) -> Any:
    """What an f-string makes: not known, where a part of it is not."""
    return text_or_withheld(text)


def member(value: Any, name: str) -> Any:
    """`value["name"]`: of what is no object as ECMAScript reads it; an object, or what else has members in Python, is asked itself."""
    return get(value, name) if value is None or isinstance(value, _NO_OBJECTS) else value[name]


def part(make: Callable[[], Any]) -> Any:
    """What a member, or a name, stands for; not known where it would be decided by what is not."""
    try:
        return make()
    except WithheldEnd as end:
        return end.value


KNOWN_NAMES = {_KNOWN: known, _TEXT: text_of_parts, _MEMBER: member, _OBJECT: Object, _PART: part}
"""What a module that was changed so calls."""


def _known(value: ast.expr) -> ast.expr:
    is_single = isinstance(value, ast.Constant) or (isinstance(value, ast.Name) and value.id in _SINGLE)
    is_asked = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == _KNOWN
    return value if is_single or is_asked else _asked(_KNOWN, value)


def _is_record(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "record"


def _part(value: ast.expr) -> ast.expr:
    """A function of its own has its own names: what a member names for another one stays where it is."""
    if isinstance(value, ast.Constant) or any(isinstance(one, ast.NamedExpr) for one in ast.walk(value)):
        return value
    none = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    return _asked(_PART, ast.copy_location(ast.Lambda(args=none, body=value), value))


def _asked(name: str, *values: ast.expr) -> ast.expr:
    made = ast.Call(func=ast.Name(id=name, ctx=ast.Load()), args=[*values], keywords=[])
    return ast.copy_location(made, values[0])
