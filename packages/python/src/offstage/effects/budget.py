"""What a run has used up of its limits."""

from __future__ import annotations

from offstage.model import DayLimit, EffectCall, EffectId, EffectIdentity, EffectRequest
from offstage.state import StoreTx

ALL = 2**53 - 1


class Budget:
    """Of one run together with the runs that it continues: a grant of one change is none of the others; in a plan, of what it would write.

    It is counted once from the ledger and from then on in memory, so that a run of 100,000 writes stays linear. An effect is counted
    before it is sent; counting it again changes nothing.
    """

    def __init__(self, root_run_id: str) -> None:
        self._root = root_run_id
        self._written: set[EffectId] = set()
        self._calls: dict[EffectId, EffectCall] = {}
        self._changed: dict[tuple[str, str], set[EffectId]] = {}
        self._loaded = False

    async def writes(self, tx: StoreTx, effect: EffectId) -> int:
        """Writes of this run besides this effect."""
        await self._load(tx)
        return len(self._written) - (1 if effect in self._written else 0)

    async def changes(self, tx: StoreTx, scope: str, record: str, effect: EffectId) -> int:
        """Updates and releases of the record in this run besides this effect."""
        await self._load(tx)
        changed = self._changed.get((scope, record), set())
        return len(changed) - (1 if effect in changed else 0)

    def planned(self, of: DayLimit, effect: EffectId) -> int:
        """Writes besides this effect that a plan noted, of this server and tool."""
        return sum(
            id != effect
            and of.get("server", call["server"]) == call["server"]
            and of.get("tool", call["tool"]) == call["tool"]
            for id, call in self._calls.items()
        )

    def note(self, effect: EffectId, request: EffectRequest) -> None:
        """Notes that the effect is (or in a plan: would be) written."""
        if request["call"] is not None:
            self._calls[effect] = request["call"]
            self._count(effect, request["identity"])

    def forget(self, effect: EffectId) -> None:
        """Takes it back: nothing was sent."""
        self._written.discard(effect)
        self._calls.pop(effect, None)
        for effects in self._changed.values():
            effects.discard(effect)

    async def _load(self, tx: StoreTx) -> None:
        if self._loaded:
            return
        counted = await tx.list_effects(root_run_id=self._root, status=["intended", "done", "ambiguous"], limit=ALL)
        for entry in counted:
            if entry["tool"] is not None:
                self._count(entry["id"], entry["identity"])
        self._loaded = True

    def _count(self, effect: EffectId, identity: EffectIdentity) -> None:
        self._written.add(effect)
        if identity["kind"] == "record" and identity["action"] in ("update", "release"):
            self._changed.setdefault((identity["scope"], identity["record"]), set()).add(effect)
