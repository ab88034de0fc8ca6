"""What the process ends with. Scripts and schedulers rely on these; they are those of the TypeScript command line."""

from __future__ import annotations

from typing import Literal, TypeAlias

from offstage.base import ErrorCode
from offstage.model import Run

ExitCode: TypeAlias = Literal[0, 1, 2, 3, 4, 130]

FINE: ExitCode = 0
FAILED: ExitCode = 1
"""Failed or partial."""
USAGE: ExitCode = 2
"""Usage, or something a person wrote that does not check."""
CHANGES: ExitCode = 3
"""`plan --detailed-exitcode`: there are changes."""
WAITING: ExitCode = 4
"""Pending, parked, or needs attention: waiting for a person, or for time to pass."""
INTERRUPTED: ExitCode = 130
"""Ctrl-C, as shells count it."""

_USAGE_CODES = frozenset(
    {
        "USAGE",
        "CONFIG_INVALID",
        "LOCK_INVALID",
        "WORKFLOW_INVALID",
        "INPUT_INVALID",
        "SECRET_IN_INPUT",
        "SERVER_UNKNOWN",
        "TOOL_UNKNOWN",
        "RUN_UNKNOWN",
        "PLAN_UNKNOWN",
        "REQUEST_UNKNOWN",
        "EFFECT_UNKNOWN",
        "EVENT_INVALID",
        "EVENT_UNWANTED",
    }
)


def exit_code_of(code: ErrorCode) -> ExitCode:
    """Of a command that ended with an error of ours."""
    if code in _USAGE_CODES:
        return USAGE
    if code == "EFFECT_AMBIGUOUS":
        return WAITING
    return INTERRUPTED if code == "CANCELLED" else FAILED


def exit_code_of_run(run: Run) -> ExitCode:
    """That tells how a run ended."""
    match run["status"]:
        case "succeeded":
            return FINE
        case "planned":
            # As of a run: where both hold, what only a person can know is told.
            return WAITING if run["ambiguous"] else FAILED if run["failures"] else FINE
        case "parked" | "pending" | "needs-attention":
            return WAITING
        case "cancelled":
            return INTERRUPTED
        case _:
            return FAILED
