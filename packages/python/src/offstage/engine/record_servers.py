"""Where the targets of a record live: the server of the last tool that its `create` calls, itself or through helpers, else that of its `find`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping


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
    """The last server that a function calls, and those that it calls do: reads come before the write."""
    found = None
    for one in _names_as_called(node):
        if one.id in servers:
            found = one.id
        elif one.id in functions and one.id not in seen:
            inner = _last(functions[one.id], functions, servers, seen | {one.id})
            found = found if inner is None else inner
    return found


def _names_as_called(node: ast.AST) -> Iterator[ast.Name]:
    """The names that are used, in the order of what is done: what is called comes after its arguments. Types do nothing."""
    if isinstance(node, ast.Name):
        yield node
    for part in _parts(node):
        yield from _names_as_called(part)


def _parts(node: ast.AST) -> Iterable[ast.AST]:
    match node:
        case ast.Call(func=func, args=args, keywords=keywords):
            return (*args, *keywords, func)
        case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body):
            return body
        case ast.Lambda(body=body):
            return (body,)
        case ast.AnnAssign(value=value):
            return () if value is None else (value,)
        case (
            ast.ListComp(elt=element, generators=generators)
            | ast.GeneratorExp(elt=element, generators=generators)
            | ast.SetComp(elt=element, generators=generators)
        ):
            return (*generators, element)
        case ast.DictComp(key=key, value=value, generators=generators):
            return (*generators, key, value)
        case _:
            return ast.iter_child_nodes(node)
