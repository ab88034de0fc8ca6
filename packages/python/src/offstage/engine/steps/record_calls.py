"""The callbacks of one record for one identity, as its ensure or release calls them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, Literal

from offstage.base import Data, Object, Withheld, WithheldEnd, hash_json, is_fields, is_items
from offstage.engine.strand import Probe, Strand, WriteSlot, call
from offstage.model import Binding, Certainty, EffectIdentity, RecordAction, RecordKey
from offstage.records import FindFacts, ReadFacts, RecordAbilities, proves_after_ms
from offstage.values.data import to_partial
from offstage.values.kinds import article, caller, type_error


@dataclass(frozen=True, kw_only=True)
class RecordSpec:
    """What a module declares of a record. `server`: where its targets live, that of the tool that `create` (or `find`) calls last."""

    name: str
    scope: Literal["workflow", "project"]
    server: str
    identity: Callable[..., Any]
    find: Callable[..., Any]
    create: Callable[..., Any]
    keep: Callable[..., Any]
    read: Callable[..., Any] | None = None
    same: Callable[..., Any] | None = None
    update: Callable[..., Any] | None = None
    release: Callable[..., Any] | None = None
    reopen: Callable[..., Any] | None = None
    release_when: Callable[..., Any] | None = None
    release_after_ms: int | None = None

    def abilities(self) -> RecordAbilities:
        """What the optional callbacks let it do."""
        return RecordAbilities(
            read=self.read is not None,
            same=self.same is not None,
            update=self.update is not None,
            reopen=self.reopen is not None,
            release=self.release is not None,
        )


@dataclass(frozen=True)
class Found:
    """What `find` gave, with the items that the pure decisions know by their target keys only."""

    facts: FindFacts
    items: dict[str, Any]


@dataclass(frozen=True)
class Read:
    """What `read` gave."""

    facts: ReadFacts
    actual: Any


def record_context(c: Strand) -> Object:
    """What every callback of a record gets last."""
    return Object(inputs=c.module.inputs, event=c.module.event)


class RecordCalls:
    """One record, one identity."""

    def __init__(self, c: Strand, step: str, record: RecordSpec, key: RecordKey, item: Any) -> None:
        self.record = record
        self.key = key
        self.label = f"{record.name} {key['key']}"
        self._c = c
        self._step = step
        self._item = item
        self._context = record_context(c)

    async def find(self, now: int) -> Found | Withheld:
        """Asks `find`, live. `now` is an instant before the question."""
        probe = Probe()
        found = await self._asked("find", probe, self.record.find, self._item, self._context)
        if isinstance(found, Withheld):
            return found
        if not is_items(found):
            raise type_error(f"find of record {self.record.name} must give an array, not {article(found)}.")
        items: dict[str, Any] = {}
        keys: list[str] = []
        for item in found:
            if isinstance(item, Withheld):
                return item
            key = self.target_key(item)
            keys.append(key)
            items.setdefault(key, item)
        after = proves_after_ms(probe.classes)
        return Found(FindFacts(target_keys=tuple(keys), asked_at=now, proves_after_ms=after), items)

    async def read(self, binding: Binding, now: int) -> Read | Withheld:
        """Asks `read`, live; an answer that says gone is one, whether it came as a value or as an error."""
        probe = Probe()
        actual: Any = None
        try:
            actual = await self._asked("read", probe, self.record.read, binding["kept"], self._context)
        except Exception:
            if not probe.gone:
                raise
        if isinstance(actual, Withheld):
            return actual
        after = proves_after_ms(probe.classes)
        return Read(ReadFacts(gone=probe.gone, asked_at=now, proves_after_ms=after), actual)

    async def same(self, actual: Any) -> bool | Withheld:
        """Asks `same` of what was read."""
        try:
            answer = await self._call("same", self.record.same, actual, self._item, self._context)
        except WithheldEnd as end:
            return end.value
        if isinstance(answer, Withheld | bool):
            return answer
        raise type_error(f"same of record {self.record.name} must give a boolean, not {article(answer)}.")

    async def write(
        self,
        action: Literal["create", "update", "release", "reopen"],
        generation: int,
        revision: int,
        *,
        kept: Any = None,
        actual: Any = None,
        certainty: Certainty = "sure",
    ) -> tuple[WriteSlot, Any]:
        """Runs a writing callback with its one write under this identity."""
        slot = WriteSlot(self.identity(action, generation, revision), self.label, certainty=certainty)
        given: dict[str, tuple[Any, ...]] = {
            "create": (self._item, self._context),
            "update": (kept, self._item, actual, self._context),
            "release": (kept, self._context),
            "reopen": (kept, self._item, self._context),
        }
        with self._c.within(f"{self._step}/{action}/", write=slot):
            return slot, await self._call(action, getattr(self.record, action), *given[action])

    def identity(self, action: RecordAction, generation: int, revision: int) -> EffectIdentity:
        """What makes an action on it the same action."""
        return {
            "kind": "record",
            "scope": self.key["scope"],
            "record": self.key["record"],
            "key": self.key["key"],
            "generation": generation,
            "action": action,
            "revision": revision,
        }

    def keep(self, target: Any) -> Any:
        """What `keep` remembers of a target; where it would decide by what is not known, that is not known either."""
        return self._kept_of(target, self._item)

    def kept(self, target: Any) -> Data:
        """`keep` as it is stored. Errors: when part of it is not known."""
        partial = to_partial(self.keep(target), self._what())
        if partial.unknown:
            raise type_error(f"{self._what()} is not known.")
        return partial.value

    def target_key(self, target: Any) -> str:
        """Hash of the part of `kept` that comes from the target alone: `keep` of the target and an item that is not known. Where nothing of it is from the target, all of it."""
        partial = to_partial(self._kept_of(target, Withheld()), self._what())
        if _has_known(partial.value):
            return hash_json(partial.value)
        return hash_json(to_partial(self.keep(target), self._what()).value)

    def _kept_of(self, target: Any, item: Any) -> Any:
        try:
            value = caller(self.record.keep, f"keep of record {self.record.name}")(target, item, self._context)
        except WithheldEnd as end:
            return end.value
        if isawaitable(value):
            raise type_error(f"keep of record {self.record.name} must not call tools.")
        return value

    def _what(self) -> str:
        return f"What keep of record {self.record.name} returns"

    async def _call(self, name: str, function: Callable[..., Any] | None, *args: Any) -> Any:
        return await call(caller(function, f"{name} of record {self.record.name}"), *args)

    async def _asked(self, name: str, probe: Probe, function: Callable[..., Any] | None, *args: Any) -> Any:
        with self._c.within(f"{self._step}/{name}/", probe=probe):
            try:
                return await self._call(name, function, *args)
            except WithheldEnd as end:
                return end.value


def _has_known(data: Data) -> bool:
    if data is None:
        return False
    if is_items(data):
        return any(_has_known(one) for one in data)
    return any(_has_known(one) for one in data.values()) if is_fields(data) else True
