"""Run as a process of its own, to be killed: `python -m offstage.testing.commit_for_ever FIRST PLACE…`.

Commits one effect and its journal row after the other and says each number once its transaction is acknowledged.
"""

import asyncio
import sys

from offstage.state import StoreTx
from offstage.testing.store_places import place_from
from offstage.testing.store_samples import numbered_entry, numbered_row


async def main(first: int, place: list[str]) -> None:
    """See above."""
    store = await place_from(place).open()
    number = first

    async def write(t: StoreTx) -> None:
        assert await t.put_effect(numbered_entry(number), None)
        await t.append_journal("run-1", [numbered_row(number)])

    while True:
        await store.transact(write, durable=True)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        number += 1


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2:]))
