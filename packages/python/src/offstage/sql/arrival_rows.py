"""The part of a transaction that keeps what came for workflows."""

from collections.abc import Sequence
from typing import cast

from offstage.model import Arrival

from .connection import SqlConnection, SqlRow, marks
from .run_rows import GOING
from .table import Conditions, Table

ARRIVALS = Table(
    "arrivals",
    ["workflow", "trigger", "id"],
    {
        "workflow": "workflow",
        "trigger": "trigger",
        "id": "id",
        "key": "key",
        "overlap": "overlap",
        "sweep": "sweep",
        "each": "each",
        "arrived_at": "arrivedAt",
        "due_at": "dueAt",
        "status": "status",
        "run_id": "runId",
        "why": "why",
        "event_value": "event",
    },
    flags=["sweep", "each"],
)
_PLACED = ARRIVALS.select.replace("SELECT ", "SELECT arrivals.place, ", 1)
_PUT_SCHEDULE = "INSERT INTO schedules (workflow, trigger, seen_until) VALUES (?, ?, ?) ON CONFLICT (workflow, trigger) DO UPDATE SET seen_until = excluded.seen_until"


class ArrivalRows:
    """See `state.ArrivalsTx`."""

    _connection: SqlConnection

    async def add_arrival(self, arrival: Arrival) -> bool:
        return await self._connection.run(ARRIVALS.insert, ARRIVALS.values(arrival)) > 0

    async def get_arrival(self, workflow: str, trigger: str, id: str) -> Arrival | None:
        rows = await self._connection.all(
            f"{ARRIVALS.select} WHERE workflow = ? AND trigger = ? AND id = ?", [workflow, trigger, id]
        )
        return _to_arrival(rows[0]) if rows else None

    async def arrival_of(self, run_id: str) -> Arrival | None:
        rows = await self._connection.all(f"{ARRIVALS.select} WHERE run_id = ?", [run_id])
        return _to_arrival(rows[0]) if rows else None

    async def put_arrival(self, arrival: Arrival) -> None:
        await self._connection.run(ARRIVALS.upsert, ARRIVALS.values(arrival))

    async def admissible_arrivals(
        self, *, workflows: Sequence[str], now: int, starts: int, limit: int
    ) -> list[Arrival]:
        named = marks(workflows)
        # Index alone, but for the rows that are given: thousands may wait behind the first of a key.
        firsts = f"SELECT workflow, key, MIN(place) AS first FROM arrivals WHERE status = 'waiting' AND workflow IN ({named}) AND due_at <= ? GROUP BY workflow, key"
        going = f"SELECT runs.id FROM runs WHERE runs.workflow = firsts.workflow AND runs.turn = firsts.key AND runs.status IN {GOING}"
        free = await self._connection.all(
            f"{_PLACED} WHERE place IN (SELECT firsts.first FROM ({firsts}) AS firsts WHERE NOT EXISTS ({going}) ORDER BY firsts.first LIMIT ?)",
            [*workflows, now, starts],
        )
        # By the index of just these, not by that of workflows: the others may be thousands.
        unsteady = await self._connection.all(
            f"{_PLACED} WHERE status = 'waiting' AND (overlap <> 'queue' OR each = 0) AND workflow || '' IN ({named}) AND due_at <= ? ORDER BY place LIMIT ?",
            [*workflows, now, limit],
        )
        if len(free) >= starts:
            # Behind the last of so many: who comes before them in their turn may not be here.
            last = max(row["place"] for row in free)
            unsteady = [row for row in unsteady if row["place"] <= last]
        by_place = {row["place"]: row for row in [*free, *unsteady]}
        return [_to_arrival(by_place[place]) for place in sorted(by_place)]

    async def count_waiting_arrivals(self, *, workflows: Sequence[str], limit: int) -> int:
        asked = Conditions()
        asked.that("status = 'waiting'")
        asked.one_of("workflow", workflows)
        return len(await self._connection.all(f"SELECT place FROM arrivals{asked.sql} LIMIT ?", [*asked.values, limit]))

    async def get_schedule(self, workflow: str, trigger: str) -> int | None:
        rows = await self._connection.all(
            "SELECT seen_until FROM schedules WHERE workflow = ? AND trigger = ?", [workflow, trigger]
        )
        return rows[0]["seen_until"] if rows else None

    async def put_schedule(self, workflow: str, trigger: str, seen_until: int) -> None:
        await self._connection.run(_PUT_SCHEDULE, [workflow, trigger, seen_until])


def _to_arrival(row: SqlRow) -> Arrival:
    return cast(Arrival, ARRIVALS.kept(row))
