"""What people are asked, and what they answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from offstage.base import OffstageError
from offstage.effects.ports import EffectsRun
from offstage.gate import is_shown_for
from offstage.model import (
    DEFAULT_POLICY,
    AnswerWay,
    ApprovalRequest,
    Approvers,
    EffectRequest,
    PersonAnswer,
    count_approvers,
    is_among,
)
from offstage.state import Store, StoreTx


@dataclass(frozen=True, kw_only=True)
class Question:
    """What `open_request` asks for."""

    effect: str
    args_hash: str
    request: EffectRequest
    target: str
    reason: str
    by: list[str] | None
    count: int


async def open_request(
    tx: StoreTx, asked: Sequence[ApprovalRequest], question: Question, run: EffectsRun, *, id: str, now: int
) -> None:
    """Asks a person for one effect: one open request per identity, and newer arguments or another place replace it.

    What was asked with the same arguments and is open for the same place, or was denied, is not asked again.
    """
    for earlier in asked:
        if earlier["argsHash"] != question.args_hash or not _stands(earlier, question):
            continue
        # The policy says something else by now of who is asked; what people said stays.
        if earlier["status"] == "open" and (earlier["count"], earlier["by"]) != (question.count, question.by):
            changed = earlier.copy()
            changed["by"], changed["count"], changed["reason"] = question.by, question.count, question.reason
            await tx.put_request(changed)
        return
    for earlier in asked:
        if earlier["status"] in ("open", "approved"):
            replaced = earlier.copy()
            replaced["status"] = "replaced"
            await tx.put_request(replaced)
    await tx.put_request(_new_request(question, run, id, now))


def _stands(earlier: ApprovalRequest, question: Question) -> bool:
    if earlier["status"] == "denied":
        return True
    return earlier["status"] == "open" and is_shown_for(earlier, question.request, question.target)


def _new_request(question: Question, run: EffectsRun, id: str, now: int) -> ApprovalRequest:
    request = question.request
    call = request["call"]
    return {
        "id": id,
        "effect": question.effect,
        "argsHash": question.args_hash,
        "args": request["args"]["value"],
        "server": request["server"] if call is None else call["server"],
        "tool": None if call is None else call["tool"],
        "target": question.target,
        "workflow": run.workflow,
        "runId": run.id,
        "rootRunId": run.root_run_id,
        "label": request["label"],
        "reason": question.reason,
        "openedAt": now,
        "status": "open",
        "answeredAt": None,
        "answeredBy": None,
        "answeredWhy": None,
        "expiresAt": None,
        "by": question.by,
        "count": question.count,
        "answers": [],
        "continuedBy": None,
        "notice": None,
    }


@dataclass(frozen=True, kw_only=True)
class RequestAnswer:
    """A person's answer. Times in milliseconds.

    `max_age_ms`: how long a grant holds. `approvers`: who may answer; without it groups have no members, and whoever started a run may.
    `permitted` has the run of a request that is permitted now go on: in the transaction of the answer, so that no kill comes between.
    """

    verdict: Literal["approve", "deny"]
    by: str
    now: int
    max_age_ms: int
    why: str | None = None
    way: AnswerWay = "cli"
    approvers: Approvers | None = None
    permitted: Callable[[StoreTx, ApprovalRequest], Awaitable[ApprovalRequest]] | None = None


async def answer_requests(store: Store, request_ids: Sequence[str], answer: RequestAnswer) -> list[ApprovalRequest]:
    """Stores a person's answer to requests that are open, or a yes to ones that were denied: all in one transaction, so that no other answer comes between.

    Needs no lease: it only adds; the next run sees it. Returns those that were answered, which are open still where more people have to
    permit them; the others are not open any more. Errors: `REQUEST_UNKNOWN`, `ANSWER_NOT_ALLOWED`; nothing is kept then.
    """
    approvers = DEFAULT_POLICY["approvers"] if answer.approvers is None else answer.approvers

    async def answered(tx: StoreTx) -> list[ApprovalRequest]:
        told: list[ApprovalRequest] = []
        for id in request_ids:
            request = await tx.get_request(id)
            if request is None:
                raise OffstageError(
                    "REQUEST_UNKNOWN",
                    f"There is no approval request {id}.",
                    hint="`offstage approve` lists what is open.",
                )
            if not _may_be_answered(request, answer):
                continue
            if answer.way != "timeout":
                await refuse_others(tx, request["by"], request["rootRunId"], answer.by, approvers)
            now = _answered_request(request, answer, approvers)
            if now["status"] == "approved" and answer.permitted is not None:
                now = await answer.permitted(tx, now)
            told.append(now)
            await tx.put_request(now)
        return told

    return await store.transact(answered, durable=True)


async def refuse_others(
    tx: StoreTx, by: Sequence[str] | None, root_run_id: str, name: str, approvers: Approvers
) -> None:
    """Raises `ANSWER_NOT_ALLOWED` when somebody else has to answer what a run asks: others are named, or this one started it."""
    why = await why_others(tx, by, root_run_id, name, approvers)
    if why is not None:
        raise OffstageError(
            "ANSWER_NOT_ALLOWED",
            why,
            hint="Who answers is said by --by; over HTTP it is the token's name, and with a link whom it was made for.",
        )


async def why_others(
    tx: StoreTx, by: Sequence[str] | None, root_run_id: str, name: str, approvers: Approvers
) -> str | None:
    """Why somebody else has to answer what a run asks; None: this one may."""
    if by is not None and not is_among(by, name, approvers["groups"]):
        return f"{name} may not answer this; {', '.join(by)} may."
    if not approvers["fourEyes"] or name != await _starter_of(tx, root_run_id):
        return None
    return f"{name} started this run, and somebody else has to answer (approvals.fourEyes)."


async def _starter_of(tx: StoreTx, run_id: str) -> str | None:
    """Who started a run by hand, or the run that started it, or the one before that."""
    run = await tx.get_run(run_id)
    if run is None:
        return None
    if run["rootRunId"] != run_id:
        return await _starter_of(tx, run["rootRunId"])
    event = run["event"]
    by = event.get("by")
    if isinstance(by, str):
        return by
    # One that an earlier version started does not say it itself.
    return await _starter_of(tx, event["run"]) if event["kind"] == "started" else None


def _answered_request(request: ApprovalRequest, answer: RequestAnswer, approvers: Approvers) -> ApprovalRequest:
    """A request with one answer more. The same person counts once, and a no is enough."""
    said: PersonAnswer = {
        "verdict": answer.verdict,
        "by": answer.by,
        "why": answer.why,
        "at": answer.now,
        "way": answer.way,
    }
    earlier = [one for one in request["answers"] if one["by"] != answer.by] if request["status"] == "open" else []
    told = request.copy()
    told["answers"] = [*earlier, said]
    if answer.verdict == "approve" and (
        count_approvers(told["answers"], request["by"], approvers["groups"]) < request["count"]
    ):
        told["status"] = "open"
        told["answeredAt"], told["answeredBy"], told["answeredWhy"] = None, None, None
        return told
    told["answeredAt"], told["answeredBy"], told["answeredWhy"] = answer.now, answer.by, answer.why
    if answer.verdict == "deny":
        told["status"], told["expiresAt"] = "denied", None
        return told
    told["status"], told["expiresAt"] = "approved", answer.now + answer.max_age_ms
    told["continuedBy"] = None
    return told


def _may_be_answered(request: ApprovalRequest, answer: RequestAnswer) -> bool:
    """A no can be taken back by whoever knows of it; whatever else was answered stays so. A page behind a link was perhaps opened before the no, and shows none."""
    status = request["status"]
    return status == "open" or (status == "denied" and answer.verdict == "approve" and answer.way != "link")
