"""What the policy says of tools' calls, and whether the lock still says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from offstage.base import Data, JsonObject, OffstageError
from offstage.calls import CallEffect, Lock, Profile, hints_read_only
from offstage.config import Settings, ToolClass
from offstage.gate import matches_glob

_SHOWN = 5
# What nobody vouches for is a write.
_UNSAID: JsonObject = {"effect": "write", "from": "default"}


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
        if [
            (one["rule"], one["effect"])
            for one in classes_of(server, tool, pinned.definition, profiles.get(server), settings)
        ]
        != list(pinned.classes)
    ]
    if not stale:
        return
    more = f" and {len(stale) - _SHOWN} more" if len(stale) > _SHOWN else ""
    raise OffstageError(
        "LOCK_INVALID",
        f"A profile or the policy says something else than offstage.lock of what these tools do: {', '.join(stale[:_SHOWN])}{more}.",
        hint="Review with `offstage lock` what changes; `offstage lock --accept` takes it over.",
    )


def classes_of(
    server: str, tool: str, definition: Mapping[str, Data], profile: Profile | None, settings: Settings
) -> list[JsonObject]:
    """What its calls do, as the lock has it: an entry for each rule of the profile, and one for calls for which none holds; several where it depends on which of the `"*"` holds."""
    said = policy_effect(settings.classes, server, tool)
    rules = () if profile is None else profile.rules.get(tool, ())
    others = () if profile is None else profile.rules.get("*", ())
    trusted = settings.policy["trustHints"] and hints_read_only(definition)
    unsaid: JsonObject = {"effect": "read", "from": "hint"} if trusted else _UNSAID

    def entries(rule: int | None, effect: CallEffect | None) -> list[JsonObject]:
        if said is not None:
            return [{"rule": rule, "effect": said, "from": "policy"}]
        may: list[JsonObject] = []
        for one in (*others, None):
            vouched = effect or (None if one is None else one.effect)
            may.append({"rule": rule, **(unsaid if vouched is None else {"effect": vouched, "from": "profile"})})
            if one is not None and one.when is None:
                break
        return may[:1] if all(one == may[0] for one in may) else may

    classes: list[JsonObject] = []
    for index, rule in enumerate(rules):
        classes += entries(index, rule.effect)
        if rule.when is None:
            return classes
    return [*classes, *entries(None, None)]
