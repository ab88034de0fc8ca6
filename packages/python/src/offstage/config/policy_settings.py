"""The policy of the settings: what `policy`, `plan`, `grants` and `approvals` say, as the gate takes it."""

import re
from collections.abc import Mapping
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from offstage.base import JsonObject
from offstage.model import DEFAULT_POLICY, Policy

from .shape import Shape, read

_VERDICTS = ("allow", "deny", "approve", "wait")
_ACTIONS = ("create", "adopt", "update", "release", "reopen", "recreate", "call", "start")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_DAY_MINUTES = 1_440
_RULE = ("verdict", "workflow", "server", "tool", "record", "action", "args", "when", "outside", "by", "count")
_MATCH = ("is", "contains", "over", "under", "given")
_HOUR = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)


def policy_settings(document: Mapping[str, Shape]) -> Policy:
    """The policy of a file, with its defaults."""
    policy = read(document, "policy", lambda one: one.fields(("rules", "limits", "classes", "trustHints", "guard")), {})
    plan = read(document, "plan", lambda one: one.fields(("maxAge",)), {})
    grants = read(document, "grants", lambda one: one.fields(("maxAge",)), {})
    guard = read(policy, "guard", lambda one: one.fields(("count", "share")), {})
    settings: JsonObject = {
        "rules": [_rule(one) for one in read(policy, "rules", Shape.items, [])],
        "limits": [_limit(one) for one in read(policy, "limits", Shape.items, [])],
        "planMaxAgeMs": read(plan, "maxAge", lambda one: one.duration("3650d"), DEFAULT_POLICY["planMaxAgeMs"]),
        "grantMaxAgeMs": read(
            grants, "maxAge", lambda one: one.duration("3650d", "1m"), DEFAULT_POLICY["grantMaxAgeMs"]
        ),
        "trustHints": read(policy, "trustHints", Shape.flag, False),
        "approvers": _approvers(document),
        "guard": {
            "count": read(guard, "count", lambda one: one.whole(0, 2**53 - 1), 5),
            "share": read(guard, "share", lambda one: one.number(0, 1), 0.1),
        },
    }
    return cast("Policy", settings)


def _rule(shape: Shape) -> JsonObject:
    fields = shape.fields(_RULE)
    if "verdict" not in fields:
        raise shape.fault("a rule has a verdict.")
    rule: JsonObject = {"verdict": fields["verdict"].choice(_VERDICTS)}
    for name in ("workflow", "server", "tool", "record"):
        if name in fields:
            rule[name] = fields[name].text()
    if "action" in fields:
        rule["action"] = fields["action"].choice(_ACTIONS)
    if "args" in fields:
        if "tool" not in fields:
            raise fields["args"].fault("A rule about arguments names the tool whose arguments they are.")
        rule["args"] = {path: _match(one) for path, one in fields["args"].fields().items()}
    for name in ("when", "outside"):
        if name in fields:
            rule[name] = _window(fields[name])
    if "by" in fields:
        rule["by"] = [one.text() for one in fields["by"].several()]
    if "count" in fields:
        rule["count"] = fields["count"].whole(1, 20)
    if rule["verdict"] != "approve" and ("by" in rule or rule.get("count", 1) > 1):
        raise shape.fault("Only with verdict: approve somebody is asked.")
    if rule["verdict"] == "wait" and "when" not in rule and "outside" not in rule:
        raise shape.fault(
            'Say how long: when: { hours: "22:00-06:00" }, or outside: { days: mon-fri, hours: "09:00-17:00" }.'
        )
    return {**rule, "place": f"{shape.file}: {shape.path}"}


def _match(shape: Shape) -> JsonObject:
    if not isinstance(shape.value, dict):
        return {"is": [one.scalar() for one in shape.several()]}
    fields = shape.fields((*_MATCH, "not"))
    if len(fields) == 0:
        raise shape.fault(
            "Say what it has to be: a text, a list of texts, or { contains: prod }, { over: 1000 }, { given: true }, { not: … }."
        )
    match: JsonObject = {
        name: [one.scalar() for one in fields[name].several()] for name in ("is", "contains") if name in fields
    }
    for name in ("over", "under"):
        if name in fields:
            match[name] = fields[name].number(float("-inf"), float("inf"))
    if "given" in fields:
        match["given"] = fields["given"].flag()
    if "not" in fields:
        match["not"] = _match(fields["not"])
    return match


def _limit(shape: Shape) -> JsonObject:
    fields = shape.fields(("perDay", "workflow", "server", "tool"))
    if "perDay" not in fields:
        raise shape.fault("a limit has a perDay.")
    limit: JsonObject = {"perDay": fields["perDay"].whole(0, 2**53 - 1)}
    for name in ("workflow", "server", "tool"):
        if name in fields:
            text = fields[name].text()
            if "*" in text:
                raise fields[name].fault("A limit counts by whole names; leave the field out for all.")
            limit[name] = text
    return {**limit, "place": f"{shape.file}: {shape.path}"}


def _window(shape: Shape) -> JsonObject:
    fields = shape.fields(("days", "hours", "timezone"))
    if "days" not in fields and "hours" not in fields:
        raise shape.fault(
            'Name days, hours, or both: { days: mon-fri, hours: "09:00-17:00", timezone: Europe/Berlin }.'
        )
    zone = fields["timezone"].text() if "timezone" in fields else ""
    if not _is_zone(zone):
        raise shape.fault('This is no time zone; write "Europe/Berlin", or UTC.')
    days = (
        sorted({day for one in fields["days"].several() for day in _days(one)}) if "days" in fields else list(range(7))
    )
    begins, ends = _hours(fields["hours"]) if "hours" in fields else (0, _DAY_MINUTES)
    return {"days": days, "from": begins, "to": ends, "timezone": zone}


def _days(shape: Shape) -> list[int]:
    """`fri-mon` goes over the end of the week."""
    names = shape.text().split("-")
    if len(names) > 2 or any(name not in _DAYS for name in names):
        raise shape.fault('Write days as "mon-fri", or [sat, sun].')
    first, last = _DAYS.index(names[0]), _DAYS.index(names[-1])
    return [(first + index) % 7 for index in range((last - first + 7) % 7 + 1)]


def _hours(shape: Shape) -> tuple[int, int]:
    match = _HOUR.fullmatch(shape.text())
    if match is not None:
        numbers = [int(group) for group in match.groups()]
        begins, ends = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
        if numbers[1] < 60 and numbers[3] < 60 and begins != ends and begins < _DAY_MINUTES and ends <= _DAY_MINUTES:
            return begins, ends
    raise shape.fault('Write hours as "09:00-17:00", of 24; "22:00-06:00" ends on the next day.')


def _approvers(document: Mapping[str, Shape]) -> JsonObject:
    fields = read(
        document, "approvals", lambda one: one.fields(("groups", "fourEyes", "timeout", "links", "notify")), {}
    )
    groups = {
        name: [member.text() for member in _filled(one)]
        for name, one in read(fields, "groups", Shape.fields, {}).items()
    }
    approvers: JsonObject = {"groups": groups, "fourEyes": read(fields, "fourEyes", Shape.flag, False)}
    return {**approvers, "timeoutMs": fields["timeout"].duration("365d", "1m")} if "timeout" in fields else approvers


def _filled(shape: Shape) -> list[Shape]:
    items = shape.items()
    if len(items) == 0:
        raise shape.fault("this list is empty.")
    return items


def _is_zone(name: str) -> bool:
    try:
        return name != "" and ZoneInfo(name).key != ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
