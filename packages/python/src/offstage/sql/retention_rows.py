"""The part of a transaction that removes what is over."""

from collections.abc import Sequence

from offstage.state import ChainPlace, Cutoffs, OldChain, RemovedArrivals, RemovedRows

from .connection import SqlConnection, SqlRow, marks
from .read_value import read_value

_LEFT_AT_ONCE = 50
"""How many runs of those that were removed are looked at in one go for what they left."""

_OLD_CHAINS = """
    SELECT root.id AS id, root.created_at AS created_at, (SELECT COUNT(*) FROM runs WHERE runs.root_run_id = root.id) AS runs,
      CASE WHEN NOT EXISTS (SELECT 1 FROM runs WHERE runs.root_run_id = root.id AND (runs.status IN ('queued', 'running', 'parked') OR COALESCE(runs.ended_at, runs.created_at) >= ?))
        AND NOT EXISTS (SELECT 1 FROM requests WHERE requests.root_run_id = root.id AND (requests.status = 'open' OR (requests.status = 'approved' AND requests.expires_at >= ?)))
        AND NOT EXISTS (SELECT 1 FROM effects WHERE effects.root_run_id = root.id AND effects.status IN ('intended', 'ambiguous'))
        AND NOT EXISTS (SELECT 1 FROM plans WHERE plans.id = root.id AND plans.applied_at IS NULL AND plans.expires_at >= ?)
      THEN 1 ELSE 0 END AS removable
    FROM runs root WHERE root.id = root.root_run_id AND root.created_at < ? AND (root.created_at, root.id) > (?, ?) ORDER BY root.created_at, root.id LIMIT ?"""
_OLD_ARRIVALS = """
    SELECT place, arrived_at, CASE WHEN status <> 'waiting' AND arrived_at < ? AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.id = arrivals.run_id) THEN 1 ELSE 0 END AS removable
    FROM arrivals WHERE place > ? ORDER BY place LIMIT ?"""
_OVER_WINDOWS = """
    DELETE FROM effects WHERE place IN (SELECT place FROM effects WHERE kind = 'once' AND once_window > 0 AND intended_at < ?
        AND intended_at + intended_at / once_window + 1 < ? AND status IN ('done', 'failed') LIMIT ?)"""
_LEFT_PROGRAMS = "DELETE FROM programs WHERE hash IN (SELECT hash FROM programs WHERE NOT EXISTS (SELECT 1 FROM runs WHERE runs.program_hash = programs.hash) LIMIT ?)"


