"""`plan`: a run held at its writes."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from offstage.base import JsonObject, OffstageError
from offstage.command_line.answers import answer_run, redacted
from offstage.command_line.command_io import CommandIo, usage
from offstage.command_line.exit_code import CHANGES, FINE, ExitCode, exit_code_of_run
from offstage.command_line.inputs import parse_inputs
from offstage.command_line.stage import Stage, open_stage
from offstage.command_line.terminal import escape_controls
from offstage.command_line.texts import may_change, plan_answer_text
from offstage.model import Plan, Run


def options(parser: ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("--out", metavar="FILE", help="write the plan to a file that apply takes")
    parser.add_argument(
        "--detailed-exitcode",
        action="store_true",
        help="end with 3 when there are changes, or may be, and nothing failed",
    )
    parser.add_argument("--full", action="store_true", help="cut nothing, however long it is")
    parser.add_argument(
        "--input", action="append", default=[], metavar="NAME=VALUE", help="an input other than its default"
    )
    parser.add_argument("--sweep", action="store_true", help="as a sweep would do it")


async def command(io: CommandIo, given: Namespace) -> ExitCode:
    """Shows what a run would write, and writes nothing."""
    out = None if given.out is None else Path(given.out)
    if out is not None:
        _refuse_to_replace(out)
    async with open_stage(io) as stage:
        inputs = parse_inputs(given.input, stage.program)
        run, plan = await stage.host.plan(stage.program, inputs=inputs, event={"kind": "call"}, sweep=given.sweep)
        if run["status"] != "planned":
            return await answer_run(io, stage.store, run)
        shown = redacted(io, plan)
        if out is not None:
            out.write_text(f"{json.dumps(shown, indent=2, ensure_ascii=False)}\n", encoding="utf-8")
        width = float("inf") if given.full else io.terminal.width
        apply = io.command_line("apply", str(given.out or plan["id"]))
        text = plan_answer_text(shown, redacted(io, run), io.terminal, width=width, apply=apply)
        io.answer(plan_data(stage, shown, run), "\n".join([text, *_unreached_lines(stage)]))
    code = exit_code_of_run(run)
    return CHANGES if given.detailed_exitcode and code == FINE and may_change(plan) else code


def plan_data(stage: Stage, plan: Plan, run: Run) -> JsonObject:
    """A plan as `--json` shows it, with what went wrong on the way."""
    unreached = [{"server": server, "error": error} for server, error in stage.unreached.items()]
    return {
        "plan": plan,
        "failures": run["failures"],
        "ambiguous": run["ambiguous"],
        "unreached": unreached,
        "changedTools": stage.changed_tools(),
    }


def read_plan_file(name: str) -> JsonObject | None:
    """What a plan's file says; None when there is no such file. Errors: `USAGE`."""
    path = Path(name)
    if not path.is_file():
        if name.endswith(".json"):
            raise usage(f"There is no file {name}.", "`offstage plan --out FILE` writes a plan that can be applied.")
        return None
    document = _document_in(path)
    if document is None or not isinstance(document.get("id"), str):
        raise usage(f"{name} is no plan.", "`offstage plan --out FILE` writes one.")
    return document


def refuse_edited(name: str, document: JsonObject, ways: list[Plan]) -> None:
    """What is performed is the store's plan: whoever looked at, or edited, a file that says something else permitted something else."""
    if any(json.loads(json.dumps(plan)) == document for plan in ways):
        return
    hint = f"A file cannot take writes out of a plan: change the workflow or its inputs and plan again. `offstage apply {document['id']}` applies the plan as it was made."
    raise OffstageError(
        "PLAN_VOID", f"{name} is not the plan {document['id']} as it was made: the file was changed.", hint=hint
    )


def _refuse_to_replace(path: Path) -> None:
    """A slip of the keyboard must not cost a file: only a plan is replaced by a plan."""
    if not path.exists():
        return
    document = _document_in(path) if path.is_file() else None
    if document is not None and isinstance(document.get("effects"), list):
        return
    raise usage(
        f"{path} is there already and is no plan: it is not replaced.",
        "Give --out another name, or remove that file first.",
    )


def _document_in(path: Path) -> JsonObject | None:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None  # pyright: ignore[reportUnknownVariableType]


def _unreached_lines(stage: Stage) -> list[str]:
    """No read needed them, so there is a plan; whether their tools are as they were locked is not known."""
    return [
        f"\nWarning: {server} could not be reached, so its writes were planned without a look at its tools.\n  {error['code']}: {escape_controls(error['message'], 'mark')}"
        for server, error in stage.unreached.items()
    ]
