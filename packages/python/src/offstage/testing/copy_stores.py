"""Run as a process of its own: `python -m offstage.testing.copy_stores FROM TO`.

Reads every store of a folder row by row, and puts each row into a new store of the same name in another folder. Says, a line of JSON each:
what it read, and what became of a write in the store that it read from.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from offstage.model import effect_id
from offstage.state import MetaName, StoreTx
from offstage.stores.sqlite import open_sqlite_store
from offstage.stores.sqlite.sqlite_connection import SqliteConnection
from offstage.testing.store_places import NOW, code_of

_ALL = 1_000_000
_META: tuple[MetaName, ...] = ("epoch", "paused", "restored-at", "doubt-ended", "removed-until")


async def _keys(file: Path, sql: str) -> list[tuple[Any, ...]]:
    """What only a key is needed for: no list of it is any part of a store."""
    connection = SqliteConnection(str(file), 5_000)
    rows = [tuple(row.values()) for row in await connection.all(sql)]
    connection.close()
    return rows


async def _copy_runs(file: Path, source: StoreTx, target: StoreTx) -> dict[str, int]:
    runs = await source.list_runs(limit=_ALL)
    steps = 0
    for run in runs:
        await target.put_run(run)
        journal = await source.load_journal(run["id"])
        steps += len(journal)
        await target.append_journal(run["id"], journal)
    for (hash,) in await _keys(file, "SELECT hash FROM programs"):
        await target.put_program(hash, await source.get_program(hash))
    for (workflow,) in await _keys(file, "SELECT workflow FROM scopes"):
        await target.put_scope(workflow, await source.get_scope(workflow) or "")
    plans = [await source.get_plan(id) for (id,) in await _keys(file, "SELECT id FROM plans")]
    for plan in plans:
        if plan is not None:
            await target.put_plan(plan)
    return {"runs": len(runs), "journal": steps, "plans": len(plans)}


async def _copy_writes(source: StoreTx, target: StoreTx) -> dict[str, int]:
    effects = await source.list_effects(limit=_ALL)
    for effect in reversed(effects):
        if effect_id(effect["identity"]) != effect["id"]:
            raise AssertionError(f"The effect {effect['id']} has the id {effect_id(effect['identity'])} here.")
        if not await target.put_effect(effect, None):
            raise AssertionError(f"The effect {effect['id']} is there twice.")
    bindings = await source.list_bindings(limit=_ALL)
    for binding in bindings:
        await target.put_binding(binding)
    requests = await source.list_requests(limit=_ALL)
    for request in requests:
        await target.put_request(request)
    return {"effects": len(effects), "bindings": len(bindings), "requests": len(requests)}


async def _copy_rest(file: Path, source: StoreTx, target: StoreTx) -> dict[str, int]:
    waits = await source.list_waits(limit=_ALL)
    for wait in waits:
        await target.put_wait(wait)
    arrivals = await _keys(file, "SELECT workflow, trigger, id FROM arrivals ORDER BY place")
    for key in arrivals:
        arrival = await source.get_arrival(*key)
        if arrival is not None:
            await target.add_arrival(arrival)
    for workflow, trigger in await _keys(file, "SELECT workflow, trigger FROM schedules"):
        seen = await source.get_schedule(workflow, trigger)
        await target.put_schedule(workflow, trigger, seen or 0)
    states = await _keys(file, "SELECT scope, name, key FROM states")
    for scope, name, key in states:
        state = await source.get_state(scope, name, key)
        # As often as it was put there: the version counts.
        for version in range(state.version if state else 0):
            await target.put_state(scope, name, key, state.value if state else "", version)
    for hash, kept_at in await _keys(file, "SELECT hash, kept_at FROM blobs"):
        await target.put_blob(hash, await source.get_blob(hash) or b"", kept_at)
    for fact in _META:
        value = await source.get_meta(fact)
        if value != await target.get_meta(fact):
            await target.put_meta(fact, value)
    await target.put_lease(await source.get_lease())
    return {"waits": len(waits), "arrivals": len(arrivals), "states": len(states)}


async def _copy(file: Path, to: Path) -> dict[str, object]:
    source, target = await open_sqlite_store(file, now=NOW), await open_sqlite_store(to, now=NOW)

    async def read(here: StoreTx) -> dict[str, int]:
        async def write(there: StoreTx) -> dict[str, int]:
            runs = await _copy_runs(file, here, there)
            return {**runs, **await _copy_writes(here, there), **await _copy_rest(file, here, there)}

        return await target.transact(write, durable=True)

    counts = await source.transact(read, durable=False, reads=True)
    refused = await code_of(source.transact(lambda t: t.next_fence(), durable=True))
    await source.close()
    await target.close()
    return {"store": file.name, "counts": counts, "write": refused}


async def main(files: list[Path], target: Path) -> None:
    """See above."""
    for file in files:
        sys.stdout.write(f"{json.dumps(await _copy(file, target / file.name))}\n")


if __name__ == "__main__":
    asyncio.run(main(sorted(Path(sys.argv[1]).glob("*.db")), Path(sys.argv[2])))
