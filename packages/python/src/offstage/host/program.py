"""What the host knows of a workflow without running it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from offstage.base import OffstageError, hash_json, parse_duration
from offstage.engine import Prompt, Record, Resource, Tool, Workflow


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The most of a run; None: no limit. `duration_ms` counts what it is driven, not what it waits."""

    writes: int | None = None
    calls: int | None = None
    duration_ms: int | None = None


@dataclass(frozen=True, kw_only=True)
class Program:
    """A workflow with what it needs. `hash`: of its text and of the texts of those that it calls or starts; a plan, and a run that waits, belong to one."""

    workflow: Workflow
    hash: str
    limits: Limits
    servers: list[str]
    others: list[Program]

    @property
    def name(self) -> str:
        """The name that it has."""
        return self.workflow.name

    @property
    def was(self) -> str | None:
        """The name that it had before."""
        return self.workflow.settings.get("was")


def program_of(workflow: Workflow) -> Program:
    """Looks at the module of a workflow. Errors: `BUG` when it has none that can be read."""
    return _program_of(workflow, ())


def _program_of(workflow: Workflow, above: tuple[Workflow, ...]) -> Program:
    names = _names_of(workflow)
    others = [
        _program_of(one, (*above, workflow))
        for one in names.values()
        if isinstance(one, Workflow) and one is not workflow and one not in above
    ]
    text = _text_of(workflow)
    servers = {*_servers_in(names), *(server for one in others for server in one.servers)}
    return Program(
        workflow=workflow,
        hash=hash_json([workflow.name, text, *(one.hash for one in others)]),
        limits=_limits_of(workflow),
        servers=sorted(servers),
        others=others,
    )


def _names_of(workflow: Workflow) -> dict[str, Any]:
    return getattr(workflow.body, "__globals__", {})


def _text_of(workflow: Workflow) -> str:
    module = sys.modules.get(workflow.body.__module__)
    file = None if module is None else module.__file__
    if file is None:
        raise OffstageError("BUG", f"The text of the workflow {workflow.name} is nowhere.")
    return Path(file).read_text(encoding="utf-8")


def tools_of(program: Program) -> Iterator[tuple[Tool, str]]:
    """The tools that the text of a workflow names, with the module that has the typed client of each; not those of workflows that it calls or starts."""
    for one in _names_of(program.workflow).values():
        if isinstance(one, Tool):
            yield one, type(one).__module__
        elif isinstance(one, ModuleType) and isinstance(getattr(one, "SERVER", None), str):
            yield from ((tool, one.__name__) for tool in vars(one).values() if isinstance(tool, Tool))


def _servers_in(names: dict[str, Any]) -> Iterator[str]:
    """Those whose clients a module imports, whole or by the tool, and those of its records."""
    for one in names.values():
        if isinstance(one, Tool | Resource | Prompt):
            yield one.server
        elif isinstance(one, Record) and one.spec.server != "":
            yield one.spec.server
        elif isinstance(one, ModuleType) and isinstance(getattr(one, "SERVER", None), str):
            yield one.SERVER


def _limits_of(workflow: Workflow) -> Limits:
    given: dict[str, Any] = dict(workflow.settings.get("limits") or {})
    duration = given.get("duration")
    return Limits(
        writes=_whole(given.get("writes")),
        calls=_whole(given.get("calls")),
        duration_ms=parse_duration(duration) if isinstance(duration, str) else _whole(duration),
    )


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
