"""`ensure`, `release`, `lookup` and `all` of a record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from offstage.base import OffstageError, Withheld, hash_json
from offstage.engine.steps.ensure import Keeper, Settled
from offstage.engine.steps.once import known_text
from offstage.engine.steps.record_calls import RecordCalls, RecordSpec, record_context
from offstage.engine.strand import Strand, call
from offstage.engine.sweep_notes import note_lost, note_visit
from offstage.model import RecordKey
from offstage.values.kinds import caller


async def ensure_record(c: Strand, step: str, record: RecordSpec, item: Any) -> Any:
    """`ensure(item)`: what is kept of its target."""
    if isinstance(item, Withheld):
        item.end()
    _refuse_inside(c, record, "ensure")
    name = await call(caller(record.identity, f"identity of record {record.name}"), item, record_context(c))
    if isinstance(name, Withheld):
        note_lost(c, f"which {record.name} {step} is about is known only when what is held was made")
    calls = RecordCalls(c, step, record, _key_of(c, record, name), item)
    note_visit(c, calls.key)
    try:
        asked = ["ensure", record.name, calls.key["key"]]
        return await _settled(c, step, asked, Keeper(c, step, calls).ensure)
    except BaseException:
        c.missed_record = True
        raise


async def release_record(c: Strand, step: str, record: RecordSpec, identity: Any) -> None:
    """`release(identity)`."""
    if isinstance(identity, Withheld):
        identity.end()
    _refuse_inside(c, record, "release")
    # No item is at hand: callbacks that would need one see it as not known.
    calls = RecordCalls(c, step, record, _key_of(c, record, identity), Withheld())
    await _settled(c, step, ["release", record.name, calls.key["key"]], Keeper(c, step, calls).release)


async def lookup_record(c: Strand, step: str, record: RecordSpec, identity: Any) -> Any:
    """`lookup(identity)`: what is kept of the live binding, else None."""
    if isinstance(identity, Withheld):
        identity.end()
    c.ports.checkpoint("other")
    unknown = _unknown_bindings(c)
    if unknown is not None:
        return unknown
    key = _key_of(c, record, identity)

    async def look() -> Any:
        binding = (await c.ports.effects.record(key, record.server))["binding"]
        return None if binding is None or binding["releasedAt"] is not None else binding["kept"]

    return await _remembered(c, step, ["lookup", record.name, key["key"]], look)


async def all_records(c: Strand, step: str, record: RecordSpec) -> Any:
    """`all()`: every binding, released ones too."""
    c.ports.checkpoint("other")
    unknown = _unknown_bindings(c)
    if unknown is not None:
        return unknown

    async def look() -> Any:
        bindings = await c.ports.effects.bindings(_scope_of(c, record), record.name)
        return [
            {"identity": one["key"], "kept": one["kept"], "released": one["releasedAt"] is not None} for one in bindings
        ]

    return await _remembered(c, step, ["all", record.name], look)


def _unknown_bindings(c: Strand) -> Withheld | None:
    """What a held write, or time that did not pass, may have changed about bindings; None when nothing was held or waited for before."""
    if c.waited:
        return Withheld()
    return None if c.after is None else Withheld((c.after,))


def _refuse_inside(c: Strand, record: RecordSpec, operation: str) -> None:
    c.ports.checkpoint("other")
    if c.write is not None or c.probe is not None:
        raise OffstageError(
            "ONE_WRITE",
            f"record {record.name} cannot {operation} inside a function that makes exactly one write, or only reads.",
        )


def _scope_of(c: Strand, record: RecordSpec) -> str:
    return "project" if record.scope == "project" else c.module.scope


def _key_of(c: Strand, record: RecordSpec, identity: Any) -> RecordKey:
    key = known_text(identity, f"the identity of record {record.name}")
    return {"scope": _scope_of(c, record), "record": record.name, "key": key}


class _Provisional(BaseException):
    """Carries a result that must not be journaled out of the journal's `once`."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


async def _settled(c: Strand, step: str, asked: list[str], run: Callable[[], Awaitable[Settled]]) -> Any:
    """Runs a record's operation; its result is journaled when all of it happened. A plan journals nothing that an apply must ask again."""
    if c.planning:
        return (await run()).value

    async def perform() -> Any:
        value, provisional = await run()
        if provisional:
            raise _Provisional(value)
        return value

    try:
        return await c.ports.journal.once(step, hash_json(asked), perform)
    except _Provisional as end:
        return end.value


async def _remembered(c: Strand, step: str, asked: list[str], look: Callable[[], Awaitable[Any]]) -> Any:
    return await look() if c.planning else await c.ports.journal.once(step, hash_json(asked), look)
