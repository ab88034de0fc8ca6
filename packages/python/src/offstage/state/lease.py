"""Who may drive the store's runs."""

from collections.abc import Callable
from typing import Literal, TypeAlias

from .rows import Lease, LeaseHolder

LeaseDecision: TypeAlias = Literal["take", "wait", "mine"]
"""`take`: write a lease of one's own with a new fence. `wait`: somebody lives in it. `mine`: this process holds it already."""


def decide_lease(
    current: Lease | None, me: LeaseHolder, now: int, alive: Callable[[LeaseHolder], bool]
) -> LeaseDecision:
    """A lease that ran out may be taken by anybody. Before that only when it is certain that its holder is gone.

    The machine was booted again, or it is a process of this machine and boot that no longer lives. `alive` is asked only about such a
    process; of one on another machine nothing can be known but its lease's end. A lease is `mine` even when it ran out and nobody took
    it: the fence still tells, inside every transaction.
    """
    if current is None:
        return "take"
    holder = current["holder"]
    if holder["host"] == me["host"]:
        if (holder["boot"], holder["pid"], holder["started"]) == (me["boot"], me["pid"], me["started"]):
            return "mine"
        if holder["boot"] != me["boot"]:
            return "take"
        # Our own pid with another start: the holder is dead and its pid came to us.
        if holder["pid"] == me["pid"] or not alive(holder):
            return "take"
    return "take" if now >= current["expiresAt"] else "wait"
