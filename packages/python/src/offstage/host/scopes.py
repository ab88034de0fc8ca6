"""To whom lasting identities belong."""

from __future__ import annotations

from offstage.host.program import Program
from offstage.state import Store, StoreTx


async def scope_of(tx: StoreTx, program: Program) -> str:
    """Lasting identities belong to a workflow's first name, so that `was` takes them along.

    A workflow that is new here, and was another one before, gets that one's scope.
    """
    known = await tx.get_scope(program.name)
    if known is not None:
        return known
    was = program.was
    scope = program.name if was is None else (await tx.get_scope(was) or was)
    await tx.put_scope(program.name, scope)
    return scope


async def others_scopes(store: Store, program: Program) -> dict[str, str]:
    """The scopes of the workflows that a program calls and starts: those that they have in runs of their own, so that both make each write once."""
    if not program.others:
        return {}

    async def found(tx: StoreTx) -> dict[str, str]:
        scopes: dict[str, str] = {}
        waiting = [*program.others]
        while waiting:
            one = waiting.pop()
            scopes[one.name] = await scope_of(tx, one)
            waiting.extend(one.others)
        return scopes

    return await store.transact(found, durable=False)
