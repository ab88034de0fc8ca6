"""What a profile says of its server's tools: a table of rules, whose functions the exporter prints as Python."""

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypedDict

from offstage.base import OffstageError, parse_duration

from .ports import CallEffect, RateLimit

Function = Callable[..., Any]
# As many parameters as a function of a profile may have, and fewer: JavaScript gives what is not taken to nobody.
OfOne = Callable[[Any], Any] | Callable[[], Any]
OfTwo = Callable[[Any, Any], Any] | OfOne


class RawResult(TypedDict):
    """What the functions of a rule see of an answer: `r` of the language's §4."""

    text: str
    data: Any
    isError: bool


@dataclass(frozen=True, kw_only=True)
class Pages:
    """How a tool pages. `by="none"` is one page, of which `more` tells whether it was all."""

    by: Literal["none", "page", "offset", "cursor"]
    param: str | None = None
    """The argument that moves: page number, offset or cursor."""
    size: tuple[str, int] | None = None
    """The argument that sets the page's size, and the size to ask for when the call does not say."""
    items: Function | None = None
    """Result → items; without it the result itself is the list."""
    next: Function | None = None
    """Result → next cursor or None."""
    more: Function | None = None
    """Result → whether there is more that this tool cannot give."""
    max: int | None = None
    """The most pages to read when the call does not say."""


@dataclass(frozen=True, kw_only=True)
class ProfileRule:
    """What a profile says of the calls for which `when` holds. A field that is None says nothing."""

    when: Function | None = None
    effect: CallEffect | None = None
    result: Function | None = None
    failed: Function | None = None
    refused: Function | None = None
    gone: Function | None = None
    idempotent: bool | Function | None = None
    consistent: bool | None = None
    lag_ms: int | None = None
    pages: Pages | Literal["none"] | None = None
    rate: RateLimit | None = None
    undo: str | None = None
    target: Function | None = None
    sensitive: Sequence[str] | None = None
    affects: Sequence[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A server's profile: per tool its rules in order; `"*"` fills what they leave out."""

    package: str
    """`package@majorVersion` that it speaks of."""
    rules: Mapping[str, Sequence[ProfileRule]]


def apply(function: Function, *args: Any) -> Any:
    """Calls a function with as many arguments as it takes, as JavaScript does."""
    return function(*args[: _taken(function)])


def is_true(value: Any) -> bool:
    """Whether a condition of ECMAScript holds. What is unknown raises, as everywhere where it would decide."""
    if isinstance(value, list | dict):
        return True
    return bool(value) and not (isinstance(value, float) and math.isnan(value))


@cache
def _taken(function: Function) -> int | None:
    parameters = list(inspect.signature(function).parameters.values())
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
        return None
    return sum(
        parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD) for parameter in parameters
    )


def profile(package: str, *, rules: Mapping[str, Sequence[ProfileRule]], hosts: Sequence[str] | None = None) -> Profile:
    """A profile as the exporter prints it. `hosts` is for sandboxes, which the exported Python has not."""
    return Profile(package=package, rules=rules)


def rule(
    *,
    when: OfOne | None = None,
    effect: CallEffect | None = None,
    result: OfTwo | None = None,
    failed: OfTwo | None = None,
    refused: OfTwo | None = None,
    gone: OfTwo | None = None,
    idempotent: bool | OfOne | None = None,
    consistent: bool | None = None,
    lag: str | None = None,
    pages: Pages | Literal["none"] | None = None,
    rate: Mapping[str, float] | None = None,
    undo: str | None = None,
    target: OfOne | None = None,
    sensitive: Sequence[str] | None = None,
    affects: Sequence[str] | None = None,
) -> ProfileRule:
    """A rule of a profile as the exporter prints it. Errors: `VALUE_INVALID` for a lag that is no duration."""
    lag_ms = None if lag is None else parse_duration(lag)
    if lag is not None and lag_ms is None:
        raise OffstageError("VALUE_INVALID", f"A profile's lag has to be a duration, and is {lag!r}.")
    return ProfileRule(
        when=when,
        effect=effect,
        result=result,
        failed=failed,
        refused=refused,
        gone=gone,
        idempotent=idempotent,
        consistent=consistent,
        lag_ms=lag_ms,
        pages=pages,
        rate=None if rate is None else _rate(rate),
        undo=undo,
        target=target,
        sensitive=sensitive,
        affects=affects,
    )


def paging(
    *,
    by: Literal["none", "page", "offset", "cursor"],
    param: str | None = None,
    size: Sequence[Any] | None = None,
    items: OfOne | None = None,
    next: OfOne | None = None,
    more: OfOne | None = None,
    max: int | None = None,
) -> Pages:
    """How a tool pages, as the exporter prints it."""
    return Pages(
        by=by,
        param=param,
        size=None if size is None else (size[0], size[1]),
        items=items,
        next=next,
        more=more,
        max=max,
    )


def _rate(rate: Mapping[str, float]) -> RateLimit:
    concurrent = rate.get("concurrent")
    return RateLimit(per_second=rate.get("per_second"), concurrent=None if concurrent is None else int(concurrent))
