"""`lock`: which tools are not as they were pinned, how, and accepting what they are now."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import cast

from offstage.base import ErrorData, JsonObject, OffstageError, is_fields, to_error_data
from offstage.command_line.command_io import CommandIo, usage
from offstage.command_line.exit_code import CHANGES, FAILED, FINE, ExitCode
from offstage.command_line.lock_diff import LockChange, diff_locks, not_pinned_yet
from offstage.command_line.lock_file import accept_changes, pinned_server, read_lock, write_lock
from offstage.command_line.lock_uses import Uses, use_lines, uses_of
from offstage.command_line.lock_warnings import Acceptance, held_back_by, new_warnings, warning_text
from offstage.command_line.package import load_package
from offstage.command_line.stage import read_configuration, server_pool
from offstage.command_line.terminal import escape_controls
from offstage.command_line.texts import counted
from offstage.config import Configuration
from offstage.mcp import Catalogue
from offstage.tools import ToolWarning

_ALL = "*"
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def options(parser: ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("--check", action="store_true", help="end with 3 when the servers differ from offstage.lock")
    parser.add_argument(
        "--accept",
        action="append",
        nargs="?",
        const=_ALL,
        metavar="NAME",
        help="pin the tools as they are now: all, or this server's, or this server.tool; may be given several times",
    )


@dataclass(frozen=True, kw_only=True)
class _Found:
    """What the servers offer beside what was pinned. `writes`: whether something is to be accepted; `failed`: who did not say."""

    before: JsonObject
    after: JsonObject
    changes: list[LockChange]
    warnings: list[ToolWarning]
    acceptance: Acceptance
    writes: bool
    failed: dict[str, ErrorData]
    uses: Uses

    def accepts(self, change: LockChange) -> bool:
        """Whether a change is taken over."""
        return self.writes and self.acceptance.accepts(change["server"], change["tool"])


async def command(io: CommandIo, given: Namespace) -> ExitCode:
    """Shows the differences; writes `offstage.lock` only where something is accepted."""
    if given.check and given.accept is not None:
        raise usage("--check accepts nothing.", "Leave out --check, or --accept.")
    found = await _found(io, read_configuration(io), given.accept)
    named = found.acceptance.named or ()
    _refuse_unknown(named, found.changes)
    if found.writes:
        write_lock(io.folder, accept_changes(found.before, found.after, found.acceptance))
    _answer(io, found)
    # What differs wants a person, whoever else is away.
    if given.check and found.changes:
        return CHANGES
    if found.failed:
        return FAILED
    return CHANGES if found.writes and not named and _told_held(io, found) else FINE


async def _found(io: CommandIo, configuration: Configuration, accept: list[str] | None) -> _Found:
    package = load_package(io.folder / io.package, io.package)
    before = read_lock(io.folder)
    names = [entry.name for entry in configuration.entries.servers]
    after: JsonObject = {name: server for name, server in before.items() if name in names}
    failed: dict[str, ErrorData] = {}
    for name, listed in (await _listed(io, configuration, names)).items():
        if not isinstance(listed, Catalogue):
            failed[name] = listed
            continue
        pinned = before.get(name)
        source = str(pinned["source"]) if is_fields(pinned) else _source_of(configuration, name)
        after[name], twice = pinned_server(listed, source, package.profiles.get(name), configuration.settings, pinned)
        for tool in twice:
            io.terminal.note(escape_controls(f'server "{name}" listed two tools named "{tool}": neither can be used'))
    warnings = new_warnings(before, after)
    named = None if accept is not None and _ALL in accept else accept or ()
    return _Found(
        before=before,
        after=after,
        changes=diff_locks(before, after),
        warnings=warnings,
        acceptance=Acceptance(named=named, held_back=held_back_by(warnings, before)),
        writes=accept is not None,
        failed=failed,
        uses=uses_of(package.program),
    )


def _told_held(io: CommandIo, found: _Found) -> bool:
    """Whether something was not taken over because its text is odd; says how it is."""
    held = [f"{one['server']}.{one['tool']}" for one in found.changes if not found.accepts(one)]
    if held:
        words = [word for name in held for word in ("--accept", name)]
        accept = escape_controls(io.command_line("lock", *words))
        io.terminal.note(f"Read what the warnings show. What is meant well is accepted by name: {accept}")
    return held != []


async def _listed(io: CommandIo, configuration: Configuration, names: list[str]) -> dict[str, Catalogue | ErrorData]:
    """What each server offers now, or why it does not say."""
    pool = server_pool(io, configuration)

    async def ask(name: str) -> Catalogue | ErrorData:
        try:
            return await pool.catalogue(name)
        except (Exception, OffstageError) as error:
            known = to_error_data(error)
            if known["code"] == "BUG":
                raise
            return known

    io.terminal.progress(f"asking {', '.join(names)} …")
    try:
        return dict(zip(names, await asyncio.gather(*map(ask, names)), strict=True))
    finally:
        await pool.close()


def _source_of(configuration: Configuration, name: str) -> str:
    """Of a server that the owner of the package added: the address, or the command's name. It is for people alone."""
    config = configuration.server(name).config
    return config.url if config.kind == "http" else PurePath(config.command).name


