"""One line of execution: the body of a run, one item of an `each`, one branch of a `parallel`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any

from offstage.base import ErrorData, OffstageError, Withheld
from offstage.engine.ports import Ports, RunFrame, StagedState
from offstage.model import CallClass, Certainty, EffectAnswer, EffectIdentity, PlanCut, RunFailure, RunHold, RunWait

# Stands for all resources and prompts of a server in `stale`: no tool has this name.
OFFERS = ""


class AmbiguousEnd(OffstageError):
    """Ends the item past every handler: its identity is blocked by an ambiguous effect."""

    def __init__(
        self, code: str, message: str, *, hint: str | None = None, effect: str = "", place: Place | None = None
    ):
        super().__init__(code, message, hint=hint)
        self.effect = effect
        self.place = place or Place("", "")


class RunStop(OffstageError):
    """Ends the run past every handler, whatever its code: the policy denies the write, or a tool changed."""


class ParkedEnd(BaseException):
    """Ends the item, or the body, for now: it waits, and the run will come back to here. Nothing failed."""


@dataclass(frozen=True)
class Place:
    """Where a write stands, for what is told of it."""

    step: str
    label: str


@dataclass
class WriteSlot:
    """The identity that the one write of a `once` or of a record's callback takes, and what became of it."""

    identity: EffectIdentity
    label: str
    answer: EffectAnswer | None = None
    # Less than sure where a plan does not know whether it is due.
    certainty: Certainty = "sure"


@dataclass
class Probe:
    """Reads that look for the traces of a write: always live, and watched for what their answers prove."""

    gone: bool = False
    classes: list[CallClass] = field(default_factory=list[CallClass])


@dataclass
class SweepNotes:
    """What a sweep's run keeps of its way: whom it visited, and why it may not have seen everything."""

    visited: set[str] = field(default_factory=set[str])
    lost: str | None = None


@dataclass
class RunState:
    """What all strands of a run share."""

    frame: RunFrame
    ports: Ports
    staged: dict[tuple[str, str, str], tuple[StagedState, Any]] = field(
        default_factory=dict[tuple[str, str, str], tuple[StagedState, Any]]
    )
    # The versions of states as they were read first: what the run sets takes the place of those, and of none that came since.
    state_versions: dict[tuple[str, str, str], int] = field(default_factory=dict[tuple[str, str, str], int])
    failures: list[RunFailure] = field(default_factory=list[RunFailure])
    held: list[RunHold] = field(default_factory=list[RunHold])
    ambiguous: list[RunHold] = field(default_factory=list[RunHold])
    waits: list[RunWait] = field(default_factory=list[RunWait])
    cut_short: list[PlanCut] = field(default_factory=list[PlanCut])
    sweep: SweepNotes | None = None
    replayed: int = 0
    unchanged: int = 0
    # Steps that were begun and that nobody waits for yet.
    begun: set[object] = field(default_factory=set[object])


@dataclass(frozen=True)
class ModuleFrame:
    """The workflow whose code a strand runs: the run's own, or one that it calls. `within`: names of the called ones that lead here."""

    scope: str
    inputs: Any
    event: Any
    within: tuple[str, ...] = ()


@dataclass
class Strand:
    """Everything in it happens in order, so what a running function needs to know besides its locals is here."""

    run: RunState
    module: ModuleFrame
    # Prefix of step keys: call sites and loop keys, each followed by `/`.
    path: str = ""
    # The first held or ambiguous effect: later writes wait for it.
    after: str | None = None
    # Tool of a server → held effect that makes its answers stale.
    stale: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    # The first wait that was passed and not really waited for, for people: what is read later is not what would be read now.
    waited: str = ""
    # A branch before this ended at what a plan does not know, and might have failed: whether it comes to what follows is not known either.
    doubtful: bool = False
    write: WriteSlot | None = None
    wrote: bool = False
    probe: Probe | None = None
    in_parallel: bool = False
    visited: bool = False
    missed_read: bool = False
    missed_record: bool = False
    staged: list[StagedState] = field(default_factory=list[StagedState])
    unsettled: bool = False

    def fork(self, path: str) -> Strand:
        """A strand for an item of an `each` of this one, or for a branch of a `parallel`."""
        return Strand(
            self.run,
            self.module,
            path,
            after=self.after,
            stale=self.stale,
            probe=self.probe,
            waited=self.waited,
            doubtful=self.doubtful,
            in_parallel=self.in_parallel,
        )

    def key(self, site: str) -> str:
        """The address of a step in the journal."""
        return self.path + site

    @property
    def ports(self) -> Ports:
        """The ports of its run."""
        return self.run.ports

    @property
    def planning(self) -> bool:
        """Whether the run is a plan."""
        return self.run.frame.phase == "plan"

    @property
    def certainty(self) -> Certainty:
        """How sure a plan is that it comes to what is written next."""
        return "may" if self.doubtful else "sure"

    @contextmanager
    def within(
        self, path: str, *, write: WriteSlot | None = None, probe: Probe | None = None
    ) -> Generator[None, None, None]:
        """Steps below `path`; the one write under the slot's identity, or reads live and watched."""
        before = (self.path, self.write, self.wrote, self.probe)
        self.path, self.write, self.wrote, self.probe = path, write, False, probe
        try:
            yield
        finally:
            self.path, self.write, self.wrote, self.probe = before

    @contextmanager
    def below(self, site: str) -> Generator[None, None, None]:
        """Steps of a helper, below its call."""
        path = self.path
        self.path = f"{path}{site}/"
        try:
            yield
        finally:
            self.path = path


_current: ContextVar[Strand] = ContextVar("offstage_strand")


def current() -> Strand:
    """The strand of the code that asks. Errors: `USAGE` outside of a run."""
    strand = _current.get(None)
    if strand is None:
        raise OffstageError(
            "USAGE",
            "This is a step of a workflow, and no run goes on here.",
            hint="Call it in the function that @workflow stands above.",
        )
    return strand


@contextmanager
def on_strand(strand: Strand) -> Generator[None, None, None]:
    """Runs code on a strand."""
    token = _current.set(strand)
    try:
        yield
    finally:
        _current.reset(token)


async def settle(value: Any) -> Any:
    """What a callback gave: awaited when it is a call."""
    return await value if isawaitable(value) else value


async def call(function: Callable[..., Any], *args: Any) -> Any:
    """Calls a callback, whether it takes steps or not."""
    return await settle(function(*args))


def fork_error(error: ErrorData, step: str) -> OffstageError:
    """An error as it is raised, from one that came as data. `step`: from which."""
    made = OffstageError(error["code"], error["message"], hint=error.get("hint"))
    made.step = step
    return made


Asker = Callable[[], Awaitable[Any]]


def union(*parts: Withheld) -> Withheld:
    """What comes of using several that are not known."""
    return Withheld(tuple(sorted({effect for part in parts for effect in part.waits_for})))
