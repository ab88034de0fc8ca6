"""How a call pages, as its profile says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from offstage.base import Object, is_fields, is_items, undefined

from .profile import Pages, apply, is_true


class Paging(Protocol):
    """The pages of one call: what is asked first, and after each answer."""

    @property
    def max(self) -> int | None:
        """The most pages when the call does not say; None: it has to say."""
        ...

    def first(self, args: Any) -> Any: ...

    def next(self, args: Any, result: Any) -> Any | None:
        """The arguments of the page after the one that `result` is; None when that was the last."""
        ...

    def items(self, result: Any) -> Sequence[Any]: ...

    def more(self, result: Any) -> bool: ...


class OnePage:
    """A tool of which nobody says how it pages: its answer is the list, and whether there is more cannot be known."""

    max: int | None = 1

    def first(self, args: Any) -> Any:
        return args

    def next(self, args: Any, result: Any) -> Any | None:
        return None

    def items(self, result: Any) -> Sequence[Any]:
        return result if is_items(result) else []

    def more(self, result: Any) -> bool:
        return False


@dataclass(frozen=True)
class ProfilePaging:
    """By page and offset the end is a page without items: a short one proves nothing, because servers filter, and some
    ignore the size they were asked for.
    """

    pages: Pages
    ask: Callable[..., Any]
    """Calls a function of the profile; what it raises is `RESULT_UNREADABLE`."""

    @property
    def max(self) -> int | None:
        return 1 if self.pages.max is None and self.pages.by == "none" else self.pages.max

    def items(self, result: Any) -> Sequence[Any]:
        found = result if self.pages.items is None else self.ask(self.pages.items, result)
        if not is_items(found):
            raise TypeError("A page must be an array: the profile's items() says where it is.")
        return found

    def more(self, result: Any) -> bool:
        return self.pages.more is not None and is_true(self.ask(self.pages.more, result))

    def first(self, args: Any) -> Any:
        pages = self.pages
        if pages.by == "none":
            return args
        start = args if pages.by == "cursor" else _with_default(args, pages.param, 1 if pages.by == "page" else 0)
        return start if pages.size is None else _with_default(start, pages.size[0], pages.size[1])

    def next(self, args: Any, result: Any) -> Any | None:
        pages = self.pages
        if pages.by == "none":
            return None
        if pages.by == "cursor":
            cursor = None if pages.next is None else self.ask(pages.next, result)
            return (
                None
                if cursor is None or cursor is undefined or cursor == ""
                else _with_value(args, pages.param, cursor)
            )
        length = len(self.items(result))
        if length == 0 or (pages.next is not None and not _is_going(self.ask(pages.next, result))):
            return None
        at = self._position(args)
        return _with_value(args, pages.param, at + 1 if pages.by == "page" else at + length)

    def _position(self, args: Any) -> Any:
        value = args.get(self.pages.param or "", undefined) if is_fields(args) else undefined
        if value is undefined:
            return 1 if self.pages.by == "page" else 0
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        raise TypeError(f"{self.pages.param or 'The page'} must be a number.")


def paging_of(pages: Pages | None) -> Paging:
    """The pages of a call whose profile says so much of it."""
    return OnePage() if pages is None else ProfilePaging(pages, apply)


def _is_going(following: Any) -> bool:
    """`next` of a tool that pages by number only says whether there is another one."""
    return not (following is None or following is undefined or following == "" or following is False)


def _with_default(args: Any, param: str | None, value: Any) -> Any:
    if param is None or (is_fields(args) and args.get(param, undefined) is not undefined):
        return args
    return _with_value(args, param, value)


def _with_value(args: Any, param: str | None, value: Any) -> Any:
    if param is None:
        raise TypeError("The profile does not say which argument moves from page to page.")
    return Object({**(args if is_fields(args) else {}), param: value})
