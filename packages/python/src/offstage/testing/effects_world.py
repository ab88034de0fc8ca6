"""Writes of a run over a real store, with a server whose book is a file: what it did stays also when its process is killed.

Run as a process of its own, to be killed: `python -m offstage.testing.effects_world BOOK POINT NOW PLACE…`. POINT says where it stops and waits
for its end: `intent`, `sent`, `outcome`; anything else, and it goes on.
"""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from offstage.base import Data, OffstageError, error_data
from offstage.effects import EffectEvent, Effects, EffectsOptions, EffectsRun, StartedRun, Turns, create_effects
from offstage.effects.ports import CallAnswer
from offstage.model import DEFAULT_POLICY, EffectIdentity, EffectRequest, Plan, Policy, RunPhase
from offstage.state import Store, StoreTx
from offstage.testing.fake_clock import FakeClock
from offstage.testing.store_places import StorePlace, place_from
from offstage.testing.store_samples import sample_lease

TARGET = "https://jira.test/"
TIMEOUT_MS = 60_000


@dataclass
class BookServer:
    """Writes each call down. `mode`: what becomes of its answer; `sleep_ms` passes on the clock before it answers."""

    book: Path
    mode: str = "value"
    clock: FakeClock | None = None
    stop: Callable[[str], None] = lambda _point: None
    gate: asyncio.Event | None = None
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def call(self, server: str, tool: str, args: Data, deadline_at: float) -> CallAnswer:
        self.stop("intent")
        if self.mode == "refused":
            return {"kind": "error", "error": error_data("TOOL_ERROR", "no"), "refused": True}
        with self.book.open("a") as book:
            book.write(f"{server}.{tool}\n")
        self.stop("sent")
        self.reached.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.mode == "late" and self.clock is not None:
            self.clock.at += TIMEOUT_MS + 1
        if self.mode in ("lost", "late"):
            return {"kind": "error", "error": error_data("TIMEOUT", "no answer"), "refused": False}
        if self.mode == "raises":
            raise OffstageError("TRANSPORT", "broken pipe")
        if self.mode == "unreadable":
            return {"kind": "unreadable", "error": error_data("RESULT_UNREADABLE", "what")}
        return {"kind": "value", "value": {"key": "PROD-1"}}

    def calls(self) -> int:
        """How often it wrote."""
        return len(self.book.read_text().splitlines()) if self.book.exists() else 0


@dataclass
class EffectsWorld:
    """One process over a store."""

    store: Store
    server: BookServer
    clock: FakeClock = field(default_factory=FakeClock)
    events: list[EffectEvent] = field(default_factory=list[EffectEvent])
    turns: Turns = field(default_factory=Turns)
    policy: Policy = field(default_factory=lambda: DEFAULT_POLICY)
    ids: int = 0

    def new_id(self) -> str:
        """Ids in order."""
        self.ids += 1
        return f"request-{self.ids}"

    def effects(
        self,
        run: str = "run-1",
        *,
        phase: RunPhase = "run",
        fence: int | None = 1,
        plan: Plan | None = None,
        **more: Any,
    ) -> Effects:
        """The writes of a run."""

        async def nothing(_tx: StoreTx) -> None:
            return None

        async def start(_tx: StoreTx, asked: StartedRun) -> str:
            return f"run of {asked['workflow']}"

        options: dict[str, Any] = {
            "run": EffectsRun(id=run, root_run_id=run, workflow="leaks", phase=phase, inputs_hash="i"),
            "target_of": _target,
            "before_commit": nothing,
            **more,
        }
        return create_effects(
            EffectsOptions(
                store=self.store,
                caller=self.server,
                clock=self.clock,
                fence=fence,
                epoch=1,
                plan=plan,
                policy=self.policy,
                lock_fault=lambda _server, _tool: None,
                timeout_ms=lambda _server: TIMEOUT_MS,
                turns=self.turns,
                new_id=self.new_id,
                start_run=start,
                on_effect=self.events.append,
                **options,
            )
        )


def _target(_server: str) -> str:
    return TARGET


def once_request(key: str = "k", *, idempotent: bool = False, args: Data = None, **rest: Any) -> EffectRequest:
    """A write of `once`."""
    identity: EffectIdentity = {"kind": "once", "scope": "leaks", "key": key, "window": None}
    return request_for(identity, idempotent=idempotent, args=args, **rest)


def request_for(identity: EffectIdentity, *, idempotent: bool = False, args: Data = None, **rest: Any) -> EffectRequest:
    """A request for `jira.create_issue`, certain and known."""
    request: Any = {
        "identity": identity,
        "step": "once#1/jira.create_issue#1",
        "call": {
            "server": "jira",
            "tool": "create_issue",
            "class": {
                "effect": "write",
                "idempotent": idempotent,
                "consistent": False,
                "lagMs": None,
                "affects": [],
                "undo": None,
            },
        },
        "args": {"value": {"title": "leak"} if args is None else args, "unknown": []},
        "certainty": "sure",
        "identityKnown": True,
        "after": None,
        "label": "ticket",
        "server": "jira",
        **rest,
    }
    return request


async def lease(store: Store, fence: int = 1) -> None:
    """Makes this process the one that drives the store."""
    await store.transact(lambda tx: tx.put_lease(sample_lease(fence)), durable=True)


async def main(place: StorePlace, book: str, point: str, now: int) -> None:
    """See above. Says the answer's kind, and where it stops."""

    def stop(at: str) -> None:
        if at == point:
            sys.stdout.write(f"at {at}\n")
            sys.stdout.flush()
            sys.stdin.read()

    store = await place.open()
    world = EffectsWorld(store, BookServer(Path(book), stop=stop), FakeClock(now))
    answer = await world.effects().perform(once_request())
    stop("outcome")
    sys.stdout.write(f"{answer['kind']}\n")
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(place_from(sys.argv[4:]), sys.argv[1], sys.argv[2], int(sys.argv[3])))
