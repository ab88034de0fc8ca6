"""Durable values of the workflow."""

from __future__ import annotations

from typing import Any

from offstage.base import OffstageError, UnsafeInteger, Withheld, hash_json, text_or_withheld, undefined
from offstage.engine.ports import StagedState
from offstage.engine.strand import Strand, union
from offstage.values.data import to_partial
from offstage.values.kinds import article, type_error, unsafe_use


async def get_state(c: Strand, step: str, name: str, initial: Any, key: Any) -> Any:
    """`get()`: what this run staged, else what is committed, else the initial value."""
    c.ports.checkpoint("other")
    known = _key_of(key)
    if isinstance(known, Withheld):
        return known
    if c.planning and c.run.cut_short:
        # What the plan did not come to may set it.
        return Withheld(())
    slot = (c.module.scope, name, known)
    staged = c.run.staged.get(slot)
    if staged is not None:
        return staged[1]
    value, version = await _committed(c, step, name, initial, known)
    c.run.state_versions.setdefault(slot, version)
    return value


async def set_state(c: Strand, step: str, name: str, initial: Any, key: Any, value: Any) -> None:
    """`set(value)`: staged, and committed when the run ends well."""
    c.ports.checkpoint("other")
    if c.in_parallel:
        raise OffstageError(
            "TYPE_ERROR",
            f"state {name} cannot be set in a parallel body: the order of the items would decide.",
            hint="Return the value from the body, and set it after the loop.",
        )
    partial = to_partial(value, f"The value of state {name}")
    known = _key_of(key)
    if isinstance(known, Withheld):
        known.end()
    slot = (c.module.scope, name, known)
    before = c.run.staged.get(slot)
    version = c.run.state_versions.get(slot) if before is None else before[0]["version"]
    if version is None:
        version = (await _committed(c, step, name, initial, known))[1]
    state: StagedState = {"name": name, "key": known, "value": partial.value, "version": version}
    if c.module.scope != c.run.frame.scope:
        state = {"scope": c.module.scope, **state}
    if partial.unknown:
        c.run.staged[slot] = (state, union(*(place.value for place in partial.unknown)))
        c.unsettled = True
        return
    c.run.staged[slot] = (state, partial.value)
    c.staged.append(state)


def replay_staged(c: Strand, staged: list[StagedState]) -> None:
    """Stages again what a compacted item had staged."""
    for state in staged:
        c.run.staged[(state.get("scope", c.run.frame.scope), state["name"], state["key"])] = (state, state["value"])
        c.staged.append(state)


async def _committed(c: Strand, step: str, name: str, initial: Any, key: str) -> tuple[Any, int]:
    async def ask() -> dict[str, Any]:
        value, version = await c.ports.states.get(c.module.scope, name, key)
        return {"value": initial if value is undefined else value, "version": version}

    answer = await c.ports.journal.once(step, hash_json(["state", name, key]), ask)
    return answer["value"], answer["version"]


def _key_of(key: Any) -> str | Withheld:
    if key is undefined:
        return ""
    if isinstance(key, Withheld):
        return key
    if isinstance(key, UnsafeInteger):
        raise unsafe_use("the key of a state")
    if not isinstance(key, str):
        raise type_error(f"The key of a state must be a string, not {article(key)}.")
    # The state itself is kept where a key is empty: a missing field must not read or overwrite it.
    if key == "":
        raise type_error("The key of a state must not be empty.")
    return text_or_withheld(key)
