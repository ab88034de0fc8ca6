"""What takes no writes now."""

from collections.abc import Iterable
from typing import cast

from offstage.base import Json, is_items

from .store import FactsTx


async def paused_names(tx: FactsTx) -> list[str]:
    """Sorted: `*` for everything, `workflow:x`, `server:y`."""
    names = await tx.get_meta("paused")
    return sorted(name for name in names if isinstance(name, str)) if is_items(names) else []


async def change_pauses(tx: FactsTx, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> list[str]:
    """Pauses what `add` names and lets go on what `remove` names; gives back what is paused then.

    Every write asks in the transaction that intends it: none begins after this one.
    """
    names = sorted({*(await paused_names(tx)), *add} - set(remove))
    await tx.put_meta("paused", cast(Json, names))
    return names
