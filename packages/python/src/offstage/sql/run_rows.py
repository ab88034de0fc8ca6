"""The part of a transaction that keeps runs, their programs, their journals and plans."""

from collections.abc import Sequence
from typing import cast

from offstage.base import Json, encode_value
from offstage.model import Run, RunPhase, RunStatus, StepKey
from offstage.state import JournalRow, Place, PlanRow

from .connection import SqlConnection, SqlRow
from .read_value import read_value
from .table import Conditions, Table

RUNS = Table(
    "runs",
    ["id"],
    {
        "id": "id",
        "root_run_id": "rootRunId",
        "workflow": "workflow",
        "scope": "scope",
        "program_hash": "programHash",
        "phase": "phase",
        "status": "status",
        "created_at": "createdAt",
        "started_at": "startedAt",
        "ended_at": "endedAt",
        "inputs_value": "inputs",
        "event_value": "event",
        "output_value": "output",
        "error_value": "error",
        "failures_value": "failures",
        "held_value": "held",
        "ambiguous_value": "ambiguous",
        "counts_value": "counts",
        "waits_value": "waits",
        "driven_ms": "drivenMs",
        "sweep": "sweep",
        "turn": "turn",
    },
    flags=["sweep"],
)

GOING = "('queued', 'running', 'parked')"
"""As literals: an index of runs that go on is small, and found only when the database sees what is asked for."""

_JOURNAL = "INSERT INTO journal (run_id, key, kind, hash, value) VALUES (?, ?, ?, ?, ?) ON CONFLICT (run_id, key) DO UPDATE SET kind = excluded.kind, hash = excluded.hash, value = excluded.value"
_PLANS = Table(
    "plans",
    ["id"],
    {
        "id": "id",
        "workflow": "workflow",
        "created_at": "createdAt",
        "expires_at": "expiresAt",
        "applied_at": "appliedAt",
        "plan_value": "plan",
        "error_value": "error",
    },
)


def to_run(row: SqlRow) -> Run:
    """A run as its row has it."""
    return cast(Run, RUNS.kept(row))


class RunRows:
    """See `state.RunsTx`."""

    _connection: SqlConnection

    async def get_run(self, id: str) -> Run | None:
        rows = await self._connection.all(f"{RUNS.select} WHERE id = ?", [id])
        return to_run(rows[0]) if rows else None

    async def put_run(self, run: Run) -> None:
        await self._connection.run(RUNS.upsert, RUNS.values(run))

    async def list_runs(
        self,
        *,
        limit: int,
        status: Sequence[RunStatus] | None = None,
        workflow: str | None = None,
        root_run_id: str | None = None,
        before: Place | None = None,
    ) -> list[Run]:
        asked = Conditions()
        asked.one_of("status", status)
        asked.equal("workflow", workflow)
        asked.equal("root_run_id", root_run_id)
        if before is not None:
            asked.that("(created_at < ? OR (created_at = ? AND id < ?))", before.at, before.at, before.id)
        rows = await self._connection.all(
            f"{RUNS.select}{asked.sql} ORDER BY created_at DESC, id DESC LIMIT ?", [*asked.values, limit]
        )
        return [to_run(row) for row in rows]

    async def begun_runs(self, limit: int) -> list[Run]:
        runs: list[Run] = []
        for status in ("queued", "running"):
            rows = await self._connection.all(
                f"{RUNS.select} WHERE status = '{status}' ORDER BY created_at, id LIMIT ?", [limit]
            )
            runs.extend(to_run(row) for row in rows)
        return sorted(runs, key=lambda run: (run["createdAt"], run["id"]))[:limit]

    async def count_queued(self, limit: int, phase: RunPhase | None = None) -> int:
        asked = Conditions()
        asked.that("status = 'queued'")
        asked.equal("phase", phase)
        return len(await self._connection.all(f"SELECT id FROM runs{asked.sql} LIMIT ?", [*asked.values, limit]))

    async def going_run(self, workflow: str, turn: str) -> str | None:
        rows = await self._connection.all(
            f"SELECT id FROM runs WHERE workflow = ? AND turn = ? AND status IN {GOING} LIMIT 1", [workflow, turn]
        )
        return rows[0]["id"] if rows else None

    async def get_program(self, hash: str) -> Json:
        rows = await self._connection.all("SELECT program_value FROM programs WHERE hash = ?", [hash])
        return read_value(rows[0]["program_value"]) if rows else None

    async def put_program(self, hash: str, program: Json) -> None:
        # Each run brings its program, and few are new: one is large to write.
        if not await self._connection.all("SELECT hash FROM programs WHERE hash = ?", [hash]):
            await self._connection.run(
                "INSERT INTO programs (hash, program_value) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING",
                [hash, encode_value(program)],
            )

    async def load_journal(self, run_id: str) -> list[JournalRow]:
        rows = await self._connection.all(
            "SELECT key, kind, hash, value FROM journal WHERE run_id = ? ORDER BY place", [run_id]
        )
        return [cast(JournalRow, dict(row)) for row in rows]

    async def append_journal(self, run_id: str, rows: Sequence[JournalRow]) -> None:
        for row in rows:
            await self._connection.run(_JOURNAL, [run_id, row["key"], row["kind"], row["hash"], row["value"]])

    async def clear_journal(self, run_id: str, key: StepKey) -> None:
        await self._connection.run("DELETE FROM journal WHERE run_id = ? AND key = ?", [run_id, key])
        # All keys that begin with `key/`: "0" is the character after "/". A statement of its own, because an OR keeps SQLite from using the index for a range.
        await self._connection.run(
            "DELETE FROM journal WHERE run_id = ? AND key >= ? AND key < ?", [run_id, f"{key}/", f"{key}0"]
        )

    async def get_plan(self, id: str) -> PlanRow | None:
        rows = await self._connection.all(f"{_PLANS.select} WHERE id = ?", [id])
        if not rows:
            return None
        kept = _PLANS.kept(rows[0])
        return {"plan": kept["plan"], "appliedAt": kept["appliedAt"], "error": kept["error"]}

    async def put_plan(self, plan: PlanRow) -> None:
        await self._connection.run(_PLANS.upsert, _PLANS.values({**plan["plan"], **plan}))
