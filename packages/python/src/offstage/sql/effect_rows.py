"""The part of a transaction that keeps the ledger."""

from collections.abc import Sequence
from typing import Any, cast

from offstage.model import EffectId, EffectIdentity, LedgerEntry, LedgerStatus, RecordKey
from offstage.state import ExpectedEffect, Place

from .connection import SqlConnection, SqlRow
from .read_value import corrupt
from .table import Conditions, Table

# What never changes once a row is there: column → member of the identity.
_IDENTITY = {
    "kind": "kind",
    "scope": "scope",
    "record": "record",
    "key": "key",
    "generation": "generation",
    "action": "action",
    "revision": "revision",
    "once_window": "window",
    "identity_root_run": "rootRun",
    "identity_step": "step",
}
# What an intent says: written again only by the next attempt. Leaving it alone spares an outcome the pages of its indexes.
_INTENT = {
    "run_id": "runId",
    "root_run_id": "rootRunId",
    "step": "step",
    "server": "server",
    "tool": "tool",
    "target": "target",
    "args_hash": "argsHash",
    "args_value": "args",
    "attempt": "attempt",
    "fence": "fence",
    "epoch": "epoch",
    "idempotent": "idempotent",
    "intended_at": "intendedAt",
    "deadline_at": "deadlineAt",
}
_OUTCOME = {
    "status": "status",
    "settled_at": "settledAt",
    "outcome_value": "outcome",
    "settled_by": "settledBy",
    "completion": "completion",
}
_MEMBERS: dict[str, dict[str, bool]] = {
    # kind → its members, and whether they may be None.
    "record": {"scope": False, "record": False, "key": False, "generation": False, "action": False, "revision": False},
    "once": {"scope": False, "key": False, "window": True},
    "start": {"scope": False, "key": False},
    "step": {"rootRun": False, "step": False},
}
_STATUSES = ("intended", "done", "failed", "ambiguous")

EFFECTS = Table(
    "effects",
    ["id"],
    {"id": "id", **{column: f"identity.{member}" for column, member in _IDENTITY.items()}, **_INTENT, **_OUTCOME},
    flags=["idempotent"],
)
"""Without `place`, which only orders rows. Members of the identity are told from those of the row."""

_EXPECTED = " WHERE id = ? AND status = ? AND attempt = ? AND fence = ?"


def _setting(columns: Sequence[str]) -> str:
    return f"UPDATE effects SET {', '.join(f'{column} = ?' for column in columns)}{_EXPECTED}"


_INTEND_AGAIN = _setting([*_INTENT, *_OUTCOME])
_SETTLE = _setting([*_OUTCOME])


class EffectRows:
    """See `state.LedgerTx`."""

    _connection: SqlConnection

    async def get_effect(self, id: EffectId) -> LedgerEntry | None:
        rows = await self._connection.all(f"{EFFECTS.select} WHERE id = ?", [id])
        if not rows:
            return None
        if rows[0]["id"] != id:
            raise corrupt(f"The ledger gives the row {rows[0]['id']} for the effect {id}.")
        return _to_entry(rows[0])

    async def put_effect(self, entry: LedgerEntry, expected: ExpectedEffect | None) -> bool:
        row = {**_from_identity(entry["identity"]), **entry}
        if expected is None:
            return await self._connection.run(EFFECTS.insert, EFFECTS.values(row)) == 1
        is_intent = entry["status"] == "intended"
        values = EFFECTS.values(row, [*_INTENT, *_OUTCOME] if is_intent else [*_OUTCOME])
        there = [entry["id"], expected["status"], expected["attempt"], expected["fence"]]
        return await self._connection.run(_INTEND_AGAIN if is_intent else _SETTLE, [*values, *there]) == 1

    async def complete_effect(self, id: EffectId, completion: str) -> None:
        await self._connection.run(
            "UPDATE effects SET completion = ? WHERE id = ? AND status = 'done' AND completion IS NULL",
            [completion, id],
        )

    async def list_effects(
        self,
        *,
        limit: int,
        run_id: str | None = None,
        root_run_id: str | None = None,
        status: Sequence[LedgerStatus] | None = None,
        before: Place | None = None,
    ) -> list[LedgerEntry]:
        asked = Conditions()
        asked.equal("run_id", run_id)
        asked.equal("root_run_id", root_run_id)
        asked.one_of("status", status)
        if before is not None:
            asked.that(
                "(intended_at < ? OR (intended_at = ? AND place < (SELECT other.place FROM effects AS other WHERE other.id = ?)))",
                before.at,
                before.at,
                before.id,
            )
        rows = await self._connection.all(
            f"{EFFECTS.select}{asked.sql} ORDER BY intended_at DESC, place DESC LIMIT ?", [*asked.values, limit]
        )
        return [_to_entry(row) for row in rows]

    async def count_writes(
        self,
        *,
        since: int,
        besides: EffectId,
        most: int,
        workflows: Sequence[str] | None = None,
        server: str | None = None,
        tool: str | None = None,
    ) -> int:
        asked = Conditions()
        asked.that(
            "effects.intended_at >= ? AND effects.tool IS NOT NULL AND effects.status <> 'failed' AND effects.id <> ?",
            since,
            besides,
        )
        asked.equal("effects.server", server)
        asked.equal("effects.tool", tool)
        if workflows is not None:
            runs = Conditions()
            runs.that("runs.id = effects.run_id")
            runs.one_of("runs.workflow", workflows)
            asked.that(f"EXISTS (SELECT runs.id FROM runs{runs.sql})", *runs.values)
        rows = await self._connection.all(
            f"SELECT COUNT(*) AS count FROM (SELECT effects.place FROM effects{asked.sql} LIMIT ?) AS counted",
            [*asked.values, most],
        )
        return int(rows[0]["count"])

    async def last_effect_of(self, key: RecordKey) -> LedgerEntry | None:
        rows = await self._connection.all(
            f"{EFFECTS.select} WHERE kind = 'record' AND scope = ? AND record = ? AND key = ? ORDER BY intended_at DESC, generation DESC, revision DESC, place DESC LIMIT 1",
            [key["scope"], key["record"], key["key"]],
        )
        return _to_entry(rows[0]) if rows else None


def _from_identity(identity: EffectIdentity) -> dict[str, Any]:
    return {f"identity.{member}": identity.get(member) for member in _IDENTITY.values()}


def _to_entry(row: SqlRow) -> LedgerEntry:
    # Whether a write is made again hangs on this word: it is never taken on trust.
    if row["status"] not in _STATUSES:
        raise corrupt(f"The ledger's row {row['id']} has no known status.")
    kept = EFFECTS.kept(row)
    members = _MEMBERS.get(row["kind"])
    if members is None or any(
        kept[f"identity.{member}"] is None and not may_be_none for member, may_be_none in members.items()
    ):
        raise corrupt(f"The ledger's row {row['id']} has no whole identity.")
    identity = {"kind": row["kind"], **{member: kept[f"identity.{member}"] for member in members}}
    rest = {member: value for member, value in kept.items() if not member.startswith("identity.")}
    return cast(LedgerEntry, {"id": rest.pop("id"), "identity": identity, **rest})
