"""Rows of stores, with everything that stores tend to lose."""

from typing import Any, cast

from offstage.base import UnsafeInteger
from offstage.model import (
    ApprovalRequest,
    Arrival,
    Binding,
    EffectIdentity,
    LedgerEntry,
    OnceIdentity,
    Plan,
    RecordKey,
    Run,
    Wait,
    effect_id,
)
from offstage.state import JournalRow, Lease

HARD_DATA: Any = {
    "text": "quotes ' \" ` \\ emoji 😀 CJK 漢字 NUL \0 line \u2028 half \ud800 one \x01",
    "big": UnsafeInteger("9007199254740993"),
    "rounded": UnsafeInteger(None),
    "numbers": [0, -0.0, 1e-7, 1.7976931348623157e308, 9007199254740991],
    "$": ["undefined"],
    "empty": {"list": [], "object": {}, "text": "", "nothing": None},
}

KEY: RecordKey = {"scope": "leaks", "record": "ticket", "key": "PR_7"}


def sample_run(**run: Any) -> Run:
    """A run that began at 1,000; give what matters to the test."""
    return cast(
        Run,
        {
            "id": "run-1",
            "rootRunId": run.get("id", "run-1"),
            "workflow": "leaks",
            "scope": "leaks",
            "programHash": "p" * 64,
            "phase": "run",
            "status": "running",
            "inputs": {"owner": "o", "nested": [1, None]},
            "event": {"kind": "call"},
            "turn": None,
            "sweep": False,
            "createdAt": 1_000,
            "startedAt": 1_001,
            "endedAt": None,
            "output": None,
            "error": None,
            "failures": [],
            "held": [],
            "ambiguous": [],
            "waits": [],
            "drivenMs": 0,
            "counts": {"calls": 0, "writes": 0, "replayed": 0},
            **run,
        },
    )


def sample_once(key: str) -> OnceIdentity:
    """The identity of a `once` write."""
    return {"kind": "once", "scope": "leaks", "key": key, "window": None}


def sample_entry(identity: EffectIdentity, **entry: Any) -> LedgerEntry:
    """A ledger row that was intended at 1,000."""
    return cast(
        LedgerEntry,
        {
            "id": effect_id(identity),
            "identity": identity,
            "status": "intended",
            "runId": "run-1",
            "rootRunId": "run-1",
            "step": "each#1[PR_7]/once#1",
            "server": "jira",
            "tool": "create_issue",
            "target": "https://jira.test/",
            "argsHash": "a" * 64,
            "args": {"summary": "memory leak"},
            "attempt": 1,
            "fence": 1,
            "epoch": 1,
            "idempotent": False,
            "intendedAt": 1_000,
            "deadlineAt": 61_000,
            "settledAt": None,
            "outcome": None,
            "settledBy": None,
            "completion": None,
            **entry,
        },
    )


_DONE: Any = {"key": "PROD-1"}


def settled(entry: LedgerEntry, value: Any = _DONE) -> LedgerEntry:
    """The same row, done."""
    return {
        **entry,
        "status": "done",
        "settledAt": 2_000,
        "settledBy": "answer",
        "outcome": {"kind": "done", "value": value, "unreadable": False},
    }


def sample_binding(key: str, **binding: Any) -> Binding:
    """A live binding of the record `ticket` in the scope `leaks`."""
    return cast(
        Binding,
        {
            "scope": "leaks",
            "record": "ticket",
            "key": key,
            "generation": 1,
            "revision": 0,
            "kept": {"key": f"PROD-{key}"},
            "targetKey": f"target-{key}",
            "adopted": False,
            "server": "jira",
            "target": "https://jira.test/",
            "boundAt": 1_000,
            "releasedAt": None,
            "goneSince": None,
            "notConverging": None,
            "workflow": "leaks",
            "inputsHash": "i" * 64,
            "lastSeenAt": 1_000,
            "lastSeenRun": "run-1",
            "missedSweeps": 0,
            "epoch": 1,
            **binding,
        },
    )


