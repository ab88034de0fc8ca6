"""Durable values of workflows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from offstage.base import OffstageError, decode_value, encode_value, undefined
from offstage.engine import StagedState
from offstage.state import Store, StoreTx


class StoreStates:
    """The committed values, as the engine reads them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, scope: str, name: str, key: str) -> tuple[Any, int]:
        """The value (`undefined`: never set) and its version (0: never set)."""
        row = await self._store.transact(lambda tx: tx.get_state(scope, name, key), durable=False, reads=True)
        return (undefined, 0) if row is None else (decode_value(row.value), row.version)


async def commit_states(tx: StoreTx, scope: str, staged: Sequence[StagedState]) -> None:
    """Commits what a run staged, `scope` being its own, inside the transaction that ends it. `STATE_CONFLICT` when another run was faster: nothing is committed then."""
    for one in staged:
        name, key = one["name"], one["key"]
        at = one.get("scope", scope)
        if await tx.put_state(at, name, key, encode_value(one["value"]), one["version"]):
            continue
        of = "" if key == "" else f".of({key})"
        raise OffstageError(
            "STATE_CONFLICT",
            f"Another run changed the state {name}{of} after this run had read it.",
            hint="Start the run again: it reads the new value. Writes that are done stay done.",
        )
