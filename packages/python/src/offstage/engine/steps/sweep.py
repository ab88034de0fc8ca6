"""The end of a sweep whose body came to its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypedDict

from offstage.base import Withheld, WithheldEnd
from offstage.engine.steps.branches import Branch, run_branches
from offstage.engine.steps.ensure import Keeper
from offstage.engine.steps.keys import item_segment
from offstage.engine.steps.record_calls import RecordCalls, RecordSpec, record_context
from offstage.engine.strand import Probe, Strand, call
from offstage.engine.sweep_notes import note_lost, visit_name
from offstage.model import Binding, RecordKey, Swept
from offstage.records import Sweep, missed_by
from offstage.values.kinds import article, caller, type_error


class SweepEnd(TypedDict):
    """What a sweep found, and the bindings whose absence counts once the run has ended well."""

    swept: Swept
    missed: list[RecordKey]


async def sweep_records(c: Strand, covered: Any, records: Sequence[RecordSpec]) -> SweepEnd:
    """Releases the orphans of the run's own records, each on its own."""
    frame, sweep = c.run.frame, c.run.sweep
    if c.missed_read:
        note_lost(c, "the workflow caught that something could not be read")
    if c.missed_record:
        note_lost(c, "the workflow caught that a record could not be kept")
    looked: Sweep = {
        "workflows": covered["workflows"],
        "inputsHash": covered["inputsHash"],
        "since": frame.started_at,
        "counts": frame.run_id == frame.root_run_id,
    }
    visited = set[str]() if sweep is None else sweep.visited
    found = missed_by(looked, await _live_bindings(c, records), lambda key: visit_name(key) in visited)
    by_name = {record.name: record for record in records}
    ours = [binding for binding in found["missed"] if binding["record"] in by_name]
    strange: dict[str, int] = {}
    for binding in found["missed"]:
        if binding["record"] not in by_name:
            strange[binding["record"]] = strange.get(binding["record"], 0) + 1
    lost = None if sweep is None else sweep.lost
    due = [] if lost is not None else [binding for binding in found["orphans"] if binding["record"] in by_name]
    swept: Swept = {"lost": lost, "missed": len(ours), "orphans": len(due), "strange": strange}
    if not records:
        swept["recordless"] = True
    if lost is not None:
        return {"swept": swept, "missed": []}
    branches = [_release_of(binding, by_name[binding["record"]], looked["since"]) for binding in due]
    await run_branches(c, branches, width=1, on_error="continue")
    missed: list[RecordKey] = [{"scope": one["scope"], "record": one["record"], "key": one["key"]} for one in ours]
    return {"swept": swept, "missed": missed if looked["counts"] else []}


async def _live_bindings(c: Strand, records: Sequence[RecordSpec]) -> list[Binding]:
    effects = c.ports.effects
    found = [*await effects.bindings(c.module.scope, None)]
    for record in records:
        if record.scope == "project":
            found.extend(await effects.bindings("project", record.name))
    return [binding for binding in found if binding["releasedAt"] is None]


def _release_of(binding: Binding, record: RecordSpec, since: int) -> Branch:
    """`since`: when the sweep began."""

    async def release(c: Strand) -> None:
        step = f"{c.path}release"
        key: RecordKey = {"scope": binding["scope"], "record": record.name, "key": binding["key"]}
        # No item is at hand: callbacks that would need one see it as not known.
        calls = RecordCalls(c, step, record, key, Withheld())
        after = record.release_after_ms
        if after is not None and c.ports.journal.now(f"{step}/now") < binding["lastSeenAt"] + after:
            return
        wished = record.release_when is None or await _wants_release(c, step, record, binding["kept"])
        if wished is False or (isinstance(wished, Withheld) and not c.planning):
            return
        if await _was_seen(c, calls, since):
            return
        # What is not known yet releases nothing; Python's plans end there.
        if isinstance(wished, Withheld):
            wished.end()
        await Keeper(c, step, calls).release()

    return Branch(item_segment(f"sweep.{record.name}", binding["key"]), release)


async def _was_seen(c: Strand, calls: RecordCalls, since: int) -> bool:
    """Another run came to it while the sweep went on: it occurs. Asked last, right before it would be released."""
    binding = (await c.ports.effects.record(calls.key, calls.record.server))["binding"]
    return binding is not None and binding["lastSeenAt"] >= since


async def _wants_release(c: Strand, step: str, record: RecordSpec, kept: Any) -> bool | Withheld:
    """Asks `release_when`, live."""
    what = f"release_when of record {record.name}"
    function: Callable[..., Any] = caller(record.release_when, what)
    with c.within(f"{step}/releaseWhen/", probe=Probe()):
        try:
            answer = await call(function, kept, record_context(c))
        except WithheldEnd as end:
            return end.value
    if isinstance(answer, Withheld | bool):
        return answer
    raise type_error(f"{what} must give a boolean, not {article(answer)}.")
