"""A model's answer; the time; a line of the story."""

from __future__ import annotations

from typing import Any

from offstage.base import UnsafeInteger, Withheld, WithheldEnd, hash_json, shown_text, undefined, withheld_in
from offstage.engine.steps.calls import READ, answered, value_of
from offstage.engine.strand import Strand
from offstage.values.json_values import to_json
from offstage.values.kinds import article, is_number, type_error, unsafe_use
from offstage.values.operators import text, to_text


async def ask(c: Strand, step: str, *, prompt: Any, schema: Any, max_tokens: Any, model: Any) -> Any:
    """One model answer: a read, asked once for its step, also while planning. What is not known is not asked."""
    for value in (prompt, max_tokens, model):
        unknown = value if isinstance(value, Withheld) else withheld_in(value) if isinstance(value, str) else None
        if unknown is not None:
            c.ports.checkpoint("other")
            return unknown
    said = _text(prompt, "The prompt of ask")
    budget = _budget(max_tokens)
    name = None if model is undefined else _text(model, "The model of ask")
    asked = hash_json(["ask", said, schema, budget, name])
    # What a model says of the world proves nothing about it.
    answer = await answered(c, step, READ, asked, lambda: c.ports.models.ask(step, said, schema, budget, name))
    return value_of(c, step, answer)


def _text(value: Any, what: str) -> str:
    if isinstance(value, UnsafeInteger):
        raise unsafe_use(what)
    if not isinstance(value, str):
        raise type_error(f"{what} must be a string, not {article(value)}.")
    return value


def _budget(value: Any) -> int:
    if is_number(value) and isinstance(value, int) and value > 0:
        return value
    shown = to_text(value) if is_number(value) else article(value)
    raise type_error(f"max_tokens of ask must be a whole number from 1, not {shown}.")


def now(c: Strand, step: str) -> Any:
    """Journaled time; after a wait that was not waited for, it is any time."""
    return Withheld(() if c.after is None else (c.after,)) if c.waited else c.ports.journal.now(step)


def log(c: Strand, step: str, values: tuple[Any, ...]) -> None:
    """A line in the run's story."""
    c.ports.log(step, " ".join(_shown(value) for value in values))


def _shown(value: Any) -> str:
    if isinstance(value, Withheld):
        return repr(value)
    if value is undefined or value is None or isinstance(value, str | int | float | UnsafeInteger):
        return shown_text(to_text(value))
    try:
        return text(to_json(value))
    except WithheldEnd:
        return "(known after apply)"
