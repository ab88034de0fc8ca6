"""What printed modules import, for runs that take no step: a `workflow` that keeps its function."""

from typing import Any

import offstage
from offstage.base import undefined


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
    return "TYPE_ERROR" if isinstance(error, TypeError | KeyError | AttributeError | ValueError) else type(error).__name__


def put_vocabulary() -> None:
    """Puts them into the package, over what takes steps."""
    for name, value in {"Context": dict[str, Any], "workflow": workflow, "log": log}.items():
        setattr(offstage, name, value)


def load(text: str, path: str) -> dict[str, Any]:
    """The names of a printed module."""
    module: dict[str, Any] = {"__name__": "printed"}
    exec(compile(text, path, "exec"), module)
    return module
