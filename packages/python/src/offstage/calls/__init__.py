"""One tool call: its rule, its turn, its answer, redacted and understood."""

from offstage.mcp.reply import Offer

from .calls import Calls, CallsOptions
from .exchange import Turns
from .lane import HOLDER_EXPIRES_MS, AskedLane, Lane, LaneLimit, LaneProcess
from .lanes import DecideLane, Lanes, SharedPace
from .lock import Lock, LockedServer, LockedTool, LockGuard, hash_tool, hints_read_only, parse_lock
from .pages import OnePage, Paging
from .ports import (
    Blobs,
    CallEffect,
    CallError,
    CallLimits,
    CallOutcome,
    CallUnreadable,
    CallValue,
    RateLimit,
    ReadOutcome,
    Rule,
    RuleReply,
    Rules,
    Session,
)
from .profile import Pages, Profile, ProfileRule, RawResult, paging, profile, rule
from .rulebook import Rulebook
from .run_calls import RunCalls, WriteAnswer

__all__ = [
    "HOLDER_EXPIRES_MS",
    "AskedLane",
    "Blobs",
    "CallEffect",
    "CallError",
    "CallLimits",
    "CallOutcome",
    "CallUnreadable",
    "CallValue",
    "Calls",
    "CallsOptions",
    "DecideLane",
    "Lane",
    "LaneLimit",
    "LaneProcess",
    "Lanes",
    "Lock",
    "LockGuard",
    "LockedServer",
    "LockedTool",
    "Offer",
    "OnePage",
    "Pages",
    "Paging",
    "Profile",
    "ProfileRule",
    "RateLimit",
    "RawResult",
    "ReadOutcome",
    "Rule",
    "RuleReply",
    "Rulebook",
    "Rules",
    "RunCalls",
    "Session",
    "SharedPace",
    "Turns",
    "WriteAnswer",
    "hash_tool",
    "hints_read_only",
    "paging",
    "parse_lock",
    "profile",
    "rule",
]
