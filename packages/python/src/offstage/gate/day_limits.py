"""The day's limits of writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from offstage.base import ErrorData, error_data
from offstage.model import DayLimit, EffectCall

_DAY_MS = 86_400_000


class Day(NamedTuple):
    """When a day began, and when the next one does; ms."""

    since: int
    until: int


def day_of(now: int) -> Day:
    """The day of an instant: in UTC, so that no clock change makes one longer."""
    since = now // _DAY_MS * _DAY_MS
    return Day(since, since + _DAY_MS)


def limits_of(limits: Iterable[DayLimit], names: Sequence[str], call: EffectCall | None) -> list[DayLimit]:
    """The limits that count a write of a run of this workflow, by any of its names: a day goes on where it is renamed. An adoption calls nothing and is none."""
    if call is None:
        return []
    return [
        limit
        for limit in limits
        if ("workflow" not in limit or limit["workflow"] in names)
        and ("server" not in limit or limit["server"] == call["server"])
        and ("tool" not in limit or limit["tool"] == call["tool"])
    ]


def day_limit(limit: DayLimit, label: str) -> ErrorData:
    """Why a write is one too many today."""
    called = [name for name in (limit.get("server"), limit.get("tool")) if name is not None]
    what = [".".join(called)] if called else []
    if "workflow" in limit:
        what.append(f"of {limit['workflow']}")
    of = f" ({' '.join(what)})" if what else ""
    place = f", {limit['place']}" if "place" in limit else ""
    return error_data(
        "LIMIT_WRITES_PER_DAY",
        f"{label} would be one write too many today: the policy permits {limit['perDay']}{of} a day{place}.",
        "See with `offstage runs` what writes so much. Raise policy.limits in offstage.yaml if so many are meant. The day is over at midnight, UTC: a run that goes on with what an event asked for is parked until then, and `offstage resume` lists it; named there, it goes on as soon as the limit is larger. Later events of its key wait for it.",
    )
