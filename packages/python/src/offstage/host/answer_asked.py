"""What people are asked now, and the one way in which they answer, from wherever they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from offstage.base import OffstageError
from offstage.effects import RequestAnswer, answer_requests
from offstage.host.answer_approval import answer_approval, open_approvals
from offstage.host.environment import Making
from offstage.host.go_on import go_on_with_grant
from offstage.model import AnswerWay, ApprovalAnswer, ApprovalRequest, ApprovalWait, Approvers, is_among
from offstage.state import Store, StoreTx

Said: TypeAlias = Literal["approve", "deny"]
"""A yes, or a no."""

_MOST_LISTED = 1_000
# Shorter beginnings are slips: an empty variable of a script would name whatever is there.
_LEAST = 4


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What people are asked: by the policy, to permit a write (`requests`: open ones, and denied ones, which can be permitted after all); by workflows themselves, in `approve()`."""

    requests: Sequence[ApprovalRequest]
    approvals: Sequence[ApprovalWait]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a person says. `by` and `why` without a registered secret: both are kept.

    `max_age_ms`: how long a grant holds. `later`: the grant is only recorded, and the next run that comes to it uses it.
    """

    said: Said
    by: str
    way: AnswerWay
    max_age_ms: int
    approvers: Approvers
    why: str | None = None
    later: bool = False


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What was answered, and the runs that go on with it.

    `partly`: of the requests those that more people have to permit. `late`: those that somebody else answered meanwhile. `asking`: runs that
    were answered inside and go on themselves. `permitted`: runs that go on with what is permitted now; made in the transaction that
    permitted it, or still at work, so that their end makes one.
    """

    requests: list[ApprovalRequest]
    approvals: list[ApprovalWait]
    partly: list[ApprovalRequest]
    late: list[ApprovalRequest]
    asking: list[str]
    permitted: list[str]


async def asked_now(store: Store, now: int) -> Asked:
    """All that people are asked, and what they denied."""
    requests = await store.transact(
        lambda tx: tx.list_requests(status=["open", "denied"], limit=_MOST_LISTED), durable=False, reads=True
    )
    return Asked(requests=requests, approvals=await open_approvals(store, now))


def choose_asked(asked: Asked, wanted: Sequence[str], *, said: Said, by: str, approvers: Approvers) -> Asked:
    """What of it a person means by ids, beginnings of ids, or `all`.

    `all` are those that wait for this person; one that was denied has to be named to be permitted after all. Errors: `REQUEST_UNKNOWN` when
    nothing begins so; `USAGE` when several do, or it is too short to mean one.
    """
    opened = [one for one in asked.requests if one["status"] == "open"]
    if "all" in wanted:
        groups = approvers["groups"]
        return Asked(
            requests=[one for one in opened if is_among(one["by"], by, groups)],
            approvals=[one for one in asked.approvals if is_among(one["by"], by, groups)],
        )
    requests = {one["id"]: one for one in (asked.requests if said == "approve" else opened)}
    approvals = {one["id"]: one for one in asked.approvals}
    # Each once, also where two beginnings mean it.
    ids = list(dict.fromkeys(_by_prefix([*requests, *approvals], prefix) for prefix in wanted))
    return Asked(
        requests=[requests[id] for id in ids if id in requests],
        approvals=[approvals[id] for id in ids if id in approvals],
    )


async def answer_asked(store: Store, making: Making, asked: Asked, answer: Answer) -> Answered:
    """Stores what a person says to all of it; of what is permitted a run goes on, in the transaction of the answer. Errors: `REQUEST_UNKNOWN`, `ANSWER_NOT_ALLOWED`."""
    now = making.clock.now()

    async def permitted(tx: StoreTx, granted: ApprovalRequest) -> ApprovalRequest:
        if not answer.later:
            return await go_on_with_grant(tx, making, granted)
        kept = granted.copy()
        kept["continuedBy"] = granted["runId"]
        return kept

    said = RequestAnswer(
        verdict=answer.said,
        by=answer.by,
        why=answer.why,
        way=answer.way,
        now=now,
        max_age_ms=answer.max_age_ms,
        approvers=answer.approvers,
        permitted=permitted,
    )
    ids = [one["id"] for one in asked.requests]
    answered = await answer_requests(store, ids, said) if ids else []
    asking: dict[str, None] = {}
    for one in asked.approvals:
        runs = await answer_approval(store, one["id"], _approval_answer(answer, now), answer.approvers)
        asking.update(dict.fromkeys(runs))
    done = {one["id"] for one in answered}
    going = dict.fromkeys(one["continuedBy"] or one["runId"] for one in answered if one["status"] == "approved")
    return Answered(
        requests=answered,
        approvals=[*asked.approvals],
        partly=[one for one in answered if one["status"] == "open"],
        late=[one for one in asked.requests if one["id"] not in done],
        asking=[*asking],
        permitted=[run for run in going if run not in asking],
    )


def _approval_answer(answer: Answer, now: int) -> ApprovalAnswer:
    told: ApprovalAnswer = {
        "verdict": "denied" if answer.said == "deny" else "approved",
        "by": answer.by,
        "at": now,
        "way": answer.way,
    }
    if answer.why is not None:
        told["why"] = answer.why
    return told


def _by_prefix(ids: Sequence[str], prefix: str) -> str:
    found = [id for id in ids if id.startswith(prefix)]
    if len(prefix) < _LEAST and found != [prefix]:
        raise OffstageError(
            "USAGE",
            f'"{prefix}" is too short to name one open request.',
            hint=f"Give at least {_LEAST} characters of its id; `offstage approve` lists them.",
        )
    if not found:
        raise OffstageError(
            "REQUEST_UNKNOWN", f"No open request begins with {prefix}.", hint="`offstage approve` lists them."
        )
    if len(found) > 1:
        raise OffstageError("USAGE", f"{len(found)} open requests begin with {prefix}.", hint="Give more of the id.")
    return found[0]
