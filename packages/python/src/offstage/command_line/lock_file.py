"""`offstage.lock` as data: read, made of what servers offer now, and written in TypeScript's bytes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

from offstage.base import JsonObject, OffstageError, parse_exact
from offstage.calls import Profile, hash_tool
from offstage.command_line.lock_warnings import Acceptance
from offstage.command_line.policy_effects import classes_of
from offstage.config import LOCK_FILE, Settings
from offstage.mcp import Catalogue
from offstage.tools import print_sorted


def read_lock(folder: Path) -> JsonObject:
    """Its servers, by name; none where there is no file. It was looked at when the configuration was read."""
    path = folder / LOCK_FILE
    if not path.is_file():
        return {}
    data: Any = parse_exact(path.read_text(encoding="utf-8"))
    return {name: _server(one) for name, one in data["servers"].items()}


def write_lock(folder: Path, servers: JsonObject) -> None:
    """Replaces it in one step. Errors: `FILE_UNREADABLE`; the old one is as it was."""
    path = (folder / LOCK_FILE).resolve()
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        mode = path.stat().st_mode if path.exists() else 0o644
        with open(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8", newline=""
        ) as file:
            file.write(print_sorted({"version": 1, "servers": servers}))
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise OffstageError(
            "STORE_UNAVAILABLE",
            f"{LOCK_FILE} cannot be written: {error.strerror}.",
            hint="Check the permissions; the old file is as it was.",
        ) from error


def pinned_server(
    catalogue: Catalogue, source: str, profile: Profile | None, settings: Settings, before: Any
) -> tuple[JsonObject, list[str]]:
    """Pins what a server offers now, and the names that it gave to two tools: neither can be used. `before`: how it was pinned, None where it was not."""
    tools: dict[str, Any] = {}
    twice: dict[str, None] = {}
    for tool in catalogue.tools:
        name = str(tool["name"])
        twice.update({name: None} if name in tools else {})
        tools[name] = tool
    known: dict[str, Any] = {} if before is None else before["tools"]
    pinned = {
        name: {
            "hash": hash_tool(tool),
            "classes": _labelled(
                classes_of(catalogue.server, name, tool, profile, settings), known.get(name, {"classes": []})
            ),
            "definition": tool,
        }
        for name, tool in tools.items()
        if name not in twice
    }
    made: JsonObject = {
        "source": source,
        "info": {name: str(catalogue.server_info.get(name, "")) for name in ("name", "version")},
        "protocol": {"era": catalogue.era, "revision": catalogue.protocol_version},
        "introduction": {"capabilities": catalogue.capabilities, "instructions": catalogue.instructions},
        "tools": pinned,
    }
    return made, [*twice]


def accept_changes(before: JsonObject, after: JsonObject, acceptance: Acceptance) -> JsonObject:
    """The lock that has what is accepted of `after`, and is as `before` otherwise."""
    servers: JsonObject = {}
    for name in [*before, *(one for one in after if one not in before)]:
        whole = acceptance.accepts(name, None)
        old, now = cast("Any", before.get(name)), cast("Any", after.get(name))
        if now is None:
            servers.update({} if whole else {name: old})
            continue
        tools: dict[str, Any] = {}
        ours: dict[str, Any] = {} if old is None else old["tools"]
        theirs: dict[str, Any] = now["tools"]
        for tool in {**theirs, **ours}:
            kept = (theirs if acceptance.accepts(name, tool) else ours).get(tool)
            if kept is not None:
                tools[tool] = kept
        if old is None and not tools and not whole:
            continue
        # What was never pinned is no change that anybody could refuse.
        about = now if whole or old is None else {"introduction": now["introduction"], **old}
        servers[name] = {**about, "tools": tools}
    return servers


def _labelled(classes: list[JsonObject], before: Any) -> list[JsonObject]:
    """What each rule holds for is written beside it, in words or by its hash; that is known of the rules that the lock has."""
    left: list[JsonObject] = list(before["classes"])
    labelled: list[JsonObject] = []
    for one in classes:
        found = next((other for other in left if other["rule"] == one["rule"]), None)
        known: JsonObject = {} if found is None else found
        # A rule comes as often as conditions of the profile's `"*"` divide its calls.
        left = [other for other in left if other is not found]
        labelled.append({**one, **{key: known[key] for key in ("when", "condition") if key in known}})
    return labelled


def _server(said: Any) -> JsonObject:
    """Only what a lock has."""
    tools: JsonObject = {
        name: {
            "hash": tool["hash"],
            "classes": [
                {key: one[key] for key in ("rule", "effect", "from", "when", "condition") if key in one}
                for one in tool["classes"]
            ],
            "definition": tool["definition"],
        }
        for name, tool in said["tools"].items()
    }
    introduction: JsonObject = {}
    if "introduction" in said:
        known = said["introduction"]
        introduction = {
            "introduction": {
                "capabilities": known.get("capabilities", {}),
                "instructions": known.get("instructions"),
            }
        }
    return {
        "source": said.get("source", ""),
        "info": {name: said["info"][name] for name in ("name", "version")},
        "protocol": {name: said["protocol"][name] for name in ("era", "revision")},
        **introduction,
        "tools": tools,
    }
