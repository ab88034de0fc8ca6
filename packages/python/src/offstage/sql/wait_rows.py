"""The part of a transaction that keeps what runs wait for, and what steps that wait were offered."""

from collections.abc import Sequence

from offstage.base import encode_value
from offstage.model import Run, StepKey, Wait, WaitKind, WaitStatus
from offstage.state import EventOffer, OfferedEvent

from .connection import SqlConnection, SqlRow
from .read_value import read_value
from .run_rows import RUNS, to_run
from .table import Conditions

_COLUMNS = ("run_id", "step", "id", "kind", "status", "topic", "since", "until", "wait_value")
_UPSERT = (
    f"INSERT INTO waits ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "
    f"ON CONFLICT (run_id, step) DO UPDATE SET {', '.join(f'{column} = excluded.{column}' for column in _COLUMNS)}"
)
_SELECT = "SELECT wait_value FROM waits"
# Literals, so that the databases see that an index of few rows has what is asked for; and no index of runs by their status in these two:
# thousands may be parked, and few of them have what they wait for.
_DUE = (
    f"{RUNS.select} WHERE id IN (SELECT run_id FROM waits WHERE status = 'ready' UNION ALL SELECT run_id FROM waits WHERE status = 'open' AND until <= ?) "
    "AND status || '' = 'parked' ORDER BY created_at, id LIMIT ?"
)
_WAKE = (
    "SELECT until FROM waits WHERE status = 'open' AND until IS NOT NULL "
    "AND (SELECT runs.status FROM runs WHERE runs.id = waits.run_id) = 'parked' ORDER BY until LIMIT 1"
)
_OFFER = "INSERT INTO events (run_id, step, id, offered_at, event_value) VALUES (?, ?, ?, ?, ?) ON CONFLICT (run_id, step, id) DO NOTHING"
_REMEMBER = "INSERT INTO event_ids (run_id, topic, id) VALUES (?, ?, ?) ON CONFLICT (run_id, topic, id) DO NOTHING"


class WaitRows:
    """See `state.WaitsTx`."""

    _connection: SqlConnection

    async def get_wait(self, run_id: str, step: StepKey) -> Wait | None:
        rows = await self._connection.all(f"{_SELECT} WHERE run_id = ? AND step = ?", [run_id, step])
        return _to_wait(rows[0]) if rows else None

    async def put_wait(self, wait: Wait) -> None:
        topic = wait["topic"] if wait["kind"] == "approval" or wait["kind"] == "event" else None
        await self._connection.run(
            _UPSERT,
            [
                wait["runId"],
                wait["step"],
                wait["id"],
                wait["kind"],
                wait["status"],
                topic,
                wait["since"],
                wait["until"],
                encode_value(wait),
            ],
        )

    async def remove_wait(self, run_id: str, step: StepKey) -> None:
        for table in ("waits", "events"):
            await self._connection.run(f"DELETE FROM {table} WHERE run_id = ? AND step = ?", [run_id, step])

    async def list_waits(
        self,
        *,
        limit: int,
        run_id: str | None = None,
        kind: WaitKind | None = None,
        topic: str | None = None,
        status: Sequence[WaitStatus] | None = None,
    ) -> list[Wait]:
        asked = Conditions()
        asked.equal("run_id", run_id)
        asked.equal("kind", kind)
        asked.equal("topic", topic)
        asked.one_of("status", status)
        rows = await self._connection.all(
            f"{_SELECT}{asked.sql} ORDER BY since DESC, id DESC LIMIT ?", [*asked.values, limit]
        )
        return [_to_wait(row) for row in rows]

    async def waits_of(self, run_id: str) -> list[Wait]:
        return [
            _to_wait(row)
            for row in await self._connection.all(f"{_SELECT} WHERE run_id = ? ORDER BY since DESC, id DESC", [run_id])
        ]

    async def open_topics(self) -> list[str]:
        rows = await self._connection.all(
            "SELECT DISTINCT topic FROM waits WHERE topic IS NOT NULL AND kind = 'event' AND status IN ('open', 'ready') ORDER BY topic"
        )
        return [row["topic"] for row in rows]

    async def due_runs(self, now: int, limit: int) -> list[Run]:
        return [to_run(row) for row in await self._connection.all(_DUE, [now, limit])]

    async def next_wake(self) -> int | None:
        rows = await self._connection.all(_WAKE)
        return rows[0]["until"] if rows else None

    async def offer_event(self, offer: EventOffer) -> bool:
        values = [offer["runId"], offer["step"], offer["id"], offer["offeredAt"], encode_value(offer["event"])]
        return await self._connection.run(_OFFER, values) > 0

    async def remember_event(self, run_id: str, topic: str, id: str) -> bool:
        return await self._connection.run(_REMEMBER, [run_id, topic, id]) > 0

    async def forget_events(self, run_id: str) -> None:
        await self._connection.run("DELETE FROM event_ids WHERE run_id = ?", [run_id])

    async def next_event(self, run_id: str, step: StepKey, place: int) -> OfferedEvent | None:
        rows = await self._connection.all(
            "SELECT place, event_value FROM events WHERE run_id = ? AND step = ? AND place > ? ORDER BY place LIMIT 1",
            [run_id, step, place],
        )
        return OfferedEvent(rows[0]["place"], read_value(rows[0]["event_value"] or "null")) if rows else None

    async def clear_events(self, run_id: str, step: StepKey, place: int) -> None:
        await self._connection.run(
            "UPDATE events SET event_value = NULL WHERE run_id = ? AND step = ? AND place <= ? AND event_value IS NOT NULL",
            [run_id, step, place],
        )


def _to_wait(row: SqlRow) -> Wait:
    return read_value(row["wait_value"])
