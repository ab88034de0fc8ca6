"""A regular expression, read as ECMAScript reads it without u."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from offstage.regexp.char_set import CharSet


class RegexFault(ValueError):
    """What the language refuses or RE2 cannot do."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One unit of a set."""

    chars: CharSet


@dataclass(frozen=True, slots=True)
class Assertion:
    """A place between units."""

    what: Literal["start", "end", "word", "not-word"]


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The first that fits."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group; `capture` is its number, None where it captures nothing."""

    capture: int | None
    body: Node


@dataclass(frozen=True, slots=True)
class Repeat:
    """So many turns; `most` None: any number."""

    least: int
    most: int | None
    lazy: bool
    body: Node


Node: TypeAlias = Chars | Assertion | Sequence | Choice | Group | Repeat


@dataclass(frozen=True, slots=True)
class RegexSyntax:
    """What was read. `names[n]` names group n."""

    root: Node
    groups: int
    names: tuple[str | None, ...]
