"""Who uses a tool that is not as it was pinned: Python has nothing that checks a text against it, so its owner is told where to look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from offstage.command_line.lock_diff import LockChange
from offstage.command_line.terminal import escape_controls
from offstage.host import Program, tools_of


@dataclass(frozen=True, kw_only=True)
class Use:
    """`workflows`: those that name the tool; `file`: where its typed client is, in the folder of the package."""

    workflows: list[str]
    file: str


Uses = Mapping[tuple[str, str], Use]
"""By server and tool."""


def uses_of(program: Program) -> Uses:
    """Of a workflow and of all that it calls or starts."""
    found: dict[tuple[str, str], Use] = {}
    for one in _family(program):
        for tool, module in tools_of(one):
            use = found.setdefault((tool.server, tool.name), Use(workflows=[], file=f"{module.replace('.', '/')}.py"))
            if one.name not in use.workflows:
                use.workflows.append(one.name)
    return found


def use_lines(change: LockChange, uses: Uses) -> list[str]:
    """What a change of a tool that was pinned means for the package; nothing of what is new, which no text of it uses."""
    if change["tool"] is None or change["kind"] == "added":
        return []
    use = uses.get((change["server"], change["tool"]))
    if use is None:
        return ["no workflow uses it"]
    names = escape_controls(", ".join(use.workflows))
    told = f"may break {names}" if change["weight"] == "breaking" else f"look at {names}"
    verb = "uses" if len(use.workflows) == 1 else "use"
    which = "it" if len(use.workflows) == 1 else "they"
    return [f"{told}: {which} {verb} it. Edit {use.file} where it does not fit any more, or export the project again"]


def _family(program: Program) -> Iterator[Program]:
    yield program
    for other in program.others:
        yield from _family(other)
