"""Where the targets of a record live: the server of the last tool that its `create` calls, itself or through helpers, else that of its `find`."""

from __future__ import annotations

import ast
from collections.abc import Mapping


def tell_servers(tree: ast.Module, servers: set[str]) -> None:
    """Gives each `record(…)` of a module the server that its callbacks call."""
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "record"):
            continue
        given = {one.arg: one.value for one in node.keywords}
        found = None
        for callback in ("create", "find"):
            if found is None and callback in given:
                found = _last(given[callback], functions, servers, set())
        if found is not None and "server" not in given:
            place = ast.copy_location(ast.Name(id=found, ctx=ast.Load()), node)
            node.keywords.append(ast.copy_location(ast.keyword(arg="server", value=place), node))


def _last(node: ast.AST, functions: Mapping[str, ast.AST], servers: set[str], seen: set[str]) -> str | None:
    """The last server named in the text of a function, and of those it calls: reads come before the write."""
    found = None
    for one in _in_order(node):
        if not isinstance(one, ast.Name):
            continue
        if one.id in servers:
            found = one.id
        elif one.id in functions and one.id not in seen:
            inner = _last(functions[one.id], functions, servers, seen | {one.id})
            found = found if inner is None else inner
    return found


def _in_order(node: ast.AST) -> list[ast.AST]:
    found: list[ast.AST] = [node]
    for child in ast.iter_child_nodes(node):
        found.extend(_in_order(child))
    return found
