"""The part of a transaction that keeps durable values, bytes, scopes, the lease, lanes and store-wide facts."""

from typing import cast

from offstage.base import Json, OffstageError, encode_value
from offstage.state import ArrivalTally, LaneNow, Lease, MetaName, RunTally, StateValue, Tally

from .connection import SqlConnection
from .read_value import corrupt, read_value

_META_DEFAULTS: dict[MetaName, Json] = {
    "epoch": 1,
    "paused": [],
    "restored-at": None,
    "doubt-ended": None,
    "removed-until": None,
}
"""What a fact is in a store that nobody told otherwise."""

_LEASE = ("fence", "host", "boot", "pid", "started", "taken_at", "expires_at")
_PUT_LEASE = (
    f"INSERT INTO leases (one, {', '.join(_LEASE)}) VALUES (1, {', '.join('?' * len(_LEASE))}) "
    f"ON CONFLICT (one) DO UPDATE SET {', '.join(f'{column} = excluded.{column}' for column in _LEASE)}"
)

NOW_MS = "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS BIGINT)"
"""The database's clock: machines have different ones, and all of them have to mean the same by an instant."""


class FactRows:
    """See `state.FactsTx`."""

    _connection: SqlConnection

    async def get_state(self, scope: str, name: str, key: str) -> StateValue | None:
        rows = await self._connection.all(
            "SELECT value, version FROM states WHERE scope = ? AND name = ? AND key = ?", [scope, name, key]
        )
        return StateValue(rows[0]["value"], rows[0]["version"]) if rows else None

    async def put_state(self, scope: str, name: str, key: str, value: str, expected: int) -> bool:
        if expected == 0:
            sql = "INSERT INTO states (scope, name, key, value, version) VALUES (?, ?, ?, ?, 1) ON CONFLICT (scope, name, key) DO NOTHING"
            return await self._connection.run(sql, [scope, name, key, value]) == 1
        sql = "UPDATE states SET value = ?, version = version + 1 WHERE scope = ? AND name = ? AND key = ? AND version = ?"
        return await self._connection.run(sql, [value, scope, name, key, expected]) == 1

    async def get_blob(self, hash: str) -> bytes | None:
        rows = await self._connection.all("SELECT bytes FROM blobs WHERE hash = ?", [hash])
        return bytes(rows[0]["bytes"]) if rows else None

    async def put_blob(self, hash: str, data: bytes, kept_at: int) -> None:
        await self._connection.run(
            "INSERT INTO blobs (hash, kept_at, bytes) VALUES (?, ?, ?) "
            "ON CONFLICT (hash) DO UPDATE SET kept_at = excluded.kept_at WHERE blobs.kept_at < excluded.kept_at",
            [hash, kept_at, data],
        )

    async def get_scope(self, workflow: str) -> str | None:
        rows = await self._connection.all("SELECT scope FROM scopes WHERE workflow = ?", [workflow])
        return rows[0]["scope"] if rows else None

    async def put_scope(self, workflow: str, scope: str) -> None:
        await self._connection.run(
            "INSERT INTO scopes (workflow, scope) VALUES (?, ?) ON CONFLICT (workflow) DO UPDATE SET scope = excluded.scope",
            [workflow, scope],
        )

    async def get_lease(self) -> Lease | None:
        rows = await self._connection.all(f"SELECT {', '.join(_LEASE)} FROM leases")
        if not rows:
            return None
        row = rows[0]
        holder = {name: row[name] for name in ("host", "boot", "pid", "started")}
        return cast(
            Lease, {"fence": row["fence"], "holder": holder, "takenAt": row["taken_at"], "expiresAt": row["expires_at"]}
        )

    async def put_lease(self, lease: Lease | None) -> None:
        if lease is None:
            await self._connection.run("DELETE FROM leases")
            return
        holder = lease["holder"]
        values = [
            lease["fence"],
            holder["host"],
            holder["boot"],
            holder["pid"],
            holder["started"],
            lease["takenAt"],
            lease["expiresAt"],
        ]
        await self._connection.run(_PUT_LEASE, values)

    async def next_fence(self) -> int:
        await self._connection.run("UPDATE fences SET last = last + 1")
        return await last_fence(self._connection)

    async def get_lane(self, credential: str) -> LaneNow:
        rows = await self._connection.all(
            f"SELECT {NOW_MS} AS now, (SELECT lane_value FROM lanes WHERE credential = ?) AS lane_value", [credential]
        )
        kept = rows[0]["lane_value"]
        return LaneNow(None if kept is None else read_value(kept), int(rows[0]["now"]))

    async def put_lane(self, credential: str, lane: Json) -> None:
        await self._connection.run(
            "INSERT INTO lanes (credential, lane_value) VALUES (?, ?) ON CONFLICT (credential) DO UPDATE SET lane_value = excluded.lane_value",
            [credential, encode_value(lane)],
        )

    async def tally(self) -> Tally:
        runs = await self._connection.all(
            "SELECT workflow, status, COUNT(*) AS count FROM runs WHERE status IN ('queued', 'running', 'parked') GROUP BY workflow, status ORDER BY workflow, status"
        )
        arrivals = await self._connection.all(
            "SELECT workflow, COUNT(*) AS count, MIN(due_at) AS first FROM arrivals WHERE status = 'waiting' GROUP BY workflow ORDER BY workflow"
        )
        requests = await self._connection.all("SELECT COUNT(*) AS count FROM requests WHERE status = 'open'")
        questions = await self._connection.all(
            "SELECT COUNT(*) AS count FROM waits WHERE status = 'open' AND kind = 'approval'"
        )
        return {
            "runs": [cast(RunTally, dict(row)) for row in runs],
            "arrivals": [
                ArrivalTally(workflow=row["workflow"], count=row["count"], firstDueAt=row["first"]) for row in arrivals
            ],
            "requests": requests[0]["count"],
            "questions": questions[0]["count"],
        }

    async def get_meta(self, name: MetaName) -> Json:
        rows = await self._connection.all("SELECT meta_value FROM meta WHERE name = ?", [name])
        return read_value(rows[0]["meta_value"]) if rows else _META_DEFAULTS[name]

    async def put_meta(self, name: MetaName, value: Json) -> None:
        await put_fact(self._connection, name, encode_value(value))


async def put_fact(connection: SqlConnection, name: str, text: str) -> None:
    """Keeps a store-wide fact as it is written in the table."""
    await connection.run(
        "INSERT INTO meta (name, meta_value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET meta_value = excluded.meta_value",
        [name, text],
    )


async def last_fence(connection: SqlConnection) -> int:
    """The fencing token that was handed out last."""
    rows = await connection.all("SELECT last FROM fences")
    if not rows:
        raise corrupt("The store has lost its fencing counter.")
    return rows[0]["last"]


async def assert_fence(connection: SqlConnection, fence: int) -> None:
    """Raises LEASE_LOST unless the lease still has this token: asked inside the transaction whose rows it guards."""
    rows = await connection.all("SELECT fence FROM leases")
    if rows and rows[0]["fence"] == fence:
        return
    has = f"has the token {rows[0]['fence']}" if rows else "was given up"
    raise OffstageError(
        "LEASE_LOST",
        f"Another process took the store over: the lease {has}, this process had {fence}.",
        hint="The other process goes on with the runs.",
    )
