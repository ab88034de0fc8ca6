"""The right to drive a store's runs, held by one process at a time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from offstage.base import Clock, OffstageError
from offstage.state import Lease, LeaseHolder, Store, StoreTx, decide_lease

# How long a lease lasts without a sign of life, and how often one is given, ms. A dead process of this machine is noticed at once.
_LEASE_MS = 15_000
_RENEW_MS = 5_000
# At every so many renewals, and where a lease ends that was renewed, a fencing token is counted that nobody gets. What is kept beside a
# store of how far it has been (its mark) rises with them: a copy from within a lease that goes on for weeks would be taken for the store itself.
_COUNT_EVERY = 12


@dataclass(eq=False)
class AcquiredLease:
    """A lease that this process holds. Every transaction of a run names its `fence`; `on_lost` is called once when another process took it."""

    lease: Lease
    on_lost: list[Callable[[BaseException], None]] = field(
        default_factory=lambda: list[Callable[[BaseException], None]]()
    )
    renewals: int = 0
    renewing: asyncio.Task[None] | None = None

    @property
    def fence(self) -> int:
        """The lease's token."""
        return self.lease["fence"]


class LeaseKeeper:
    """Takes, renews and gives back the one lease of a store."""

    def __init__(self, store: Store, clock: Clock, me: LeaseHolder, alive: Callable[[LeaseHolder], bool]) -> None:
        self._store = store
        self._clock = clock
        self._me = me
        self._alive = alive
        self._kept: AcquiredLease | None = None

    async def keep(self) -> bool:
        """Takes the lease, if it has not it already, and keeps it over what others here take and release, until it is given back or lost. False: another process has it."""
        found = await self.acquire()
        if not isinstance(found, AcquiredLease):
            return False
        if self._kept is None:
            self._kept = found
            found.on_lost.append(lambda _why: self.forget(found))
        return True

    @property
    def keeps(self) -> bool:
        """Whether it is kept."""
        return self._kept is not None

    def forget(self, held: AcquiredLease) -> None:
        """Another process has it: it is to be taken anew."""
        if self._kept is held:
            self._kept = None

    async def give_back(self) -> None:
        """Keeps it no longer."""
        kept, self._kept = self._kept, None
        if kept is not None:
            await self.release(kept)

    async def acquire(self) -> AcquiredLease | LeaseHolder:
        """A lease of this process's own, or who holds it."""
        if self._kept is not None:
            return self._kept

        async def take(tx: StoreTx) -> Lease | LeaseHolder:
            current, now = await tx.get_lease(), self._clock.now()
            if current is not None and decide_lease(current, self._me, now, self._alive) == "wait":
                return current["holder"]
            taken: Lease = {
                "fence": await tx.next_fence(),
                "holder": self._me,
                "takenAt": now,
                "expiresAt": now + _LEASE_MS,
            }
            await tx.put_lease(taken)
            return taken

        found = await self._store.transact(take, durable=True)
        if "fence" not in found:
            return found
        held = AcquiredLease(found)
        held.renewing = asyncio.create_task(self._renew_for_ever(held))
        return held

    async def release(self, held: AcquiredLease) -> None:
        """Gives it back, unless it is kept; one that another process took meanwhile is its own."""
        if held is self._kept:
            return
        if held.renewing is not None:
            held.renewing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await held.renewing
        try:
            await self._put(held.lease, None, counts=held.renewals > 0)
        except OffstageError as error:
            if error.code != "LEASE_LOST":
                raise

    async def _renew_for_ever(self, held: AcquiredLease) -> None:
        while True:
            await self._clock.sleep(_RENEW_MS)
            held.renewals += 1
            renewed = held.lease.copy()
            renewed["expiresAt"] = self._clock.now() + _LEASE_MS
            try:
                await self._put(held.lease, renewed, counts=held.renewals % _COUNT_EVERY == 0)
            except OffstageError as error:
                # A full disk or a busy file is no loss: the next transaction of a run will tell, and fencing decides.
                if error.code not in ("LEASE_LOST", "STORE_NEWER"):
                    continue
                for told in held.on_lost:
                    told(error)
                return

    async def _put(self, current: Lease, lease: Lease | None, *, counts: bool) -> None:
        """In the place of a lease that is still held. A token that is counted is to be on the disk before anything beside the store knows of it."""

        async def put(tx: StoreTx) -> None:
            if counts:
                await tx.next_fence()
            await tx.put_lease(lease)

        await self._store.transact(put, durable=counts, fence=current["fence"])


def this_process() -> LeaseHolder:
    """This process, as another one of the same machine can recognise it."""
    return {
        "host": f"{socket.gethostname()} {_pid_namespace()}",
        "boot": _boot_id(),
        "pid": os.getpid(),
        "started": _start_of(os.getpid()),
    }


def holder_is_alive(holder: LeaseHolder) -> bool:
    """Whether a process of this machine and boot still lives; a pid that another process has by now is not it."""
    try:
        os.kill(holder["pid"], 0)
    except PermissionError:
        # Somebody else's process cannot be signalled, but it lives.
        pass
    except OSError:
        return False
    return holder["started"] is None or _start_of(holder["pid"]) == holder["started"]


def _boot_id() -> str:
    """Linux tells each boot apart. Elsewhere a lease waits for its end instead."""
    return (_read_text("/proc/sys/kernel/random/boot_id") or "unknown").strip()


def _pid_namespace() -> str:
    """Two containers can have one hostname and one boot; their pids say nothing to each other."""
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""


def _start_of(pid: int) -> str | None:
    """The start of a process in ticks since boot: field 22 of its stat, counted after the name, which may hold anything."""
    stat = _read_text(f"/proc/{pid}/stat")
    if stat is None:
        return None
    fields = stat[stat.rindex(")") + 2 :].split(" ")
    # A zombie has ended; only its parent has not looked yet.
    return None if fields[0] == "Z" else fields[19]


def _read_text(file: str) -> str | None:
    try:
        return Path(file).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
