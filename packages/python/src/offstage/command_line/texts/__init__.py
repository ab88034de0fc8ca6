"""What people read: plans, runs, requests."""

from .plan_text import call_lines, may_change, plan_answer_text, plan_text
from .request_text import approval_text, request_text
from .run_text import began_at, hold_line, run_text, story_text
from .words import counted, instant

__all__ = [
    "approval_text",
    "began_at",
    "call_lines",
    "counted",
    "hold_line",
    "instant",
    "may_change",
    "plan_answer_text",
    "plan_text",
    "request_text",
    "run_text",
    "story_text",
]
