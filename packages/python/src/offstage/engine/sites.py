"""Call sites: the module of a workflow is loaded with each of its steps knowing where it stands.

A step's site is what is called, as it is written, and its count in the order of the text: `github.list_pull_requests.pages#1`. The text stays as it is,
and so do the numbers of its lines.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from offstage.base import Failure, OffstageError, WithheldEnd, is_items
from offstage.engine.failure_place import MARKED
from offstage.engine.known_only import KNOWN_NAMES, KnownOnly
from offstage.engine.record_servers import tell_servers
from offstage.engine.strand import ParkedEnd, current

STEPS = frozenset(
    {
        "once",
        "each",
        "parallel",
        "approve",
        "sleep",
        "until",
        "wait_for",
        "poll",
        "ask",
        "call",
        "start",
        "now",
        "ago",
        "log",
    }
)
_DECLARED = frozenset({"record", "state"})
_AT, _TURNS, _PAST, _HANDLES = MARKED, "__offstage_turns__", "__offstage_past__", "__offstage_handles__"


def load_module(path: Path, name: str) -> ModuleType:
    """Imports a file as the module `name`, marked. It is found by others under that name. Errors: those of its text."""
    source = path.read_text(encoding="utf-8")
    parsed = ast.parse(source, filename=str(path))
    _load_siblings(parsed, path, name)
    tree = mark(parsed)
    spec = spec_from_file_location(name, path)
    if spec is None:
        raise OffstageError("USAGE", f"{path} cannot be imported.")
    module = module_from_spec(spec)
    vars(module).update({_AT: at, _TURNS: turns, _PAST: past_handlers, _HANDLES: handles, **KNOWN_NAMES})
    sys.modules[name] = module
    try:
        exec(compile(tree, str(path), "exec", dont_inherit=True), vars(module))
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


def _load_siblings(tree: ast.Module, path: Path, name: str) -> None:
    """Other workflows that a module imports, `from .tidy import tidy`, are marked too."""
    package = name.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module is not None and package:
            sibling = path.parent / f"{node.module}.py"
            if sibling.is_file() and f"{package}.{node.module}" not in sys.modules:
                load_module(sibling, f"{package}.{node.module}")


def mark(tree: ast.Module) -> ast.Module:
    """The tree with its marks: steps, helpers that take some, turns of loops, handlers, and what would decide unasked by what is not known."""
    names = _names_of(tree)
    tell_servers(tree, names.servers)
    marked = KnownOnly().visit(_Marker(names).visit(tree))
    ast.fix_missing_locations(marked)
    return marked


class _Names:
    """What the names of a module stand for, as far as steps go."""

    def __init__(self) -> None:
        self.steps: dict[str, str] = {}
        self.servers: set[str] = set()
        self.declared: set[str] = set()
        self.helpers: set[str] = set()


def _names_of(tree: ast.Module) -> _Names:
    names = _Names()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            _imported(node, names)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if _root(node.value.func) in _DECLARED:
                names.declared.update(target.id for target in targets if isinstance(target, ast.Name))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    # Until nothing is added: a helper takes steps where another one does that it calls.
    while True:
        found = {node.name for node in functions if isinstance(node, ast.AsyncFunctionDef) or _takes_steps(node, names)}
        if found <= names.helpers:
            return names
        names.helpers |= found


def _imported(node: ast.ImportFrom, names: _Names) -> None:
    module = node.module or ""
    for alias in node.names:
        own = alias.asname or alias.name
        if module == "offstage" and node.level == 0 and alias.name in STEPS:
            names.steps[own] = alias.name
        if module.split(".")[-1] == "servers":
            names.servers.add(own)


def _takes_steps(function: ast.AST, names: _Names) -> bool:
    return any(
        isinstance(node, ast.Call) and _root(node.func) in names.steps.keys() | names.helpers
        for node in ast.walk(function)
    )


def _root(callee: ast.expr) -> str | None:
    node = callee
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else None


class _Marker(ast.NodeTransformer):
    def __init__(self, names: _Names) -> None:
        self._names = names
        self._counts: dict[str, int] = {}
        self._parameters: list[set[str]] = []

    def _site(self, callee: str) -> str:
        self._counts[callee] = self._counts.get(callee, 0) + 1
        return f"{callee}#{self._counts[callee]}"

    def visit_Call(self, node: ast.Call) -> ast.AST:
        # What stands before in the text is counted first: the call itself, then its arguments.
        called = self._step(node)
        site = None if called is None else self._site(called)
        # A chain is one step: what is inside of it is no other.
        node.func = self._inside(node.func) if site is not None else self.visit(node.func)
        node.args = [self.visit(one) for one in node.args]
        node.keywords = [self.visit(one) for one in node.keywords]
        return node if site is None else _placed(node, site)

    def _inside(self, callee: ast.expr) -> ast.expr:
        if isinstance(callee, ast.Attribute):
            callee.value = self._inside(callee.value)
        elif isinstance(callee, ast.Call):
            callee.func = self._inside(callee.func)
            callee.args = [self.visit(one) for one in callee.args]
            callee.keywords = [self.visit(one) for one in callee.keywords]
        return callee

    def _step(self, node: ast.Call) -> str | None:
        """How the callee of a step is written; None: it is none."""
        root = _root(node.func)
        if root is None or any(root in names for names in self._parameters if root not in self._names.helpers):
            return root if isinstance(node.func, ast.Name) and root is not None and self._is_parameter(root) else None
        written = ".".join(_written(node.func))
        if root in self._names.steps:
            return written if isinstance(node.func, ast.Name | ast.Attribute) else None
        if root in self._names.servers:
            return (
                written
                if (isinstance(node.func, ast.Attribute) and not _is_pages(node)) or isinstance(node.func, ast.Call)
                else None
            )
        if root in self._names.declared:
            return written if isinstance(node.func, ast.Attribute) and node.func.attr != "of" else None
        return written if root in self._names.helpers and isinstance(node.func, ast.Name) else None

    def _is_parameter(self, name: str) -> bool:
        return any(name in names for names in self._parameters)

    def _function(self, node: Any) -> Any:
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        if not isinstance(node, ast.Lambda):
            node.decorator_list = [self.visit(one) for one in node.decorator_list]
        self._parameters.append({one.arg for one in every})
        arguments.defaults = [self.visit(one) for one in arguments.defaults]
        # A lambda's is an expression, that of any other function statements.
        inner: Any = node.body
        body: Any = self.visit(inner) if isinstance(inner, ast.AST) else self._block(inner)
        node.body = body
        self._parameters.pop()
        return node

    def _block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        made: list[ast.stmt] = []
        for one in body:
            made.append(self.visit(one))
        return made

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return self._function(node)

    def visit_For(self, node: ast.For) -> ast.AST:
        pauses = any(isinstance(one, ast.Await) for statement in node.body for one in ast.walk(statement))
        site = self._site("for") if pauses else None
        node.iter = self.visit(node.iter)
        if site is not None:
            node.iter = _call(_TURNS, node.iter, ast.Constant(site), node.iter)
        node.body = self._block(node.body)
        node.orelse = self._block(node.orelse)
        return node

    def visit_Try(self, node: ast.Try) -> ast.AST:
        self.generic_visit(node)
        if node.handlers:
            first = node.handlers[0]
            past = ast.ExceptHandler(type=_call(_PAST, first), name=None, body=[ast.Raise()])
            for handler in node.handlers:
                if handler.type is not None:
                    handler.type = _call(_HANDLES, handler, handler.type)
            node.handlers.insert(0, ast.copy_location(past, first))
        return node


def _written(callee: ast.expr) -> list[str]:
    if isinstance(callee, ast.Attribute):
        return [*_written(callee.value), callee.attr]
    if isinstance(callee, ast.Call):
        return _written(callee.func)
    return [callee.id] if isinstance(callee, ast.Name) else ["…"]


def _is_pages(node: ast.Call) -> bool:
    """`github.list.pages(max=5)`, which is called once more to be a step; `book.pages()` is a tool of that name."""
    return (
        isinstance(node.func, ast.Attribute)
        and node.func.attr == "pages"
        and isinstance(node.func.value, ast.Attribute)
    )


def _placed(node: ast.Call, site: str) -> ast.Call:
    """The name at the root of the callee knows the site."""
    if isinstance(node.func, ast.Name):
        node.func = _call(_AT, node, ast.Constant(site), node.func)
        return node
    inner: Any = node.func
    while not isinstance(inner.value if isinstance(inner, ast.Attribute) else inner.func, ast.Name):
        inner = inner.value if isinstance(inner, ast.Attribute) else inner.func
    if isinstance(inner, ast.Attribute):
        inner.value = _call(_AT, node, ast.Constant(site), inner.value)
    else:
        inner.func = _call(_AT, node, ast.Constant(site), inner.func)
    return node


def _call(name: str, place: ast.AST, *args: ast.expr) -> ast.Call:
    made = ast.Call(func=ast.Name(id=name, ctx=ast.Load()), args=list(args), keywords=[])
    return ast.copy_location(made, place)


def at(site: str, named: Any) -> Any:
    """What a marked call calls: a name of the vocabulary, a server, record or state at its site; or a helper, whose steps are below the site."""
    place: Callable[[str], Any] | None = getattr(named, "__offstage_placed__", None)
    if place is not None:
        return place(site)
    if isinstance(named, ModuleType):
        return _ServerAt(site, named)
    return _below(site, named)


class _ServerAt:
    """The module of a server, at a site."""

    def __init__(self, site: str, module: ModuleType) -> None:
        self._site = site
        self._module = module

    def __getattr__(self, name: str) -> Any:
        named = getattr(self._module, name)
        place = getattr(named, "__offstage_placed__", None)
        return named if place is None else place(self._site)


def _below(site: str, helper: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any, **more: Any) -> Any:
        strand = current()
        with strand.below(site):
            made = helper(*args, **more)
        return _awaited_below(site, made) if hasattr(made, "__await__") else made

    return run


async def _awaited_below(site: str, made: Any) -> Any:
    with current().below(site):
        return await made


def turns(site: str, items: Iterable[Any]) -> Iterator[Any]:
    """What a loop goes through: each turn is its part of the keys of its steps."""
    strand = current()
    path = strand.path
    try:
        for index, item in enumerate(items):
            strand.path = f"{path}{site}[{index}]/"
            yield item
    finally:
        strand.path = path


def past_handlers() -> Any:
    """Evaluated where a handler is looked for: what goes past all of them is caught first, and raised again."""
    raised = sys.exception()
    passes = isinstance(raised, ParkedEnd | WithheldEnd) or (
        isinstance(raised, OffstageError) and not isinstance(raised, Failure)
    )
    return BaseException if passes else ()


def handles(types: Any) -> Any:
    """A handler of failures sees Python's own errors too: in ECMAScript they are TypeErrors, which one catches."""
    every: Any = types if is_items(types) else (types,)
    return (*every, Exception) if Failure in every else types
