"""The name under which something is paused."""

from __future__ import annotations

from collections.abc import Sequence

from offstage.command_line.command_io import usage


def pause_name(said: str, *, workflows: Sequence[str], servers: Sequence[str], paused: Sequence[str]) -> str:
    """`*` for `all`, `workflow:x`, `server:y`. `paused`: what is paused now; it may be gone from the package. Errors: `USAGE`."""
    if said in ("all", "*"):
        return "*"
    known = [*(f"workflow:{name}" for name in workflows), *(f"server:{name}" for name in servers), *paused]
    found = [name for name in dict.fromkeys(known) if said in (name, name.partition(":")[2])]
    if len(found) == 1:
        return found[0]
    if found:
        raise usage(f"{said} is a workflow and a server.", f"Say which: {' or '.join(found)}.")
    kind, _, name = said.partition(":")
    # Packages share stores: what another one runs is paused by its whole name.
    if kind == "workflow" and name != "":
        return said
    missing = f"server {name}" if kind == "server" and name != "" else f"workflow and no server {said}"
    raise usage(f"There is no {missing}.", f"There are: all, {', '.join(dict.fromkeys(known))}.")