class RetentionRows:
    """See `state.RetentionTx`."""

    _connection: SqlConnection

    async def old_chains(self, cutoffs: Cutoffs, after: ChainPlace | None, limit: int) -> list[OldChain]:
        behind = after or ChainPlace(-1, "")
        rows = await self._connection.all(
            _OLD_CHAINS, [cutoffs.runs, cutoffs.now, cutoffs.now, cutoffs.runs, behind.created_at, behind.root, limit]
        )
        return [OldChain(row["id"], row["created_at"], row["runs"], row["removable"] == 1) for row in rows]

    async def remove_chains(self, cutoffs: Cutoffs, roots: Sequence[str]) -> RemovedRows:
        chains = f"root_run_id IN ({marks(roots)})"
        runs = [row["id"] for row in await self._connection.all(f"SELECT id FROM runs WHERE {chains}", roots)]
        ids = marks(runs)
        await self._connection.run(f"DELETE FROM requests WHERE {chains} AND status <> 'denied'", roots)
        await self._remove_waits(runs)
        for table in ("events", "event_ids"):
            await self._connection.run(f"DELETE FROM {table} WHERE run_id IN ({ids})", runs)
        await self._connection.run(f"DELETE FROM plans WHERE id IN ({ids})", runs)
        arrivals = await self._connection.run(
            f"DELETE FROM arrivals WHERE run_id IN ({ids}) AND arrived_at < ?", [*runs, cutoffs.events]
        )
        await self._connection.run(f"INSERT INTO leavings (run_id) SELECT id FROM runs WHERE {chains}", roots)
        await self._connection.run(f"DELETE FROM runs WHERE id IN ({ids})", runs)
        return RemovedRows(len(runs), arrivals)

    async def remove_leavings(self, limit: int) -> bool:
        left = [
            row["run_id"] for row in await self._connection.all("SELECT run_id FROM leavings LIMIT ?", [_LEFT_AT_ONCE])
        ]
        if not left:
            return False
        ids = marks(left)
        changed = [
            await self._connection.run(
                f"DELETE FROM journal WHERE place IN (SELECT place FROM journal WHERE run_id IN ({ids}) LIMIT ?)",
                [*left, limit],
            ),
            # A step's identity lasts as long as its root run.
            await self._connection.run(
                f"DELETE FROM effects WHERE place IN (SELECT place FROM effects WHERE run_id IN ({ids}) AND kind = 'step' LIMIT ?)",
                [*left, limit],
            ),
            # What was done, for people; who did it and what it came to stays, and so does its hash.
            await self._connection.run(
                "UPDATE effects SET args_value = 'null' WHERE place IN "
                f"(SELECT place FROM effects WHERE run_id IN ({ids}) AND kind <> 'step' AND args_value <> 'null' LIMIT ?)",
                [*left, limit],
            ),
        ]
        if all(count < limit for count in changed):
            await self._connection.run(f"DELETE FROM leavings WHERE run_id IN ({ids})", left)
        return True

    async def remove_arrivals(self, cutoffs: Cutoffs, after: int, limit: int) -> RemovedArrivals:
        rows = await self._connection.all(_OLD_ARRIVALS, [cutoffs.events, after, limit])
        over = [row["place"] for row in rows if row["removable"] == 1]
        removed = (
            await self._connection.run(f"DELETE FROM arrivals WHERE place IN ({marks(over)})", over) if over else 0
        )
        is_last = len(rows) < limit or rows[-1]["arrived_at"] >= cutoffs.events
        return RemovedArrivals(removed, None if is_last else rows[-1]["place"])

    async def remove_windows(self, before: int, limit: int) -> int:
        # A window's length is not in its row. It is at most intended_at / once_window, so that this is no earlier than the window's end. A run
        # that goes on, or is gone on with by another one after a person's word, asks for the window of when it first came there: without its
        # row it would write again.
        first = (await self._connection.all("SELECT MIN(created_at) AS first FROM runs"))[0]["first"]
        until = before if first is None else min(before, first)
        return await self._connection.run(_OVER_WINDOWS, [until, until, limit])

    async def remove_programs(self, limit: int) -> int:
        return await self._connection.run(_LEFT_PROGRAMS, [limit])

    async def _remove_waits(self, runs: Sequence[str]) -> None:
        """Of what people were asked, the last answer at each place stays, so that nobody is asked the same again.

        A question that nobody answered in time stays only as long as it hides an older answer.
        """
        ids = marks(runs)
        asked = await self._connection.all(
            f"SELECT DISTINCT topic FROM waits WHERE run_id IN ({ids}) AND kind = 'approval' AND topic IS NOT NULL",
            runs,
        )
        await self._connection.run(f"DELETE FROM waits WHERE run_id IN ({ids}) AND kind <> 'approval'", runs)
        for topic in asked:
            known = await self._connection.all(
                "SELECT id, run_id, status, wait_value, (SELECT COUNT(*) FROM runs WHERE runs.id = waits.run_id) AS run "
                "FROM waits WHERE topic = ? ORDER BY since DESC, id DESC",
                [topic["topic"]],
            )
            going = _going(known, runs)
            if going:
                await self._connection.run(f"DELETE FROM waits WHERE id IN ({marks(going)})", going)


def _going(known: list[SqlRow], runs: Sequence[str]) -> list[str]:
    def is_gone(row: SqlRow) -> bool:
        return row["run"] == 0 or row["run_id"] in runs

    settled = [row for row in known if row["status"] != "open"]
    last = settled[0] if settled else None
    stays = last is not None and (any(not is_gone(one) for one in settled[1:]) or _is_answered(last))
    return [row["id"] for row in known if is_gone(row) and not (row is last and stays)]


def _is_answered(row: SqlRow) -> bool:
    wait = read_value(row["wait_value"])
    return wait["kind"] == "approval" and wait["answer"] is not None
