"""What the policy says of tools' calls, and whether the lock still says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from offstage.base import OffstageError
from offstage.calls import CallEffect, Lock, LockedTool, Profile, hints_read_only
from offstage.config import Settings, ToolClass
from offstage.gate import matches_glob

_SHOWN = 5


def policy_effect(classes: Sequence[ToolClass], server: str, tool: str) -> CallEffect | None:
    """What `policy.classes` says of a tool's calls; None when nothing matches. The first entry that matches counts."""
    found = (one for one in classes if one.server == server and matches_glob(one.tool, tool))
    return next((one.effect for one in found), None)


def refuse_stale_classes(
    lock: Lock, profiles: Mapping[str, Profile], settings: Settings, servers: Sequence[str]
) -> None:
    """Classes are pinned: a profile or a policy that now says something else of a call has to be reviewed first.

    Errors: `LOCK_INVALID`, naming the first tools that differ.
    """
    stale = [
        f"{server}.{tool}"
        for server in servers
        if server in lock.servers
        for tool, pinned in lock.servers[server].tools.items()
        if _classes_of(server, tool, pinned, profiles.get(server), settings) != dict(pinned.classes)
    ]
    if not stale:
        return
    more = f" and {len(stale) - _SHOWN} more" if len(stale) > _SHOWN else ""
    raise OffstageError(
        "LOCK_INVALID",
        f"A profile or the policy says something else than offstage.lock of what these tools do: {', '.join(stale[:_SHOWN])}{more}.",
        hint="Change it in the project that this was exported from, run `offstage lock` there, review what changes, and export again.",
    )


def _classes_of(
    server: str, tool: str, pinned: LockedTool, profile: Profile | None, settings: Settings
) -> dict[int | None, CallEffect]:
    """What its calls do, by the rule that holds for them; None: none does."""
    said = policy_effect(settings.classes, server, tool)
    rules = () if profile is None else profile.rules.get(tool, ())
    others = () if profile is None else profile.rules.get("*", ())
    fallback = others[0].effect if others else None
    trusted = settings.policy["trustHints"] and hints_read_only(pinned.definition)
    unsaid: CallEffect = "read" if trusted else "write"
    classes: dict[int | None, CallEffect] = {}
    for index, rule in enumerate(rules):
        classes[index] = said or rule.effect or fallback or unsaid
        if rule.when is None:
            return classes
    classes[None] = said or fallback or unsaid
    return classes
