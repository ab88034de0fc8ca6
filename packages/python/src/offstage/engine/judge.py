"""What a trigger makes of an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from offstage.base import Data, ErrorData, decode_value, encode_value
from offstage.engine.caught import offstage_error
from offstage.engine.failure_place import failure_data
from offstage.engine.triggers import Trigger
from offstage.values.kinds import article, type_error
from offstage.values.operators import truthy


@dataclass(frozen=True)
class Wanted:
    """A run under this key."""

    key: str


@dataclass(frozen=True)
class Unwanted:
    """Nothing: its `when` says no."""


@dataclass(frozen=True)
class Unjudged:
    """Nothing, because one of its functions failed."""

    error: ErrorData


Verdict: TypeAlias = Wanted | Unwanted | Unjudged


def judge(trigger: Trigger, event: Data) -> Verdict:
    """Asks a trigger's `when` and `key`. They get the event as its run will find it in the store, each for itself: what one does to it changes nothing."""
    kept = encode_value(event)
    when, key = trigger.settings.get("when"), trigger.settings.get("key")
    try:
        if when is not None and not truthy(when(decode_value(kept))):
            return Unwanted()
        return Wanted("" if key is None else _key_of(key(decode_value(kept))))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as raised:
        return Unjudged(failure_data(offstage_error(raised)))


def _key_of(value: Any) -> str:
    """The empty text is the key of triggers that say none, so it names no run."""
    if isinstance(value, str) and value != "":
        return value
    if value == "":
        raise type_error("The key of a trigger is empty.")
    raise type_error(f"The key of a trigger must be a text, not {article(value)}.")
