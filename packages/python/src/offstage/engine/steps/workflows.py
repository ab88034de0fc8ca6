"""Other workflows: called as a part of this run, or started as runs of their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from offstage.base import (
    Object,
    OffstageError,
    UnsafeInteger,
    Withheld,
    decode_value,
    is_fields,
    is_items,
    shorten,
    stringify_exact,
    undefined,
)
from offstage.engine.steps.calls import model_partial, outcome_of, with_unknowns
from offstage.engine.steps.once import known_text
from offstage.engine.strand import ModuleFrame, Place, Strand, call
from offstage.model import OWN_SERVER, CallClass, EffectIdentity, EffectRequest, start_tool
from offstage.values.data import to_partial
from offstage.values.kinds import article, is_number, type_error

# How much of a value, and of a schema, a message shows. UTF-16 units.
_SHOWN = 200
# It touches the store alone, in the transaction that says so: it is done, or nothing of it is.
_STARTING: CallClass = {
    "effect": "write",
    "idempotent": False,
    "consistent": True,
    "lagMs": None,
    "affects": [],
    "undo": None,
}


@dataclass(frozen=True)
class Callee:
    """Another workflow: its inputs by their defaults, and by JSON Schemas."""

    name: str
    body: Callable[..., Awaitable[Any]]
    inputs: Mapping[str, Any]
    schemas: Mapping[str, Any]


async def call_workflow(c: Strand, step: str, callee: Callee, inputs: Any) -> Any:
    """Runs another workflow's body here, its steps below this one. Its identities, records and states are its own, the same as when it runs by itself; the limits and the run are the caller's."""
    c.ports.checkpoint("other")
    _refuse_in_write(c, callee.name, "called")
    scope = _own_scope(c, callee.name)
    given = _inputs_of(c, callee, inputs)
    path, module = c.path, c.module
    c.path = f"{step}/"
    c.module = ModuleFrame(scope, given, None, (*module.within, callee.name))
    try:
        output = await call(callee.body, context_of(c))
        if output is undefined:
            return output
        return with_unknowns(to_partial(output, f"What {callee.name} returns", "keep"))
    finally:
        c.path, c.module = path, module


async def start_workflow(c: Strand, step: str, started: Callee, key: Any, inputs: Any) -> Any:
    """Another workflow as a run of its own, once for its key, whoever starts it. An effect like a write: planned, decided by the gate, kept in the ledger; its value names the run."""
    c.ports.checkpoint("other")
    _refuse_in_write(c, started.name, "started")
    scope = _own_scope(c, started.name)
    name = known_text(key, "the key of start")
    identity: EffectIdentity = {"kind": "start", "scope": scope, "key": name}
    entry = await c.ports.effects.entry(identity)
    if entry is not None and entry["status"] == "done" and entry["completion"] is not None:
        if entry["runId"] != c.run.frame.run_id:
            c.run.replayed += 1
        return decode_value(entry["completion"])
    asked = Object(workflow=started.name, key=name, inputs=_inputs_of(c, started, inputs))
    place = Place(step, f"start {started.name} {name}")
    request: EffectRequest = {
        "identity": identity,
        "step": step,
        "call": {"server": OWN_SERVER, "tool": start_tool(started.name), "class": _STARTING},
        "args": model_partial(to_partial(asked, f"The inputs of {started.name}")),
        "certainty": c.certainty,
        "identityKnown": True,
        "after": c.after,
        "label": place.label,
        "server": OWN_SERVER,
    }
    if c.module.within:
        request["within"] = [*c.module.within]
    return outcome_of(c, await c.ports.effects.perform(request), place, None)


def context_of(c: Strand) -> Object:
    """What the body of a workflow gets."""
    frame, module = c.run.frame, c.module
    return Object(inputs=module.inputs, event=module.event, run=Object(id=frame.run_id, startedAt=frame.started_at))


def _refuse_in_write(c: Strand, name: str, verb: str) -> None:
    if c.write is not None or c.probe is not None:
        raise OffstageError(
            "ONE_WRITE", f"{name} cannot be {verb} inside a function that makes exactly one write, or only reads."
        )


def _own_scope(c: Strand, name: str) -> str:
    """The scope of another workflow: that of its own runs."""
    scope = c.run.frame.scopes.get(name)
    if scope is None:
        raise OffstageError("BUG", f"The host says no scope for {name}, which the run calls or starts.")
    return scope


def _inputs_of(c: Strand, callee: Callee, given: Any) -> Any:
    """What is given, over the defaults: data, as it would be stored, with what is not known yet."""
    if isinstance(given, Withheld):
        return given
    fields: Any = Object() if given is undefined or given is None else given
    if not is_fields(fields):
        raise type_error(f"The inputs of {callee.name} must be an object, not {article(fields)}.")
    partial = to_partial(fields, f"The inputs of {callee.name}", "keep")
    unknown = {str(place.path[0]) for place in partial.unknown}
    inputs_over(callee, partial.value, c.ports.conforms, unknown)
    return Object({**callee.inputs, **with_unknowns(partial)})


def inputs_over(callee: Callee, given: Any, conforms: Callable[[Any, Any], list[str]], unknown: set[str]) -> Object:
    """What a run of a workflow gets: what is given, over the defaults. Errors: `INPUT_INVALID`. Of inputs in `unknown` only the names are looked at."""
    names = list(dict.fromkeys([*callee.inputs, *callee.schemas]))
    strange = next((name for name in given if name not in names), None)
    if strange is not None:
        raise _invalid(f"{callee.name} has no input {strange}.", f"It has: {', '.join(names) or 'none'}.")
    missing = [name for name in names if name not in given and name not in callee.inputs]
    if missing:
        hint = f"It may be: {_shown(callee.schemas.get(missing[0]))}."
        raise _invalid(f"{callee.name} needs the input {', '.join(missing)}.", hint)
    for name, value in given.items():
        if name not in unknown:
            _refuse_unfit(callee, name, value, conforms)
    return Object({**callee.inputs, **given})


def _refuse_unfit(callee: Callee, name: str, value: Any, conforms: Callable[[Any, Any], list[str]]) -> None:
    if name in callee.schemas:
        schema = callee.schemas[name]
        faults = conforms(schema, value)
        if faults:
            said = f"The input {name} of {callee.name} cannot be {_shown(value)}: {faults[0]}."
            raise _invalid(said, f"It may be: {_shown(schema)}.")
        return
    wanted, found = _kind(callee.inputs[name]), _kind(value)
    if wanted != found:
        said = f"The input {name} of {callee.name} is {wanted}, not {found}: {_shown(value)}."
        raise _invalid(said, f"Its default is {_shown(callee.inputs[name])}.")


def _invalid(message: str, hint: str) -> OffstageError:
    return OffstageError("INPUT_INVALID", message, hint=hint)


def _shown(value: Any) -> str:
    return shorten(stringify_exact(value), _SHOWN)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if is_number(value) or isinstance(value, UnsafeInteger):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if is_items(value) else "an object"