def sample_request(id: str, **request: Any) -> ApprovalRequest:
    """An open request."""
    return cast(
        ApprovalRequest,
        {
            "id": id,
            "effect": "e" * 64,
            "argsHash": "a" * 64,
            "args": {"summary": "x"},
            "server": "jira",
            "tool": "create_issue",
            "target": "https://jira.test/",
            "workflow": "leaks",
            "runId": "run-1",
            "rootRunId": "run-1",
            "label": "ticket PR_7",
            "reason": "policy",
            "openedAt": 1_000,
            "status": "open",
            "answeredAt": None,
            "answeredBy": None,
            "answeredWhy": None,
            "expiresAt": None,
            "by": None,
            "count": 1,
            "answers": [],
            "continuedBy": None,
            "notice": None,
            **request,
        },
    )


def sample_wait(id: str, **wait: Any) -> Wait:
    """A step that sleeps from 1,000 until 2,000."""
    return cast(
        Wait,
        {
            "kind": "sleep",
            "id": id,
            "runId": "run-1",
            "rootRunId": "run-1",
            "workflow": "leaks",
            "step": f"sleep#{id}",
            "hash": "h" * 64,
            "label": "sleep 1s",
            "since": 1_000,
            "until": 2_000,
            "status": "open",
            **wait,
        },
    )


def sample_question(id: str, **wait: Any) -> Wait:
    """What a workflow asks a person."""
    asked = {"kind": "approval", "topic": "t", "message": "Merge?", "show": None, "by": None, "answer": None}
    return sample_wait(id, **{**asked, **wait})


def sample_arrival(id: str, **arrival: Any) -> Arrival:
    """An arrival that waits to start a run."""
    return cast(
        Arrival,
        {
            "workflow": "leaks",
            "trigger": "every 10m",
            "id": id,
            "event": {"kind": "schedule", "at": id},
            "key": "",
            "overlap": "queue",
            "sweep": False,
            "each": False,
            "arrivedAt": 1_000,
            "dueAt": 2_000,
            "status": "waiting",
            "runId": None,
            "why": None,
            **arrival,
        },
    )


def sample_plan(id: str) -> Plan:
    """A plan with one effect."""
    identity = sample_once("comment:PR_7")
    return {
        "version": 1,
        "id": id,
        "storeId": "store",
        "workflow": "leaks",
        "createdAt": 1_000,
        "expiresAt": 3_601_000,
        "basis": {
            "program": "p",
            "classes": "c",
            "profiles": "f",
            "policy": "y",
            "targets": {"jira": "https://jira.test/"},
        },
        "effects": [
            {
                "id": effect_id(identity),
                "identity": identity,
                "identityKnown": True,
                "step": "once#1",
                "sign": "+",
                "label": "comment",
                "server": "github",
                "tool": "add_issue_comment",
                "target": "github.com/o",
                "args": {"value": {"body": None}, "unknown": [{"path": ["body"], "from": ["f" * 64]}]},
                "knownHash": "k",
                "certainty": "sure",
                "undo": None,
                "why": {"kind": "planning"},
            }
        ],
        "unchanged": 3,
    }


SAMPLE_PROGRAM: Any = {"kind": "workflow", "semantics": 1, "name": "leaks", "body": {"parameters": [], "body": []}}


def sample_lease(fence: int, **lease: Any) -> Lease:
    """A lease of some process."""
    holder = {"host": "host", "boot": "boot", "pid": 4_242, "started": "77"}
    return cast(Lease, {"fence": fence, "holder": holder, "takenAt": 1_000, "expiresAt": 16_000, **lease})


def numbered_entry(number: int) -> LedgerEntry:
    """The effect that carries a number; its size varies, so that commits end at all sorts of places of a page."""
    entry = sample_entry(sample_once(str(number)))
    return settled(entry, {"number": number, "text": "x" * ((number * 997) % 9_000)})


def numbered_row(number: int) -> JournalRow:
    """The journal row that is committed with it."""
    return {"key": f"step#{number}", "kind": "step", "hash": "h", "value": str(number)}
