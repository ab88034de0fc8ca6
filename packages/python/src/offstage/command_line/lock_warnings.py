"""What is odd in the texts of a lock, and which tools are therefore taken over by their names only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from offstage.base import JsonObject
from offstage.command_line.terminal import escape_controls
from offstage.tools import ToolWarning, WarnedServer, all_warnings

_SAYS: Mapping[str, str] = {
    "hidden": "has characters that nobody sees",
    "lookalike": "has letters that only look like others",
    "instruction": "speaks to a model rather than about the tool",
    "secret-file": "names a place where secrets lie",
    "encoded": "holds what only a program can read",
    "padding": "pushes text out of sight",
    "same-name": "are not its own",
    "speaks-of-others": "speaks of another server's tool",
}


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """Which changes a lock takes over. `named`: servers, with all their tools, and `server.tool`s; None for everything. What `held_back` names needs to be named as a tool."""

    named: Sequence[str] | None
    held_back: frozenset[str]

    def accepts(self, server: str, tool: str | None) -> bool:
        """`tool`: None is what is about the server as a whole."""
        whole = self.named is None or server in self.named
        if tool is None:
            return whole
        name = f"{server}.{tool}"
        return (self.named is not None and name in self.named) or (whole and name not in self.held_back)


def new_warnings(before: JsonObject, after: JsonObject) -> list[ToolWarning]:
    """What is odd in a lock's texts that was not in the former one's."""
    known = set(_warnings_of(before))
    return [warning for warning in _warnings_of(after) if warning not in known]


def held_back_by(warnings: Sequence[ToolWarning], before: JsonObject) -> frozenset[str]:
    """Tools that were pinned and whose text became odd: a server that turns on those who trust it does just that."""
    pinned: Mapping[str, Any] = before
    return frozenset(
        f"{one.server}.{one.tool}"
        for one in warnings
        if one.tool is not None
        and one.kind != "same-name"
        and one.server in pinned
        and one.tool in pinned[one.server]["tools"]
    )


def warning_text(warning: ToolWarning, *, below: bool) -> str:
    """One line: where, what, and the text. `below`: the tool's name stands above it already."""
    name = warning.server if warning.tool is None else f"{warning.server}.{warning.tool}"
    what = "" if below else f"{escape_controls(name)}: "
    return f"warning: {what}{escape_controls(warning.where)} {_SAYS[warning.kind]}: {escape_controls(warning.found)}"


def _warnings_of(lock: JsonObject) -> list[ToolWarning]:
    servers: Mapping[str, Any] = lock
    return all_warnings(
        [
            WarnedServer(
                name,
                {tool: one["definition"] for tool, one in server["tools"].items()},
                server.get("introduction", {}).get("instructions"),
            )
            for name, server in servers.items()
        ]
    )
