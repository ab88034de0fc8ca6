"""The project's rules over effects, from `offstage.yaml`; the first rule that matches decides."""

from typing import Literal, NotRequired, TypeAlias, TypedDict

from .approvers import Approvers
from .identity import RecordAction

# `is`, `not` and `from` are words of Python's: the members of these two cannot be written as classes.
ArgumentMatch = TypedDict(
    "ArgumentMatch",
    {
        "is": list[str | float | bool],
        "contains": list[str | float | bool],
        "over": float,
        "under": float,
        "given": bool,
        "not": "ArgumentMatch",
    },
    total=False,
)
"""What an argument has to be; all that is named has to hold. `is`: one of these, `*` in a text is any run of characters."""

TimeWindow = TypedDict("TimeWindow", {"days": list[int], "from": int, "to": int, "timezone": str})
"""Hours of a week, by the clocks of a time zone. Day 0 is Sunday; minutes of the day, 0 to 1440. Where it ends no later than it begins, it ends on the next day."""

PolicyAction: TypeAlias = RecordAction | Literal["recreate", "call", "start"]


class PolicyRule(TypedDict):
    """Absent fields match everything; `*` in a name matches any run of characters.

    `wait`: it is held for as long as the rule matches, a matter of time alone. `by`, `count`: with `approve`, who has to permit it and how
    many. `args`: path into the write's arguments → what is there. `place`: where it stands, for people; no part of what it says.
    """

    verdict: Literal["allow", "deny", "approve", "wait"]
    workflow: NotRequired[str]
    server: NotRequired[str]
    tool: NotRequired[str]
    record: NotRequired[str]
    action: NotRequired[PolicyAction]
    by: NotRequired[list[str]]
    count: NotRequired[int]
    args: NotRequired[dict[str, ArgumentMatch]]
    when: NotRequired[TimeWindow]
    outside: NotRequired[TimeWindow]
    place: NotRequired[str]


class DayLimit(TypedDict):
    """The most writes of one day of UTC, of all runs of a store. Absent fields count every write; names are whole ones."""

    perDay: int
    workflow: NotRequired[str]
    server: NotRequired[str]
    tool: NotRequired[str]
    place: NotRequired[str]


class Guard(TypedDict):
    """Updates and releases of one run beyond the larger of `count` and `share` of the bindings are held."""

    count: int
    share: float


class Policy(TypedDict):
    """All of them. `planMaxAgeMs`, `grantMaxAgeMs`: how long a plan may wait for its apply, and a grant holds. `trustHints`: believe a server's own `readOnlyHint`."""

    rules: list[PolicyRule]
    planMaxAgeMs: int
    grantMaxAgeMs: int
    trustHints: bool
    guard: Guard
    limits: list[DayLimit]
    approvers: Approvers


DEFAULT_POLICY: Policy = {
    "rules": [],
    "limits": [],
    "planMaxAgeMs": 3_600_000,
    "grantMaxAgeMs": 7 * 86_400_000,
    "trustHints": False,
    "guard": {"count": 5, "share": 0.1},
    "approvers": {"groups": {}, "fourEyes": False},
}
"""What applies when `offstage.yaml` says nothing."""
