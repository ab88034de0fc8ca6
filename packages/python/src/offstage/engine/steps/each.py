"""Loops with identity, and branches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from offstage.base import Object, OffstageError, UnsafeInteger, Withheld, undefined, withheld_in
from offstage.engine.steps.branches import Branch, Ended, run_branches
from offstage.engine.steps.keys import item_segment
from offstage.engine.strand import Strand
from offstage.values.data import same_data
from offstage.values.kinds import article, caller, is_number, type_error, unsafe_use
from offstage.values.members import iterate
from offstage.values.operators import to_text


async def each(
    c: Strand,
    site: str,
    items: Any,
    function: Callable[..., Any],
    *,
    key: Any,
    width: Any,
    on_error: Literal["stop", "continue"],
) -> list[Any]:
    """Each item is a strand of its own; results in input order."""
    c.ports.checkpoint("other")
    if c.write is not None:
        raise OffstageError("ONE_WRITE", "A function that makes exactly one write cannot have a loop.")
    elements = [*iterate(items, "each")]
    at_once = _width(width)
    branches, order = _keyed(site, elements, caller(key, "The key of each"), caller(function, "The body of each"))
    endings = await run_branches(c, branches, width=at_once, on_error=on_error)
    results: list[Any] = []
    for index in order:
        ending = endings[index]
        # What an item that failed gives is nothing.
        results.append(ending.value if isinstance(ending, Ended) else undefined)
    return results


def _width(width: Any) -> int:
    if width is None:
        return 1
    if isinstance(width, Withheld):
        return 1
    if not is_number(width) or not isinstance(width, int) or width < 1:
        shown = to_text(width) if is_number(width) else article(width)
        raise type_error(f"parallel of each must be a whole number from 1, not {shown}.")
    return width


def _keyed(
    site: str, elements: Sequence[Any], key: Callable[..., Any], body: Callable[..., Any]
) -> tuple[list[Branch], list[int]]:
    """The items, each key once, and for each element which of them it is."""
    branches: list[Branch] = []
    values: list[Any] = []
    by_key: dict[str, int] = {}
    order: list[int] = []
    for index, value in enumerate(elements):
        name = key(value, index)
        if isinstance(name, Withheld):
            name.end()
        if isinstance(name, UnsafeInteger):
            raise unsafe_use("a key of each")
        if not isinstance(name, str):
            raise type_error(f"A key of each must be a string, not {article(name)}.")
        unknown = withheld_in(name)
        if unknown is not None:
            unknown.end()
        known = by_key.get(name)
        if known is None:
            by_key[name] = known = len(branches)
            branches.append(Branch(item_segment(site, name), lambda _c, value=value: body(value)))
            values.append(value)
        elif not same_data(values[known], value):
            raise OffstageError(
                "DUPLICATE_KEY",
                f'each {site}: two different items have the key "{name}".',
                hint="Choose a key that is different for each item.",
            )
        order.append(known)
    return branches, order


def _branch(body: Callable[..., Any]) -> Callable[[Strand], Any]:
    return lambda _c: body()


async def parallel(c: Strand, site: str, branches: dict[str, Callable[..., Any]]) -> Object:
    """Branches side by side: each is a strand of its own, all settle, and the first error in written order is raised. Results by name."""
    c.ports.checkpoint("other")
    if c.write is not None:
        raise OffstageError("ONE_WRITE", "A function that makes exactly one write cannot have branches.")
    made = [
        Branch(item_segment(site, name), _branch(caller(body, f"The branch {name} of parallel")))
        for name, body in branches.items()
    ]
    endings = await run_branches(c, made, width=max(1, len(made)), on_error="stop")
    return Object(
        (name, ending.value if isinstance(ending, Ended) else undefined)
        for name, ending in zip(branches, endings, strict=True)
    )
