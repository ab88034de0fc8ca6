"""What is over for so long that it may go."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Cutoffs(NamedTuple):
    """Instants, ms since the epoch. `runs`: runs that ended before it, with all that continue them. `events`: events that came before it."""

    now: int
    runs: int
    events: int


class ChainPlace(NamedTuple):
    """The place of a chain of runs, a run and all that continue it, in the order in which chains began."""

    created_at: int
    root: str


class OldChain(NamedTuple):
    """A chain that began before a cutoff.

    Not `removable` when one of its runs did not end before the cutoff, or something may still go on with it: an open request or a grant
    that holds, a write in doubt, a plan that may be applied.
    """

    root: str
    created_at: int
    runs: int
    removable: bool


class RemovedRows(NamedTuple):
    """How many rows were removed."""

    runs: int
    arrivals: int


class RemovedArrivals(NamedTuple):
    """`last`: where to go on; None: no older one follows."""

    removed: int
    last: int | None


class RetentionTx(Protocol):
    """The part of a transaction that removes what is over.

    Identities that last stay for ever: bindings, and the ledger's rows of records, `once` and started runs; so do a person's no, and the
    last answer at each place of a workflow that asks.
    """

    async def old_chains(self, cutoffs: Cutoffs, after: ChainPlace | None, limit: int) -> list[OldChain]:
        """Chains that began before `cutoffs.runs`, oldest first, behind `after`."""
        ...

    async def remove_chains(self, cutoffs: Cutoffs, roots: Sequence[str]) -> RemovedRows:
        """Removes chains, by their roots, with all that belongs to them; journals and ledger rows follow with `remove_leavings`."""
        ...

    async def remove_leavings(self, limit: int) -> bool:
        """Removes some of what removed runs left: at most `limit` rows of each table. False: nothing is left."""
        ...

    async def remove_arrivals(self, cutoffs: Cutoffs, after: int, limit: int) -> RemovedArrivals:
        """Looks at `limit` arrivals behind a place and removes those that are over and older than `cutoffs.events`, but not those whose run is still there."""
        ...

    async def remove_windows(self, before: int, limit: int) -> int:
        """Removes settled rows of `once … for:` whose time was over before `before`, and before the first of the runs began that are there."""
        ...

    async def remove_programs(self, limit: int) -> int:
        """Removes programs that no run names."""
        ...
