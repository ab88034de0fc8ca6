"""All pages of a listing tool as one list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from offstage.base import OffstageError, Withheld, undefined
from offstage.engine.steps.calls import arguments_of, read, value_of, with_unknowns
from offstage.engine.strand import Strand
from offstage.engine.sweep_notes import note_truncated
from offstage.values.kinds import article, caller, check_length, is_number, type_error
from offstage.values.operators import truthy


async def read_pages(
    c: Strand,
    server: str,
    tool: str,
    step: str,
    args: Any,
    *,
    most: Any,
    until: Callable[..., Any] | None,
    truncate: bool,
) -> Any:
    """Each page is a step, `site/page-1` …. Stops at the first item for which `until` holds, which is part of the result. More than there may be is PAGES_TRUNCATED."""
    partial = arguments_of(server, tool, args)
    tools = c.ports.tools
    known = with_unknowns(partial)
    call_class = tools.classify(server, tool, known)
    if call_class["effect"] == "write":
        raise OffstageError(
            "ONE_WRITE",
            f"{server}.{tool} is a write: it has no pages.",
            hint="If it only reads, the server's profile has to say so.",
        )
    if partial.unknown:
        return await read(c, server, tool, f"{step}/page-1", call_class, partial)
    paging = tools.paging(server, tool, known)
    pages = _most(most, paging.max, f"{server}.{tool}")
    items: list[Any] = []
    following = paging.first(known)
    page = 0
    while following is not None:
        if page == pages:
            return _truncated(c, f"{server}.{tool}", items, truncate, f"{pages} pages, and there are more")
        page_args = arguments_of(server, tool, following)
        place = f"{step}/page-{page + 1}"
        answer = await read(c, server, tool, place, tools.classify(server, tool, following), page_args)
        if isinstance(answer, Withheld):
            return answer
        result = value_of(c, place, answer)
        more = paging.items(result)
        check_length(len(items) + len(more), "The list of all pages")
        if _add(items, more, until):
            return items
        if paging.more(result):
            return _truncated(
                c,
                f"{server}.{tool}",
                items,
                truncate,
                "one page, and the tool cannot give the rest: its profile's more() says so",
            )
        following = paging.next(following, result)
        page += 1
    return items


def _most(value: Any, by_profile: int | None, what: str) -> int:
    if isinstance(value, Withheld):
        value.end()
    if (
        value is not undefined
        and value is not None
        and (not is_number(value) or not isinstance(value, int) or value < 1)
    ):
        raise type_error(f"max of {what}.pages must be a whole number from 1, not {article(value)}.")
    found = by_profile if value is undefined or value is None else value
    if found is None:
        raise type_error(f"{what}.pages needs max: its profile names no most number of pages.")
    return found


def _add(items: list[Any], more: Any, until: Callable[..., Any] | None) -> bool:
    if until is None:
        items.extend(more)
        return False
    stops = caller(until, "until")
    for item in more:
        items.append(item)
        if truthy(stops(item)):
            return True
    return False


def _truncated(c: Strand, what: str, items: list[Any], truncate: bool, read_so_far: str) -> list[Any]:
    note_truncated(c, f"{what}: read {read_so_far}")
    if truncate:
        return items
    raise OffstageError(
        "PAGES_TRUNCATED",
        f"{what}: read {read_so_far}.",
        hint='Narrow the arguments, raise max, or say truncate: "allow" when a part is enough.',
    )
