"""What a person was shown."""

from __future__ import annotations

from offstage.model import ApprovalRequest, EffectRequest


def is_shown_for(asked: ApprovalRequest, request: EffectRequest, target: str) -> bool:
    """Whether a person was shown this very call: its server and tool, and the account or site that the server speaks to. A yes to a write at one site is none to the same write at another."""
    call = request["call"]
    server, tool = (request["server"], None) if call is None else (call["server"], call["tool"])
    return asked["target"] == target and asked["server"] == server and asked["tool"] == tool
