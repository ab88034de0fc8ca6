"""A store that was put back, or began anew where there was another: what it does not know may have happened all the same."""

from typing import NamedTuple

from offstage.base import OffstageError, is_fields

from .store import FactsTx, Store, StoreTx


class RestoreDoubt(NamedTuple):
    """Which of its restores it is about, and when that was noticed; ms, None when it is not known."""

    epoch: int
    restored_at: int | None


async def restore_doubt(tx: FactsTx) -> RestoreDoubt | None:
    """The doubt that holds now; None when the store was never restored, or a person ended the doubt since."""
    epoch = await tx.get_meta("epoch")
    if not isinstance(epoch, int) or epoch <= 1:
        return None
    ended = await tx.get_meta("doubt-ended")
    if is_fields(ended):
        until = ended.get("epoch")
        if isinstance(until, int) and until >= epoch:
            return None
    restored_at = await tx.get_meta("restored-at")
    return RestoreDoubt(epoch, restored_at if isinstance(restored_at, int) else None)


async def end_restore_doubt(store: Store, *, by: str, now: int) -> RestoreDoubt:
    """Stores a person's word that every write which the store does not know did not happen.

    It ends the doubt of the restores until now; the next one begins another. `USAGE` when there is no doubt.
    """

    async def said(tx: StoreTx) -> RestoreDoubt:
        doubt = await restore_doubt(tx)
        if doubt is None:
            raise OffstageError(
                "USAGE",
                "Nothing is in doubt: this store was not restored, or somebody has said already that nothing is missing.",
                hint="A single write of which it is not known whether it happened is told with: resolve EFFECT --happened or --did-not-happen.",
            )
        await tx.put_meta("doubt-ended", {"epoch": doubt.epoch, "by": by, "at": now})
        return doubt

    return await store.transact(said, durable=True)
