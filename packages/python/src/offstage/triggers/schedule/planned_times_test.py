from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from offstage.base import OffstageError
from offstage.engine import cron, every, webhook
from offstage.testing.vectors import vectors
from offstage.triggers.schedule import Cron, Every, Schedule, next_planned_time, planned_times, schedule_of
from offstage.triggers.schedule.cron_line import parse_cron
from offstage.triggers.schedule.look_at_schedule import look_at_schedule

_HOUR = 3_600_000


def _schedule(given: dict[str, Any]) -> Schedule:
    if given["kind"] == "every":
        return Every(given["intervalMs"])
    return Cron(parse_cron(given["expression"]), ZoneInfo(given["timezone"]))


def _ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


def test_each_planned_time_is_that_of_typescript() -> None:
    for case in (one for one in vectors("triggers") if one["kind"] == "times"):
        schedule, at = _schedule(case["schedule"]), case["at"]
        assert next_planned_time(schedule, at) == case["next"], case
        assert planned_times(schedule, at - case["span"], at, case["limit"]) == case["times"], case
        look = look_at_schedule(schedule, case["missed"], case["seen"], at)
        looked = {"times": look.times, "seenUntil": look.seen_until, "next": look.next}
        assert looked == case["looked"], case


def test_a_time_that_the_clocks_leave_out_comes_at_the_end_of_the_gap_and_one_that_they_repeat_comes_once() -> None:
    schedule = Cron(parse_cron("30 2 * * *"), ZoneInfo("Europe/Berlin"))
    spring = planned_times(schedule, _ms("2027-03-27T12:00"), _ms("2027-03-29T12:00"), 9)
    autumn = planned_times(schedule, _ms("2026-10-24T12:00"), _ms("2026-10-26T12:00"), 9)
    assert spring == [_ms("2027-03-28T01:00"), _ms("2027-03-29T00:30")]
    assert autumn == [_ms("2026-10-25T00:30"), _ms("2026-10-26T01:30")]


def test_walking_from_each_time_to_the_next_meets_what_looking_back_finds() -> None:
    schedule = Cron(parse_cron("15 2,3 * * *"), ZoneInfo("Europe/Berlin"))
    start, end = _ms("2026-10-20T00:00"), _ms("2027-04-05T00:00")
    walked: list[int] = []
    at = next_planned_time(schedule, start)
    while at is not None and at <= end:
        walked.append(at)
        at = next_planned_time(schedule, at)
    assert walked == planned_times(schedule, start, end, 1_000)
    assert len(walked) > 300


def test_a_line_that_never_comes_has_no_next_time() -> None:
    assert next_planned_time(Cron(parse_cron("0 0 31 feb *"), ZoneInfo("UTC")), 0) is None


def test_schedules_are_read_from_triggers_and_others_have_none() -> None:
    assert schedule_of(every("10m")) == Every(600_000)
    assert schedule_of(cron("0 2 * * *", timezone="UTC")) == Cron(parse_cron("0 2 * * *"), ZoneInfo("UTC"))
    assert schedule_of(webhook("hub")) is None


@pytest.mark.parametrize(
    ("trigger", "says"),
    [
        (every("10 minutes"), "no interval"),
        (every("0s"), "no interval"),
        (cron("0 2 * *", timezone="UTC"), "has 4"),
        (cron("60 * * * *", timezone="UTC"), '"60" is no minute'),
        (cron("5/10 * * * *", timezone="UTC"), '"5/10" is no minute'),
        (cron("5-1 * * * *", timezone="UTC"), '"5-1" is no minute'),
        (cron("* * 0 * *", timezone="UTC"), "no day of month"),
        (cron("* * * * fun", timezone="UTC"), "no day of week"),
        (cron("1,, * * * *", timezone="UTC"), "no minute"),
        (cron("*/0 * * * *", timezone="UTC"), "no minute"),
        (cron("0 2 * * *", timezone="Mars/Base"), 'no time zone "Mars/Base"'),
        (cron("0 2 * * *", timezone="../etc"), "no time zone"),
    ],
)
def test_what_is_no_schedule_is_told(trigger: Any, says: str) -> None:
    with pytest.raises(OffstageError) as raised:
        schedule_of(trigger)
    assert (raised.value.code, says in raised.value.message) == ("USAGE", True)


def test_a_schedule_that_was_never_looked_at_has_no_past_and_of_missed_times_come_none_the_last_or_each() -> None:
    hourly = Every(_HOUR)
    first = look_at_schedule(hourly, "all", None, 10 * _HOUR + 5)
    assert (first.times, first.seen_until, first.next) == ([], 10 * _HOUR + 5, 11 * _HOUR)
    late = 8 * _HOUR + 90_000
    assert look_at_schedule(hourly, "skip", 5 * _HOUR, late).times == []
    assert look_at_schedule(hourly, None, 5 * _HOUR, late).times == [8 * _HOUR]
    assert look_at_schedule(hourly, "all", 5 * _HOUR, late).times == [6 * _HOUR, 7 * _HOUR, 8 * _HOUR]
    assert look_at_schedule(hourly, "skip", 5 * _HOUR, 8 * _HOUR + 5_000).times == [8 * _HOUR]
