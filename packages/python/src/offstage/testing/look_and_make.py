"""Run as a process of its own: `python -m offstage.testing.look_and_make URL SCHEMA NEW`.

Looks at TypeScript's store in one schema, says as JSON what it found there, and puts the same rows into a store of its own in another.
"""

import asyncio
import json
import sys

from offstage.model import LedgerEntry
from offstage.state import JournalRow, StoreTx
from offstage.stores.postgres import open_postgres_store
from offstage.testing.store_places import NOW, code_of
from offstage.testing.store_samples import numbered_entry


async def main(url: str, schema: str, new: str) -> None:
    """See above."""
    theirs, ours = [await open_postgres_store(url, schema=name, now=NOW) for name in (schema, new)]

    async def look(t: StoreTx) -> tuple[list[LedgerEntry], list[JournalRow]]:
        return await t.list_effects(limit=1_000), await t.load_journal("run-1")

    effects, journal = await theirs.transact(look, durable=False, reads=True)
    by_id = {effect["id"]: effect for effect in effects}
    expected = [numbered_entry(number) for number in range(len(effects))]

    async def put(t: StoreTx) -> None:
        for effect in reversed(effects):
            await t.put_effect(effect, None)
        await t.append_journal("run-1", journal)

    await ours.transact(put, durable=True)
    said = {
        "id": theirs.id,
        "effects": len(effects),
        "same": all(by_id.get(entry["id"]) == entry for entry in expected),
        "journal": len(journal),
        "write": await code_of(theirs.transact(lambda t: t.next_fence(), durable=True)),
    }
    await theirs.close()
    await ours.close()
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
