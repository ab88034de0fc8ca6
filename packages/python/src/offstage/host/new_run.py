"""Runs that have not begun."""

from __future__ import annotations

from typing import TypedDict

from offstage.base import Data, ErrorData, JsonObject, new_run_id
from offstage.host.environment import Environment
from offstage.host.program import Program
from offstage.host.scopes import scope_of
from offstage.model import Run, RunCounts, RunEvent, RunFailure, RunHold, RunPhase, RunWait
from offstage.state import StoreTx


class _NothingYet(TypedDict):
    output: Data | None
    error: ErrorData | None
    failures: list[RunFailure]
    held: list[RunHold]
    ambiguous: list[RunHold]
    waits: list[RunWait]
    drivenMs: int
    counts: RunCounts


async def start_run(
    tx: StoreTx,
    environment: Environment,
    program: Program,
    *,
    inputs: JsonObject,
    event: RunEvent,
    phase: RunPhase,
    sweep: bool = False,
) -> Run:
    """A new run, the first of its chain, under the scope that its workflow has in this store; in a dry run one that is held at its writes, whatever was asked for.

    Its inputs are checked; it is not stored yet.
    """
    now = environment.clock.now()
    id = new_run_id(now, environment.random_bytes)
    return {
        "id": id,
        "rootRunId": id,
        "workflow": program.name,
        "scope": await scope_of(tx, program),
        "programHash": program.hash,
        "phase": "plan" if environment.dry_run else phase,
        "status": "queued",
        "inputs": inputs,
        "event": event,
        "turn": None,
        "sweep": sweep,
        "createdAt": now,
        "startedAt": now,
        "endedAt": None,
        **_nothing_yet(),
    }


def continuation_of(previous: Run, id: str, now: int) -> Run:
    """The run that a grant or a settled effect starts: same root, program and event, new reads.

    What the root run has done is not done again, because its effects without a lasting identity are bound to the root; nor is what it waited for (`keep_waits`).
    """
    return {
        **previous,
        "id": id,
        "phase": "run",
        "status": "queued",
        "turn": None,
        "createdAt": now,
        "startedAt": now,
        "endedAt": None,
        **_nothing_yet(),
    }


def woken(run: Run) -> Run:
    """A parked run that is to go on; any other as it is."""
    if run["status"] != "parked":
        return run
    awake = run.copy()
    awake["status"], awake["waits"] = "running", []
    return awake


def _nothing_yet() -> _NothingYet:
    return {
        "output": None,
        "error": None,
        "failures": [],
        "held": [],
        "ambiguous": [],
        "waits": [],
        "drivenMs": 0,
        "counts": {"calls": 0, "writes": 0, "replayed": 0},
    }
