"""Executes what the pure decisions of `records` say, for one identity, to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from offstage.base import OffstageError, Withheld
from offstage.engine.steps.holds import ambiguous_end, hold, refused_end
from offstage.engine.steps.record_calls import RecordCalls
from offstage.engine.strand import AmbiguousEnd, Place, Strand, fork_error
from offstage.model import Binding, EffectRequest, Evidence, effect_id
from offstage.records import (
    NO_FACTS,
    RecordAbilities,
    RecordFacts,
    RecordStep,
    RecordView,
    facts_after_write,
    next_ensure,
    next_release,
)
from offstage.values.data import to_partial

# More steps than any identity can need: the decisions would be going in circles.
_MAX_STEPS = 60


class Settled(NamedTuple):
    """How executing one identity ended: its value, and whether not everything happened, so that nothing of it may be journaled."""

    value: Any
    provisional: bool


class Keeper:
    """One identity, on its way."""

    def __init__(self, c: Strand, step: str, calls: RecordCalls) -> None:
        self._c = c
        self._calls = calls
        self._place = Place(step, calls.label)
        self._facts = NO_FACTS
        self._items: dict[str, Any] = {}
        self._actual: Any = None
        # What the callback around the last `create` returned.
        self._created: tuple[Any] | None = None
        self._ambiguous: set[str] = set()

    async def ensure(self) -> Settled:
        """Towards one target."""
        return await self._run(next_ensure)

    async def release(self) -> Settled:
        """Towards none."""
        return await self._run(next_release)

    async def _run(self, decide: Callable[[RecordView, RecordFacts, RecordAbilities], RecordStep]) -> Settled:
        c, calls = self._c, self._calls
        for _ in range(_MAX_STEPS):
            c.ports.checkpoint("other")
            view: RecordView = await c.ports.effects.record(calls.key, calls.record.server)
            settled = await self._take(decide(view, self._facts, calls.record.abilities()), view)
            if settled is not None:
                return settled
        raise OffstageError("BUG", f"{calls.label}: the decisions about it do not end.")

    async def _take(self, step: RecordStep, view: RecordView) -> Settled | None:
        """One step; None to go on."""
        match step["kind"]:
            case "find" | "read" | "compare":
                return await self._look(step["kind"], view)
            case "create" | "update" | "release" | "reopen":
                return await self._write(step, view)
            case "adopt":
                return await self._adopt(step)
            case "settle":
                await self._c.ports.effects.settle(step["effect"], self._evidence(step["evidence"]))
                return None
            case "bind":
                return await self._bind(step, view)
            case "done":
                return await self._done(step["converged"], view["binding"])
            case "blocked":
                raise ambiguous_end(step["effect"], step["error"], self._place)
            case "hold":
                effect = effect_id(self._calls.identity("create", step["generation"], 0))
                return Settled(hold(self._c, effect, self._place, step["why"], None), True)
            case "fail":
                raise fork_error(step["error"], self._place.step)

    async def _look(self, what: str, view: RecordView) -> None:
        calls = self._calls
        if what == "find":
            found = await calls.find(view["now"])
            if isinstance(found, Withheld):
                self._facts = replace(self._facts, found="unknown")
            else:
                self._items = found.items
                self._facts = replace(self._facts, found=found.facts)
        elif what == "read":
            read = await calls.read(self._binding_of(view), view["now"])
            self._actual = read if isinstance(read, Withheld) else read.actual
            self._facts = replace(self._facts, read="unknown" if isinstance(read, Withheld) else read.facts)
        else:
            same = await calls.same(self._actual)
            self._facts = replace(self._facts, same="unknown" if isinstance(same, Withheld) else same)

    async def _write(self, step: Any, view: RecordView) -> Settled | None:
        kind, calls = step["kind"], self._calls
        kept = None if kind == "create" else self._binding_of(view)["kept"]
        certainty = "sure" if step["certain"] else "may"
        try:
            slot, value = await calls.write(
                kind, step["generation"], step["revision"], kept=kept, actual=self._actual, certainty=certainty
            )
        except OffstageError as error:
            return self._went_wrong(error, kind, certainty == "sure")
        self._facts = facts_after_write(self._facts, kind)
        if kind == "create":
            self._created = (value,)
        if slot.answer is None:
            raise OffstageError(
                "ONE_WRITE",
                f"{calls.label}: {kind} made no write.",
                hint="It must call exactly one tool that writes; what a tool does is said by its profile.",
            )
        if slot.answer["kind"] == "done":
            return None
        return Settled(calls.keep(value) if kind == "create" else kept, True)

    def _went_wrong(self, error: OffstageError, action: Any, sure: bool) -> None:
        """A result that cannot be read, or an outcome that is not known: what can be found tells, once."""
        unreadable = error.code == "RESULT_UNREADABLE" and action == "create"
        if not (isinstance(error, AmbiguousEnd) or unreadable) or action in self._ambiguous or not sure:
            raise error
        self._ambiguous.add(action)
        self._facts = facts_after_write(self._facts, action)

    async def _adopt(self, step: Any) -> Settled | None:
        c, calls, place = self._c, self._calls, self._place
        kept = calls.kept(self._items.get(step["targetKey"]))
        request: EffectRequest = {
            "identity": calls.identity("adopt", step["generation"], step["revision"]),
            "step": place.step,
            "call": None,
            "args": {"value": {"kept": kept, "targetKey": step["targetKey"]}, "unknown": []},
            "certainty": c.certainty,
            "identityKnown": True,
            "after": c.after,
            "label": place.label,
            "server": calls.record.server,
        }
        if c.module.within:
            request["within"] = [*c.module.within]
        answer = await c.ports.effects.perform(request)
        match answer["kind"]:
            case "done":
                self._facts = facts_after_write(self._facts, "adopt")
                return None
            case "held":
                hold(c, answer["effect"], place, answer["why"], None)
                return Settled(kept, True)
            case "failed":
                raise fork_error(answer["error"], place.step)
            case "ambiguous":
                raise ambiguous_end(answer["effect"], answer["error"], place)
            case "refused":
                raise refused_end(answer["error"])

    def _evidence(self, evidence: Any) -> Evidence:
        if evidence["kind"] == "absent":
            return evidence
        key = evidence["targetKey"]
        item = None if key is None else self._items.get(key)
        return {"kind": "found", "value": to_partial(item, "What find gave", "keep").value}

    async def _bind(self, step: Any, view: RecordView) -> None:
        effects, key = self._c.ports.effects, self._calls.key
        match step["change"]:
            case "bound":
                await self._bound(step, view)
            case "updated":
                change = {
                    "kind": "updated",
                    "key": key,
                    "effect": step["effect"],
                    "notConverging": step["notConverging"],
                }
                await effects.bind(change)
                self._facts = replace(self._facts, updated=True)
            case "reopened":
                await effects.bind({"kind": "reopened", "key": key, "effect": step["effect"]})
                self._facts = NO_FACTS
            case "released":
                await effects.bind({"kind": "released", "key": key, "effect": step["effect"]})
            case _:
                await effects.bind({"kind": "seen", "key": key, "goneSince": step["goneSince"]})

    async def _bound(self, step: Any, view: RecordView) -> None:
        calls, source = self._calls, step["from"]
        if source == "function":
            target = await self._created_value(step["generation"], view)
        else:
            target = self._items.get(source["targetKey"])
        opened = view["open"]
        identity = None if opened is None else opened["identity"]
        adopted = identity is not None and identity["kind"] == "record" and identity["action"] == "adopt"
        await self._c.ports.effects.bind(
            {
                "kind": "bound",
                "key": calls.key,
                "effect": step["effect"],
                "generation": step["generation"],
                "kept": calls.kept(target),
                "targetKey": calls.target_key(target),
                "adopted": adopted,
                "server": calls.record.server,
            }
        )

    async def _created_value(self, generation: int, view: RecordView) -> Any:
        """What `create` returned; evaluated again, its write answered from the ledger, when that was lost."""
        if self._created is not None:
            return self._created[0]
        opened = view["open"]
        identity = None if opened is None else opened["identity"]
        revision = identity["revision"] if identity is not None and identity["kind"] == "record" else 0
        slot, value = await self._calls.write("create", generation, revision)
        answer = slot.answer
        if answer is not None and answer["kind"] == "done" and opened is not None and answer["effect"] == opened["id"]:
            return value
        raise OffstageError(
            "JOURNAL_MISMATCH",
            f"{self._calls.label}: its create did not ask for the write that was made.",
            hint="This is a fault of Offstage: please report it.",
        )

    async def _done(self, converged: bool, binding: Binding | None) -> Settled:
        c = self._c
        if binding is not None and binding["releasedAt"] is None:
            # A plan does not visit: what it looked at was not seen by a run.
            if c.planning:
                c.run.unchanged += 1
            else:
                change = {"kind": "seen", "key": self._calls.key, "goneSince": None, "converged": converged}
                await c.ports.effects.bind(change)
        return Settled(None if binding is None else binding["kept"], False)

    def _binding_of(self, view: RecordView) -> Binding:
        binding = view["binding"]
        if binding is not None:
            return binding
        raise OffstageError("BUG", f"{self._calls.label}: a step needs its binding, and there is none.")
