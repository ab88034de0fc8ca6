"""`resume`: goes on with runs whose waiting is over, and says what the others wait for."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from offstage.command_line.answers import answer_run, find_run, redacted
from offstage.command_line.command_io import CommandIo, usage
from offstage.command_line.exit_code import FAILED, FINE, INTERRUPTED, WAITING, ExitCode, exit_code_of_run
from offstage.command_line.read_event import read_event
from offstage.command_line.stage import Stage, open_stage
from offstage.command_line.terminal import escape_controls
from offstage.command_line.texts import run_text
from offstage.host import Offer, offer_event
from offstage.model import Run, RunStatus, is_ended

_MOST = 10_000
# Ends after which something may be left that a person has seen to since: a server, a rule, a write of which nobody knew.
_LEFT: tuple[RunStatus, ...] = ("partial", "pending", "needs-attention", "failed")


def options(parser: ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument(
        "run",
        nargs="?",
        help="the run's id or its beginning, also of one that ended and left something; without it every run that is not at its end",
    )
    parser.add_argument(
        "--event", metavar="FILE", help="the event that the run waits for, as JSON; - reads it from stdin"
    )
    parser.add_argument(
        "--topic", metavar="SOURCE", help="of which source it is, when the run waits for several: webhook:github"
    )
    parser.add_argument(
        "--event-id",
        metavar="ID",
        help="what tells it from others: the run looks at it once, however often it is offered",
    )


async def command(io: CommandIo, given: Namespace) -> ExitCode:
    """As far as runs can go now. With an event, brings that first."""
    if given.event is None and (given.topic is not None or given.event_id is not None):
        raise usage("--topic and --event-id say more of an --event, and there is none.", "Add --event <file>.")
    if given.event is not None and given.run is None:
        hint = "Name it: offstage resume <run> --event <file>; `offstage resume` says which ones wait."
        raise usage("An event is offered to one run.", hint)
    async with open_stage(io) as stage:
        if given.run is None:
            return await _resume_all(io, stage)
        run = await find_run(stage.store, given.run)
        offered = [] if given.event is None else await _bring(io, stage, run, given)
        after = await _resume_one(stage, run)
        for wait in after["waits"]:
            if wait["kind"] == "event" and wait["step"] in offered:
                io.terminal.note(
                    escape_controls(f"{wait['step']} looked at it: it is not the event that it waits for.")
                )
        return await answer_run(io, stage.store, after)


async def _bring(io: CommandIo, stage: Stage, run: Run, given: Namespace) -> list[str]:
    """Stores the event, then says so: from here on it is not lost. Gives the steps to which it is new."""
    offer = Offer(run_id=run["id"], event=read_event(given.event), topic=given.topic, id=given.event_id)
    offered = await offer_event(stage.store, io.redactor, offer, io.clock.now())
    known = f"This event of {offered.topic} was offered before."
    told = f"Offered as an event of {offered.topic} to {', '.join(offered.steps)}." if offered.steps else known
    io.terminal.note(escape_controls(told))
    return offered.steps


async def _resume_one(stage: Stage, run: Run) -> Run:
    if not is_ended(run["status"]):
        return await stage.host.resume(run["id"])
    newest = await stage.store.transact(
        lambda tx: tx.list_runs(root_run_id=run["rootRunId"], limit=1), durable=False, reads=True
    )
    last = newest[0] if newest else run
    if not is_ended(last["status"]):
        return await stage.host.resume(last["id"])
    # One of an apply would go beyond its plan.
    if last["phase"] == "run" and last["status"] in _LEFT:
        return await stage.host.go_on(last["id"])
    end = (
        f"it is at its end, {run['status']}"
        if last["id"] == run["id"]
        else f"it went on as {last['id']}, which is at its end, {last['status']}"
    )
    raise usage(f"Run {run['id']} does not wait: {end}.", "`offstage resume` without a run says which ones wait.")


async def _resume_all(io: CommandIo, stage: Stage) -> ExitCode:
    waiting = await stage.store.transact(
        lambda tx: tx.list_runs(status=["parked", "running", "queued"], limit=_MOST), durable=False, reads=True
    )
    # The oldest first, as they are driven.
    runs = [redacted(io, await stage.host.resume(run["id"])) for run in reversed(waiting)]
    io.answer({"runs": runs}, "\n\n".join(run_text(run, []) for run in runs) if runs else "No run waits.")
    codes = {exit_code_of_run(run) for run in runs}
    worst: list[ExitCode] = [FAILED, INTERRUPTED, WAITING]
    for code in worst:
        if code in codes:
            return code
    return FINE
