"""The exported package: its workflow, and what its profiles say of its servers."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from offstage.base import OffstageError, hash_json
from offstage.calls import Profile
from offstage.engine import Workflow, load_module
from offstage.host import Program, program_of


@dataclass(frozen=True, kw_only=True)
class Package:
    """`profiles`: by server. `profiles_hash`: of their text; a plan is made under it."""

    program: Program
    profiles: Mapping[str, Profile]
    profiles_hash: str


def load_package(folder: Path, name: str) -> Package:
    """Loads the package `name`, whose modules lie in `folder`. Errors: `WORKFLOW_INVALID`, which says where."""
    module_name = f"{name}.workflow"
    try:
        module = load_module(folder / "workflow.py", module_name)
        profiles: Mapping[str, Profile] = import_module(f"{name}.profiles").PROFILES if _has_profiles(folder) else {}
    except (Exception, OffstageError) as error:
        raise _invalid(error, folder) from error
    own = [one for one in vars(module).values() if isinstance(one, Workflow) and one.body.__module__ == module_name]
    if len(own) != 1:
        hint = "What stands below @workflow(…) is the workflow; others belong into modules of their own."
        raise OffstageError("WORKFLOW_INVALID", f"workflow.py has {len(own)} workflows, and needs one.", hint=hint)
    texts = sorted(path.read_text(encoding="utf-8") for path in (folder / "profiles").glob("*.py"))
    return Package(program=program_of(own[0]), profiles=profiles, profiles_hash=hash_json(texts))


def _has_profiles(folder: Path) -> bool:
    return (folder / "profiles" / "__init__.py").is_file()


def _invalid(error: BaseException, folder: Path) -> OffstageError:
    """An error of the package's text, with the line of it that led there."""
    if isinstance(error, SyntaxError):
        place = f"{Path(error.filename or '').name}:{error.lineno}"
        return OffstageError("WORKFLOW_INVALID", f"{place}: {error.msg}", hint="See that Python can read it.")
    frames = [one for one in traceback.extract_tb(error.__traceback__) if one.filename.startswith(str(folder))]
    place = f"{Path(frames[-1].filename).relative_to(folder)}:{frames[-1].lineno}: " if frames else ""
    hint = error.hint if isinstance(error, OffstageError) else None
    return OffstageError("WORKFLOW_INVALID", f"{place}{_said(error)}", hint=hint or _missing_hint(error))


def _said(error: BaseException) -> str:
    return error.message if isinstance(error, OffstageError) else f"{type(error).__name__}: {error}"


def _missing_hint(error: BaseException) -> str | None:
    if not isinstance(error, ModuleNotFoundError):
        return None
    return f"Install it for {sys.executable}: pip install -r requirements.txt"
