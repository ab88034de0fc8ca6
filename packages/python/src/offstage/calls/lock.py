"""What the project has pinned of its servers' tools, and whether they still are what was pinned."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from offstage.base import (
    Data,
    ErrorData,
    OffstageError,
    error_data,
    is_fields,
    is_items,
    parse_exact,
    to_error_data,
)
from offstage.tools import hash_data, tool_changed

from .ports import CallEffect

# A server may be another one since the run before; runs that begin at once ask it together. Ms.
_A_MOMENT = 5_000
_EFFECTS: Mapping[object, CallEffect] = {"read": "read", "prepare": "prepare", "write": "write"}


@dataclass(frozen=True, kw_only=True)
class LockedTool:
    """One pinned tool. `classes`: each rule of the profile (None: no rule holds) with what its calls do; a rule comes again where a condition of the profile's `"*"` decides."""

    hash: str
    classes: Sequence[tuple[int | None, CallEffect]]
    definition: Mapping[str, Data]


@dataclass(frozen=True, kw_only=True)
class LockedServer:
    """One server of a lock."""

    source: str
    era: str
    tools: Mapping[str, LockedTool]


@dataclass(frozen=True, kw_only=True)
class Lock:
    """`offstage.lock`: what the project has seen of its servers and stands by."""

    servers: Mapping[str, LockedServer]


def parse_lock(text: str) -> Lock:
    """Reads `offstage.lock`.

    Errors: `LOCK_INVALID`, also for a definition that was edited by hand: it no longer has its hash.
    """
    try:
        data = parse_exact(text)
    except OffstageError as error:
        raise _invalid(error.message) from error
    version = _member(data, "version")
    if version != 1:
        raise _invalid(
            "it is of a newer Offstage." if isinstance(version, int) and version > 1 else "its version must be 1."
        )
    servers = _member(data, "servers")
    if not is_fields(servers):
        raise _invalid("it has no servers.")
    return Lock(servers={name: _read_server(name, server) for name, server in servers.items()})


def hash_tool(tool: Data) -> str:
    """SHA-256 (hex) of everything that a server says of a tool: a changed hint, description or `_meta` is a changed
    tool.
    """
    return hash_data(tool)


def hints_read_only(tool: Data) -> bool:
    """True when the server calls the tool read-only. Hints err: only a policy decides whether to believe it."""
    return _member(_member(tool, "annotations"), "readOnlyHint") is True


class Listing(Protocol):
    """What a server offers now: tools in its order."""

    @property
    def tools(self) -> Sequence[Mapping[str, Data]]: ...


