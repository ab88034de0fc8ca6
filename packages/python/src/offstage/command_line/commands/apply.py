"""`apply`: performs exactly what a plan showed."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from offstage.base import OffstageError
from offstage.command_line.answers import answer_run, redacted
from offstage.command_line.command_io import CommandIo, usage
from offstage.command_line.commands.plan import plan_data, read_plan_file, refuse_edited
from offstage.command_line.exit_code import CHANGES, ExitCode
from offstage.command_line.inputs import parse_inputs
from offstage.command_line.stage import Stage, open_stage
from offstage.command_line.texts import plan_answer_text
from offstage.model import Plan, Run


def options(parser: ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("plan", nargs="?", help="a plan's file or id; without it one is made, and you are asked")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="when planning: an input other than its default",
    )


async def command(io: CommandIo, given: Namespace) -> ExitCode:
    """Performs a plan; without one, plans, asks, and applies."""
    async with open_stage(io) as stage:
        if given.plan is not None:
            return await _perform_named(io, stage, given.plan)
        inputs = parse_inputs(given.input, stage.program)
        run, plan = await stage.host.plan(stage.program, inputs=inputs, event={"kind": "call"})
        if run["status"] != "planned":
            return await answer_run(io, stage.store, run)
        if plan["effects"] and not given.yes and not _confirmed(io, plan, run):
            kept = f"Nothing was written. The plan is kept: {io.command_line('apply', plan['id'])}"
            io.answer({**plan_data(stage, redacted(io, plan), run), "applied": False}, kept)
            return CHANGES
        return await _perform(io, stage, plan["id"])


async def _perform_named(io: CommandIo, stage: Stage, name: str) -> ExitCode:
    document = read_plan_file(name)
    plan_id = name if document is None else str(document["id"])
    row = await stage.store.transact(lambda tx: tx.get_plan(plan_id), durable=False, reads=True)
    if row is None:
        hint = "A plan is applied in the store where it was made; `offstage runs` lists what is there."
        raise OffstageError("PLAN_UNKNOWN", f"The store has no plan {plan_id}.", hint=hint)
    if document is not None:
        refuse_edited(name, document, [row["plan"], redacted(io, row["plan"])])
    return await _perform(io, stage, plan_id)


async def _perform(io: CommandIo, stage: Stage, plan_id: str) -> ExitCode:
    run = await stage.host.apply(plan_id, stage.program)
    return await answer_run(io, stage.store, run, more={"changedTools": stage.changed_tools()})


def _confirmed(io: CommandIo, plan: Plan, run: Run) -> bool:
    apply = io.command_line("apply", plan["id"])
    if io.json or not sys.stdin.isatty():
        hint = f"Look at it with `offstage plan`, then give --yes, or: {apply}"
        raise usage("There is nobody to ask whether to apply this plan.", hint)
    text = plan_answer_text(redacted(io, plan), redacted(io, run), io.terminal, width=float("inf"), apply=apply)
    io.terminal.print(text)
    io.terminal.note("Perform these writes? Only 'yes' is accepted:")
    return sys.stdin.readline().strip() == "yes"
