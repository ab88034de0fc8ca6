"""Steps that are begun, and names that mean something only where their site is known."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, Generic, TypeVar

from offstage.base import OffstageError
from offstage.engine.strand import Strand, current
from offstage.values.language import duration

T = TypeVar("T")


class Step(Generic[T]):
    """A step that was begun: `await` it. One that nobody awaits is the fault of its workflow."""

    __slots__ = ("_made", "_run")

    def __init__(self, made: Any, strand: Strand) -> None:
        self._made = made
        self._run = strand.run
        self._run.begun.add(self)

    def __await__(self) -> Generator[Any, None, T]:
        self._run.begun.discard(self)
        return self._made.__await__()

    def close(self) -> None:
        """Ends what was never begun."""
        self._made.close()


class Placed:
    """A name whose meaning depends on where it stands: without a site it says so."""

    def __init__(self, name: str, meaning: Callable[[str], Any]) -> None:
        self._name = name
        self.__offstage_placed__ = meaning

    def __call__(self, *_: Any, **__: Any) -> Any:
        raise OffstageError(
            "USAGE",
            f"{self._name} stands where its place is not known.",
            hint="Workflows are loaded by offstage: `python -m <package> run`. Steps belong into the module of the workflow.",
        )


def milliseconds(given: Any) -> Any:
    """A duration as people write it, or milliseconds."""
    return duration(given) if isinstance(given, str) else given


def begin(step: Callable[[Strand, str], Any], site: str) -> Step[Any]:
    strand = current()
    if not site:
        raise OffstageError(
            "USAGE",
            "A step stands where its place is not known.",
            hint="Call tools, records and states by the names that the module of the workflow imports or declares.",
        )

    async def take() -> Any:
        c = current()
        return await step(c, c.key(site))

    return Step(take(), strand)
