"""`approve` and `deny`: what people say to writes that are held for them, and to what workflows ask them."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from offstage.base import Clock, JsonObject
from offstage.command_line.answers import redacted, run_data, what_it_did
from offstage.command_line.command_io import CommandIo
from offstage.command_line.exit_code import FINE, WAITING, ExitCode, exit_code_of_run
from offstage.command_line.stage import Stage, open_stage, project_store
from offstage.command_line.terminal import escape_controls
from offstage.command_line.texts import approval_text, request_text, run_text
from offstage.command_line.unplanned import refuse_unplanned
from offstage.config import Configuration
from offstage.host import Answer, Answered, Asked, Said, answer_asked, asked_now, choose_asked
from offstage.model import Run, count_approvers
from offstage.state import Store

_NOTHING = "Nothing waits for a person."


def options(parser: ArgumentParser) -> None:
    """What they take."""
    parser.add_argument(
        "requests", nargs="*", help="by the beginnings of their ids, or all; without any, what waits is listed"
    )
    parser.add_argument("--by", metavar="NAME", help="who says so (default: the user's name)")
    parser.add_argument("--why", metavar="TEXT", help="kept with the answer")
    parser.add_argument("--later", action="store_true", help="do not go on with the runs now")


@dataclass(frozen=True, kw_only=True)
class _Making:
    """What makes the runs that go on."""

    clock: Clock
    random_bytes: Callable[[int], bytes] = os.urandom


async def command(io: CommandIo, given: Namespace) -> ExitCode:
    """Lists what waits for a person, or answers some; runs whose writes were permitted are gone on with."""
    async with project_store(io) as (store, configuration):
        asked = await asked_now(store, io.clock.now())
        if not given.requests:
            return _list(io, asked)
        answered = await _answered(io, given, store, configuration, asked)
    going = [*answered.permitted, *answered.asking]
    if not going or given.later:
        return _noted(io, answered)
    async with open_stage(io) as stage:
        return await _go_on(io, stage, going)


async def _answered(
    io: CommandIo, given: Namespace, store: Store, configuration: Configuration, asked: Asked
) -> Answered:
    policy = configuration.settings.policy
    said: Said = "deny" if io.command == "deny" else "approve"
    by = io.person(given.by)
    await refuse_unplanned(store, given.requests, [one["id"] for one in (*asked.requests, *asked.approvals)])
    chosen = choose_asked(asked, given.requests, said=said, by=by, approvers=policy["approvers"])
    # Nobody permits blindly, `all` and beginnings of ids included.
    for request in chosen.requests:
        io.terminal.note(request_text(redacted(io, request)))
    for approval in chosen.approvals:
        io.terminal.note(approval_text(redacted(io, approval)))
    answer = Answer(
        said=said,
        by=by,
        way="cli",
        max_age_ms=policy["grantMaxAgeMs"],
        approvers=policy["approvers"],
        why=None if given.why is None else io.redactor.redact(given.why),
        later=given.later,
    )
    answered = await answer_asked(store, _Making(clock=io.clock), chosen, answer)
    for one in answered.partly:
        had = count_approvers(one["answers"], one["by"], policy["approvers"]["groups"])
        io.terminal.note(f"{escape_controls(one['label'])}: {had} of {one['count']} have permitted it.")
    if answered.late:
        late = ", ".join(escape_controls(one["label"]) for one in answered.late)
        io.terminal.note(f"Answered by somebody else meanwhile: {late}.")
    return answered


def _list(io: CommandIo, asked: Asked) -> ExitCode:
    requests = [redacted(io, one) for one in asked.requests]
    approvals = [redacted(io, one) for one in asked.approvals]
    waiting = [one for one in requests if one["status"] == "open"]
    denied = [one for one in requests if one["status"] == "denied"]
    texts = [*(request_text(one) for one in waiting), *(approval_text(one) for one in approvals)]
    lines = [line for text in texts for line in (text, "")]
    how = "To permit: offstage approve <request>, or all. To refuse: offstage deny <request>."
    lines.append(how if texts else _NOTHING)
    if denied:
        lines += ["", *(line for one in denied for line in (request_text(one), ""))]
        lines.append("A denial holds until it is taken back: offstage approve <request>.")
    io.answer({"requests": waiting, "denied": denied, "approvals": approvals}, "\n".join(lines))
    return WAITING if texts else FINE


def _noted(io: CommandIo, answered: Answered) -> ExitCode:
    ids = [*(one["id"] for one in answered.requests), *(one["id"] for one in answered.approvals)]
    labels = [*(one["label"] for one in answered.requests), *(one["label"] for one in answered.approvals)]
    word = "Refused" if io.command == "deny" else "Noted" if answered.partly else "Permitted"
    told = f"{word}: {', '.join(escape_controls(label) for label in labels)}."
    io.answer({"answered": ids}, told if ids else _NOTHING)
    return FINE


async def _go_on(io: CommandIo, stage: Stage, run_ids: list[str]) -> ExitCode:
    """Drives the runs that go on with what is permitted now, and tells how they end."""
    texts: list[str] = []
    runs: list[JsonObject] = []
    code: ExitCode = FINE
    for run_id in run_ids:
        run = await _with_next(stage, await stage.host.resume(run_id))
        effects, started = await what_it_did(stage.store, run)
        shown, wrote = redacted(io, run), [redacted(io, one) for one in effects]
        texts.append(run_text(shown, wrote, started))
        runs.append(run_data(shown, wrote, started))
        code = exit_code_of_run(run) or code
    io.answer({"runs": runs}, "\n\n".join(texts))
    return code


async def _with_next(stage: Stage, run: Run) -> Run:
    """A run that was at work when something of it was permitted, and passed that already, is continued by another one at its end."""
    queued = await stage.store.transact(
        lambda tx: tx.list_runs(root_run_id=run["rootRunId"], status=["queued"], limit=1), durable=False, reads=True
    )
    return await stage.host.resume(queued[0]["id"]) if queued else run
