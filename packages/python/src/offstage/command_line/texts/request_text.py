"""What a person is asked to permit."""

from __future__ import annotations

from offstage.command_line.terminal import escape_controls
from offstage.model import ApprovalRequest, ApprovalWait
from offstage.tools import fold_spaces

from .plan_text import call_lines, label_text
from .words import instant, json_lines


def request_text(request: ApprovalRequest) -> str:
    """A write, as a plan would show it: the call, where it goes, its arguments, and who asks why. Nothing of it is cut."""
    shown = request["args"]
    call, *args = call_lines(
        request["server"], request["tool"], request["target"], {"value": shown, "unknown": []}, float("inf")
    )
    why = _denied(request) if request["status"] == "denied" else _asked(request)
    return "\n".join(
        fold_spaces(line)
        for line in [
            f"{request['id']}  {label_text(request['label'])}  {call}",
            *args,
            f"      # {request['workflow']}; {escape_controls(why)}",
        ]
    )


def approval_text(wait: ApprovalWait) -> str:
    """What a workflow asks of a person, with all that the person is to see before answering."""
    by = "" if wait["by"] is None else f", by {', '.join(wait['by'])}"
    until = "" if wait["until"] is None else f", until {instant(wait['until'])}"
    shown = [] if wait["show"] is None else [f"    {escape_controls(line)}" for line in json_lines(wait["show"])]
    head = f"{wait['id']}  {escape_controls(wait['message'], 'mark')}"
    asked = f"    asked by {wait['workflow']} since {instant(wait['since'])}{until}{escape_controls(by)}"
    return "\n".join([head, asked, *shown])


def _denied(request: ApprovalRequest) -> str:
    by, why = request["answeredBy"], request["answeredWhy"]
    at = instant(request["answeredAt"] or request["openedAt"])
    return f"denied by {by or 'a person'} at {at}{'' if why is None else f': {why}'}"


def _asked(request: ApprovalRequest) -> str:
    answers = request["answers"]
    names = ", ".join(one["by"] for one in answers)
    so_far = f"; {names} permitted it, {len(answers)} of {request['count']}" if answers else ""
    return f"{request['reason']}, since {instant(request['openedAt'])}{so_far}"
