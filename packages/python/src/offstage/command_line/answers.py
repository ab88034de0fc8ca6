"""How commands answer: the end of a run, and rows of the store found by the beginning of an id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar, cast

from offstage.base import ErrorCode, JsonObject, OffstageError, is_fields
from offstage.command_line.command_io import CommandIo, usage
from offstage.command_line.exit_code import ExitCode, exit_code_of_run
from offstage.command_line.texts import plan_text, run_text, story_text
from offstage.command_line.texts.plan_text import PlanStyle
from offstage.model import LedgerEntry, Plan, Run
from offstage.state import Store, StoreTx

# Shorter beginnings are slips: an empty variable of a script would name whatever is there.
_LEAST = 4
# More than any run may write, and the newest runs, among which the beginning of an id is looked for.
_ALL_EFFECTS, _MOST_RUNS = 100_000, 10_000


class _Row(Protocol):
    def __getitem__(self, key: str, /) -> Any: ...


Row = TypeVar("Row", bound=_Row)


def redacted(io: CommandIo, row: Row) -> Row:
    """Before anything is cut: half a secret is not recognised."""
    return cast("Row", io.redactor.redact_data(cast("JsonObject", row)))


async def answer_run(io: CommandIo, store: Store, run: Run, *, more: JsonObject | None = None) -> ExitCode:
    """Answers with how a run ended; gives the exit code that tells it."""
    effects, started = await what_it_did(store, run)
    shown, wrote = redacted(io, run), [redacted(io, one) for one in effects]
    io.answer({**run_data(shown, wrote, started), **(more or {})}, run_text(shown, wrote, started))
    return exit_code_of_run(run)


async def tell_story(io: CommandIo, store: Store, run: Run, plan: Plan | None) -> ExitCode:
    """Answers with the story of a run. `plan`: what one would have written that was held at its writes."""
    effects, started = await what_it_did(store, run)
    continued = await _continued_by(store, run)
    shown, wrote = redacted(io, run), [redacted(io, one) for one in effects]
    text = story_text(shown, wrote, started, continued)
    data = run_data(shown, wrote, started)
    data["continued"] = None if continued is None else {"id": continued["id"], "status": continued["status"]}
    if plan is not None:
        told = redacted(io, plan)
        data["plan"] = told
        text += f"\n\nWhat it would have written:\n{plan_text(told, PlanStyle(width=io.terminal.width))}"
    io.answer(data, text)
    return exit_code_of_run(run)


def run_data(run: Run, effects: Sequence[LedgerEntry], started: Sequence[Run]) -> JsonObject:
    """As `--json` shows it: without what only the engine can read."""
    shown = [{name: value for name, value in entry.items() if name != "completion"} for entry in effects]
    others = [{name: one[name] for name in ("id", "workflow", "status", "event")} for one in started]
    # What is returned behind a held write may tell of it as if it had been made.
    assumes = [] if run["output"] is None else [hold["effect"] for hold in run["held"]]
    return {"run": run, "outputAssumes": assumes, "effects": shown, "started": others}


async def what_it_did(store: Store, run: Run) -> tuple[list[LedgerEntry], list[Run]]:
    """The writes of a run, in their order, and the runs that these started, as they are now."""

    async def read(tx: StoreTx) -> tuple[list[LedgerEntry], list[Run]]:
        # The store gives the newest first; a story begins at its beginning.
        effects = (await tx.list_effects(run_id=run["id"], limit=_ALL_EFFECTS))[::-1]
        ids = [_started_by(one) for one in effects]
        found = [await tx.get_run(id) for id in ids if id is not None]
        return effects, [one for one in found if one is not None]

    return await store.transact(read, durable=False, reads=True)


async def find_run(store: Store, id: str) -> Run:
    """The run of an id, or of its beginning. Errors: `RUN_UNKNOWN`; `USAGE` when several begin so, or it is too short to mean one."""

    async def read(tx: StoreTx) -> Run:
        found = await tx.get_run(id)
        if found is not None:
            return found
        runs = await tx.list_runs(limit=_MOST_RUNS)
        return by_prefix(runs, id, code="RUN_UNKNOWN", noun="run", listing="offstage runs")

    return await store.transact(read, durable=False, reads=True)


def by_prefix(rows: Sequence[Row], prefix: str, *, code: ErrorCode, noun: str, listing: str) -> Row:
    """The one whose id is `prefix` or begins with it. `listing`: the command that lists them. Errors: `code` when none does; `USAGE` when several do, or it is too short."""
    found = [row for row in rows if str(row["id"]).startswith(prefix)]
    if len(prefix) < _LEAST and (len(found) != 1 or found[0]["id"] != prefix):
        hint = f"Give at least {_LEAST} characters of its id; `{listing}` lists them."
        raise usage(f'"{prefix}" is too short to name one {noun}.', hint)
    if not found:
        raise OffstageError(code, f"No {noun} begins with {prefix}.", hint=f"`{listing}` lists them.")
    if len(found) > 1:
        raise usage(f"{len(found)} {noun}s begin with {prefix}.", "Give more of the id.")
    return found[0]


def _started_by(entry: LedgerEntry) -> str | None:
    outcome = entry["outcome"]
    if entry["identity"]["kind"] != "start" or outcome is None or outcome["kind"] != "done":
        return None
    value = outcome["value"]
    run = value.get("run") if is_fields(value) else None
    return run if isinstance(run, str) else None


async def _continued_by(store: Store, run: Run) -> Run | None:
    """The run that went on last with what this one left, or goes on; None when none does."""
    runs = await store.transact(
        lambda tx: tx.list_runs(root_run_id=run["rootRunId"], limit=1), durable=False, reads=True
    )
    last = runs[0] if runs else None
    return None if last is None or last["id"] == run["id"] or last["createdAt"] < run["createdAt"] else last
