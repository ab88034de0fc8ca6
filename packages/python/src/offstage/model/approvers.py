"""Who may answer what a person is asked, and what people said."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NotRequired, TypeAlias, TypedDict


class Approvers(TypedDict):
    """From `approvals:` of `offstage.yaml`.

    `groups`: names that stand for several people. `fourEyes`: whoever started a run by hand may not answer what it asks. `timeoutMs`: how
    long a permission is asked for; what nobody answered by then counts as refused. Absent: for ever.
    """

    groups: dict[str, list[str]]
    fourEyes: bool
    timeoutMs: NotRequired[int]


AnswerWay: TypeAlias = Literal["cli", "api", "link", "timeout"]
"""By which way an answer came. `timeout`: nobody answered."""


class PersonAnswer(TypedDict):
    """What one person said. `at` in milliseconds since the epoch; `why`: None when nothing was said."""

    verdict: Literal["approve", "deny"]
    by: str
    why: str | None
    at: int
    way: AnswerWay


def people_of(names: Iterable[str], groups: Mapping[str, Sequence[str]]) -> list[str]:
    """Those that a list of people and groups stands for, each once. A group is nobody itself, also not as a member of another one."""
    found: dict[str, None] = {}
    for name in names:
        members = [member for member in groups[name] if member not in groups] if name in groups else [name]
        found.update(dict.fromkeys(members))
    return list(found)


def is_among(by: Sequence[str] | None, name: str, groups: Mapping[str, Sequence[str]]) -> bool:
    """Whether a name is among those that a list of people and groups stands for; None: everybody is."""
    return by is None or name in people_of(by, groups)


def count_approvers(
    answers: Iterable[PersonAnswer], by: Sequence[str] | None, groups: Mapping[str, Sequence[str]]
) -> int:
    """How many different people permitted it, of those who may."""
    return len(
        {answer["by"] for answer in answers if answer["verdict"] == "approve" and is_among(by, answer["by"], groups)}
    )
