"""Run as a process of its own: `python -m offstage.testing.take_token PLACE…`. Opens the store and says its id and the fencing token that it took."""

import asyncio
import sys

from offstage.testing.store_places import place_from


async def main(place: list[str]) -> None:
    """See above."""
    store = await place_from(place).open()
    token = await store.transact(lambda t: t.next_fence(), durable=True)
    sys.stdout.write(f"{store.id} {token}\n")
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
