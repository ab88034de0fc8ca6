"""The part of a transaction that keeps what records are bound to."""

from typing import cast

from offstage.model import Binding, RecordKey
from offstage.state import BindingPlace

from .connection import SqlConnection, SqlRow
from .table import Conditions, Table

BINDINGS = Table(
    "bindings",
    ["scope", "record", "key", "generation"],
    {
        "scope": "scope",
        "record": "record",
        "key": "key",
        "generation": "generation",
        "revision": "revision",
        "kept_value": "kept",
        "target_key": "targetKey",
        "adopted": "adopted",
        "server": "server",
        "target": "target",
        "bound_at": "boundAt",
        "released_at": "releasedAt",
        "gone_since": "goneSince",
        "not_converging": "notConverging",
        "workflow": "workflow",
        "inputs_hash": "inputsHash",
        "last_seen_at": "lastSeenAt",
        "last_seen_run": "lastSeenRun",
        "missed_sweeps": "missedSweeps",
        "epoch": "epoch",
    },
    flags=["adopted"],
)
_SUPERSEDE = "UPDATE bindings SET released_at = ? WHERE scope = ? AND record = ? AND key = ? AND generation < ? AND released_at IS NULL"


class BindingRows:
    """See `state.BindingsTx`."""

    _connection: SqlConnection

    async def get_binding(self, key: RecordKey) -> Binding | None:
        rows = await self._connection.all(
            f"{BINDINGS.select} WHERE scope = ? AND record = ? AND key = ? ORDER BY generation DESC LIMIT 1",
            [key["scope"], key["record"], key["key"]],
        )
        return _to_binding(rows[0]) if rows else None

    async def put_binding(self, binding: Binding) -> None:
        if binding["generation"] > 1:
            await self._connection.run(
                _SUPERSEDE,
                [binding["boundAt"], binding["scope"], binding["record"], binding["key"], binding["generation"]],
            )
        await self._connection.run(BINDINGS.upsert, BINDINGS.values(binding))

    async def list_bindings(
        self,
        *,
        limit: int,
        scope: str | None = None,
        record: str | None = None,
        key: str | None = None,
        live: bool | None = None,
        after: BindingPlace | None = None,
    ) -> list[Binding]:
        asked = Conditions()
        asked.equal("scope", scope)
        asked.equal("record", record)
        asked.equal("key", key)
        if live is not None:
            asked.that("released_at IS NULL" if live else "released_at IS NOT NULL")
        if after is not None:
            asked.that(
                "(scope, record, key, generation) > (?, ?, ?, ?)",
                after["scope"],
                after["record"],
                after["key"],
                after["generation"],
            )
        rows = await self._connection.all(
            f"{BINDINGS.select}{asked.sql} ORDER BY scope, record, key, generation LIMIT ?", [*asked.values, limit]
        )
        return [_to_binding(row) for row in rows]

    async def count_bindings(self, scope: str, record: str) -> int:
        rows = await self._connection.all(
            "SELECT COUNT(*) AS count FROM bindings WHERE scope = ? AND record = ? AND released_at IS NULL",
            [scope, record],
        )
        return int(rows[0]["count"])

    async def binding_of_target(self, scope: str, record: str, target_key: str) -> Binding | None:
        rows = await self._connection.all(
            f"{BINDINGS.select} WHERE scope = ? AND record = ? AND target_key = ? AND released_at IS NULL",
            [scope, record, target_key],
        )
        return _to_binding(rows[0]) if rows else None


def _to_binding(row: SqlRow) -> Binding:
    return cast(Binding, BINDINGS.kept(row))