def _refuse_unknown(named: Collection[str], changes: list[LockChange]) -> None:
    known = {one["server"] for one in changes} | {f"{one['server']}.{one['tool'] or ''}" for one in changes}
    unknown = [name for name in named if name not in known]
    if unknown:
        raise usage(
            f"Nothing called {', '.join(unknown)} differs from offstage.lock.",
            "`offstage lock --check` lists what differs; --accept takes a server or server.tool of it.",
        )


def _answer(io: CommandIo, found: _Found) -> None:
    unpinned = not_pinned_yet(found.before, found.after)
    data: JsonObject = {
        "changes": [
            {**change, "accepted": found.accepts(change), "look": _users(change, found)} for change in found.changes
        ],
        "warnings": [asdict(warning) for warning in found.warnings],
        "notPinned": unpinned,
        "failed": [{"server": name, "error": error} for name, error in found.failed.items()],
        "written": found.writes,
    }
    told = {(change["server"], change["tool"]) for change in found.changes}
    others = [one for one in found.warnings if (one.server, one.tool) not in told]
    said = "were not pinned before, and are now"
    if not found.writes:
        said = "are not pinned yet; `offstage lock --accept` pins them"
    lines = [
        *(_change_text(change, found) for change in found.changes),
        *(warning_text(one, below=False) for one in others),
        _head_line(found),
        *(f"{escape_controls(name)}: its capabilities and instructions {said}." for name in unpinned),
    ]
    io.answer(data, "\n".join(lines))
    if found.changes and not found.writes:
        one = next((f"{change['server']}.{change['tool']}" for change in found.changes if change["tool"]), None)
        more = "" if one is None else f", or one by its name: {io.command_line('lock', '--accept', one)}"
        accept = f"To pin what the servers offer now: {io.command_line('lock', '--accept')}{more}"
        io.terminal.note(escape_controls(accept))
    for name, error in found.failed.items():
        hint = f"\n  hint: {io.told(error['hint'])}" if "hint" in error else ""
        why = f"{name}: {error['message']} Its part of offstage.lock stays as it was.{hint}"
        io.terminal.note(escape_controls(why, "mark"))


def _users(change: LockChange, found: _Found) -> list[str]:
    use = found.uses.get((change["server"], change["tool"] or ""))
    return [] if use is None else use.workflows


def _change_text(change: LockChange, found: _Found) -> str:
    name = change["server"] if change["tool"] is None else f"{change['server']}.{change['tool']}"
    pending = "  (not accepted)" if found.writes and not found.accepts(change) else ""
    odd = [one for one in found.warnings if (one.server, one.tool) == (change["server"], change["tool"])]
    details = [
        *map(escape_controls, change["details"]),
        *(warning_text(one, below=True) for one in odd),
        *use_lines(change, found.uses),
    ]
    head = f"{_SIGNS[change['kind']]} {escape_controls(name)}{pending}"
    return "\n".join([head, *(f"    {line}" for line in details)])


def _head_line(found: _Found) -> str:
    # Of those that did not answer, what was pinned stays, and nothing is said.
    shown = accept_changes(found.before, found.after, found.acceptance) if found.writes else found.after
    asked = [cast("JsonObject", server) for name, server in shown.items() if name not in found.failed]
    tools = sum(len(cast("JsonObject", server["tools"])) for server in asked)
    total = f"{counted(len(asked), 'server')}, {counted(tools, 'tool')}"
    pending = sum(not found.accepts(change) for change in found.changes)
    left = f"; {counted(pending, 'change')} not accepted: runs refuse what they write" if pending else ""
    head = f"Locked {total}{left}"
    if not found.writes:
        head = f"offstage.lock differs from the servers ({counted(len(found.changes), 'change')})"
    if not found.changes:
        head = f"No changes: {total}"
    away = f"; could not be reached: {', '.join(map(escape_controls, found.failed))}" if found.failed else ""
    return f"{head}{away}."
