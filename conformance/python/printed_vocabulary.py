"""What printed modules import, for runs that take no step: a `workflow` that keeps its function."""

import ast
from typing import Any

import offstage
from offstage.base import undefined
from offstage.engine.known_only import KNOWN_NAMES, KnownOnly
from offstage.engine.sites import handles


def workflow(**_options: Any) -> Any:
    """The function as it stands."""

    def keep(function: Any) -> Any:
        function.is_workflow = True
        return function

    return keep


def log(*_parts: Any) -> Any:
    """Nobody listens."""
    return undefined


def code_of(error: BaseException) -> str:
    """The code of an error; what Python raises itself is what JavaScript calls a TypeError."""
    code = getattr(error, "code", None)
    if code is not None:
        return code
    return (
        "TYPE_ERROR" if isinstance(error, TypeError | KeyError | AttributeError | ValueError) else type(error).__name__
    )


def put_vocabulary() -> None:
    """Puts them into the package, over what takes steps."""
    for name, value in {"Context": dict[str, Any], "workflow": workflow, "log": log}.items():
        setattr(offstage, name, value)


class _Read(KnownOnly):
    """As the engine reads a module that takes no step: handlers see Python's own errors, too."""

    def visit_Try(self, node: ast.Try) -> ast.AST:
        self.generic_visit(node)
        for handler in node.handlers:
            if handler.type is not None:
                handler.type = ast.Call(
                    func=ast.Name(id="__handles__", ctx=ast.Load()), args=[handler.type], keywords=[]
                )
        return node


def load(text: str, path: str) -> dict[str, Any]:
    """The names of a printed module, read as the engine reads it."""
    module: dict[str, Any] = {"__name__": "printed", "__handles__": handles, **KNOWN_NAMES}
    tree = ast.fix_missing_locations(_Read().visit(ast.parse(text)))
    exec(compile(tree, path, "exec", dont_inherit=True), module)
    return module
