"""What a person should look at before a server's texts reach a model. A warning stops nothing by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from offstage.base import fields_of, is_fields, is_items, shorten

from .pinned_json import hash_data
from .suspicious_text import suspicions
from .visible_text import SPACE, visible_line

_MOST_PER_TOOL = 10
_SPACES = re.compile(f"[{SPACE}]")
_WORDS = re.compile(r"[A-Za-z][\w-]*", re.ASCII)
# `send_email`, `createIssue`; not `search`, which every text may say.
_DISTINCT = re.compile(r"[a-z\d][_-][a-z]", re.ASCII)


@dataclass(frozen=True)
class ToolWarning:
    """`tool`: None where it is about what the server says of itself, or about its tools together. `where`: which text. `kind`: of a suspicion, `same-name` or `speaks-of-others`."""

    server: str
    tool: str | None
    where: str
    kind: str
    found: str


@dataclass(frozen=True)
class WarnedServer:
    """What is looked at: a server with its tools, and what it says of itself."""

    server: str
    tools: Mapping[str, Any]
    instructions: str | None


def all_warnings(servers: Sequence[WarnedServer]) -> list[ToolWarning]:
    """What is odd in any text of their tools, in what they say of themselves, and what they say of each other."""
    owners = {name: one.server for one in servers for name in one.tools if _is_distinct(name)}
    return [warning for one in servers for warning in _warnings_of(one, servers, owners)]


def _warnings_of(
    one: WarnedServer, servers: Sequence[WarnedServer], owners: Mapping[str, str]
) -> Iterator[ToolWarning]:
    for suspicion in suspicions(one.instructions or ""):
        yield ToolWarning(one.server, None, "instructions", suspicion.kind, suspicion.found)
    for tool, definition in one.tools.items():
        yield from _tool_warnings(one.server, tool, definition)
    for other in servers:
        # The very same tool is the same server twice, for two accounts: nothing is taken for something else.
        same = [
            visible_line(name)
            for name, tool in one.tools.items()
            if other is not one and name in other.tools and hash_data(tool) != hash_data(other.tools[name])
        ]
        if same:
            found = f"{other.server} has them too: {shorten(', '.join(same), 200)}"
            yield ToolWarning(one.server, None, "names", "same-name", found)
    yield from _named_others(one, None, {"instructions": one.instructions or ""}, owners)
    for tool, definition in one.tools.items():
        yield from _named_others(one, tool, definition, owners)


def _tool_warnings(server: str, tool: str, definition: Any) -> list[ToolWarning]:
    found: list[ToolWarning] = []
    for where, text in _texts(definition, ""):
        for one in suspicions(text) if len(found) < _MOST_PER_TOOL else ():
            found.append(ToolWarning(server, tool, where, one.kind, one.found))
    return found


def _named_others(one: WarnedServer, tool: str | None, texts: Any, owners: Mapping[str, str]) -> Iterator[ToolWarning]:
    """One warning a tool; only names that the server's own tools do not have."""
    for where, text in _texts(texts, ""):
        # Names of arguments are often those of other servers' tools; sentences are not.
        words = _WORDS.findall(text) if _SPACES.search(text) else ()
        named = next((word for word in words if word in owners and word not in one.tools), None)
        if named is not None:
            yield ToolWarning(one.server, tool, where, "speaks-of-others", f"{owners[named]}.{named}")
            return


def _is_distinct(name: str) -> bool:
    humps = any(name[at].islower() and name[at + 1].isupper() for at in range(len(name) - 1))
    return len(name) >= 8 and (humps or _DISTINCT.search(name) is not None)


def _texts(value: Any, where: str) -> Iterator[tuple[str, str]]:
    """Every text of a value with its place; names of members are texts too."""
    if isinstance(value, str):
        yield where, value
    elif is_items(value):
        for index, item in enumerate(value):
            yield from _texts(item, f"{where}[{index}]")
    elif is_fields(value):
        for name, member in fields_of(value):
            at = visible_line(name) if where == "" else f"{where}.{shorten(visible_line(name), 60)}"
            yield at, name
            yield from _texts(member, at)