class LockGuard:
    """Compares what servers offer with what was pinned."""

    def __init__(
        self,
        lock: Lock,
        catalogue: Callable[[str, float | None], Awaitable[Listing]],
        on_changed: Callable[[str, str], None] | None = None,
    ) -> None:
        """`catalogue`: a server's tools, at most so many ms old.

        `on_changed` hears once of each tool that is not as it was pinned.
        """
        self._lock = lock
        self._catalogue = catalogue
        self._on_changed = on_changed
        self._told: set[tuple[str, str]] = set()
        self._offered: dict[str, tuple[Listing, Mapping[str, Mapping[str, Data]]]] = {}

    async def connect(self, server: str) -> ErrorData | None:
        """When a run begins: starts a server and reads its tools, anew unless that was a moment ago.

        Why it cannot be reached, else None: its first call would say the same.
        """
        try:
            await self._refresh(server, _A_MOMENT)
            return None
        except (Exception, OffstageError) as error:
            self._offered.pop(server, None)
            return to_error_data(error)

    async def refresh(self, server: str) -> None:
        """Before a call: reads a server's tools anew if it was started anew, said that they changed, or was not asked
        for a minute. Raises when they cannot be read.
        """
        await self._refresh(server, None)

    def fault(self, server: str, tool: str) -> ErrorData | None:
        """`NOT_LOCKED`, `TOOL_CHANGED`, or None when the tool is as it was pinned."""
        pinned = self._pinned(server, tool)
        if not isinstance(pinned, LockedTool):
            return pinned
        offered = self._offered.get(server)
        if offered is None:
            return None
        current = offered[1].get(tool)
        if current is not None and hash_tool(current) == pinned.hash:
            return None
        if (server, tool) not in self._told and self._on_changed is not None:
            self._on_changed(server, tool)
        self._told.add((server, tool))
        return tool_changed(server, tool, pinned.definition, current)

    def changed_tools(self) -> list[str]:
        """The tools that are not as they were pinned, as far as their servers were asked: `server.tool`."""
        pinned = [(name, tool) for name, server in self._lock.servers.items() for tool in server.tools]
        return [
            f"{server}.{tool}"
            for server, tool in pinned
            if (fault := self.fault(server, tool)) is not None and fault["code"] == "TOOL_CHANGED"
        ]

    def trusted_read(self, server: str, tool: str) -> bool:
        """Whether the pinned tool calls itself read-only."""
        pinned = self._pinned(server, tool)
        return isinstance(pinned, LockedTool) and hints_read_only(pinned.definition)

    async def _refresh(self, server: str, at_most_ms: float | None) -> None:
        if server not in self._lock.servers:
            return
        listing = await self._catalogue(server, at_most_ms)
        known = self._offered.get(server)
        if known is None or known[0] is not listing:
            self._offered[server] = (
                listing,
                {name: tool for tool in listing.tools if isinstance(name := tool.get("name"), str)},
            )

    def _pinned(self, server: str, tool: str) -> LockedTool | ErrorData:
        pinned = self._lock.servers.get(server)
        if pinned is None:
            return error_data(
                "NOT_LOCKED",
                f'Server "{server}" is not in offstage.lock.',
                "Review what it adds with `offstage lock`; `offstage lock --accept` takes it over.",
            )
        found = pinned.tools.get(tool)
        return (
            found
            if found is not None
            else error_data(
                "NOT_LOCKED",
                f'Server "{server}" has no tool "{tool}" in offstage.lock.',
                "If the server got it since, `offstage lock` shows it; `offstage lock --accept` takes it over.",
            )
        )


def _read_server(name: str, data: Data) -> LockedServer:
    tools = _member(data, "tools")
    if not is_fields(tools):
        raise _invalid(f"servers.{name} has no tools.")
    source, era = _member(data, "source"), _member(_member(data, "protocol"), "era")
    return LockedServer(
        source=source if isinstance(source, str) else "",
        era=era if isinstance(era, str) else "legacy",
        tools={tool: _read_tool(f"servers.{name}.tools.{tool}", tool, one) for tool, one in tools.items()},
    )


def _read_tool(place: str, name: str, data: Data) -> LockedTool:
    definition, digest = _member(data, "definition"), _member(data, "hash")
    if not is_fields(definition) or definition.get("name") != name:
        raise _invalid(f"{place}.definition is not of this tool.")
    if not isinstance(digest, str) or hash_tool(definition) != digest:
        raise _invalid(f"{place}.hash is not the hash of its definition: one of them was edited.")
    classes = _member(data, "classes")
    return LockedTool(hash=digest, definition=definition, classes=[_read_class(place, one) for one in _items(classes)])


def _read_class(place: str, data: Data) -> tuple[int | None, CallEffect]:
    rule, effect = _member(data, "rule"), _EFFECTS.get(_member(data, "effect"))
    if effect is None or not (rule is None or isinstance(rule, int)):
        raise _invalid(f"{place}.classes has an entry that is none.")
    return rule, effect


def _member(data: Data, name: str) -> Data:
    return data.get(name) if is_fields(data) else None


def _items(data: Data) -> Sequence[Data]:
    return data if is_items(data) else []


def _invalid(why: str) -> OffstageError:
    return OffstageError("LOCK_INVALID", f"offstage.lock cannot be used: {why}", hint="It is generated: export again.")
