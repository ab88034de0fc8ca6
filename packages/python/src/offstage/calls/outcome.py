"""What a reply means under the rule of its call."""

from collections.abc import Callable
from dataclasses import dataclass

from offstage.base import (
    Data,
    ErrorData,
    OffstageError,
    Redactor,
    error_data,
    shorten,
    to_error_data,
)
from offstage.mcp.reply import RawReply

from .admission import admit
from .normalise import NormalReply, normalise_error, normalise_result
from .ports import CallError, CallOutcome, CallUnreadable, CallValue, Rule, RuleReply

SHOWN = 500
"""As much of a tool's own error as a message shows. UTF-16 units."""


# What ECMAScript trims; Python's own set has other characters.
_WHITE_SPACE = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What a reply is judged with. `what`: `server.tool`, for messages."""

    what: str
    rule: Rule
    redactor: Redactor


def judge(reply: RawReply, judgement: Judgement) -> CallOutcome:
    """What a reply means. Pure; never raises for what a server or a profile does."""
    if reply.kind == "error":
        if reply.text is not None:
            return _judge_error(normalise_error(reply.text, judgement.redactor), judgement)
        return CallError(error=redact_error(reply.error, judgement.redactor), refused=not reply.sent)
    rule = judgement.rule
    try:
        normal = normalise_result(reply, rule.sensitive, judgement.redactor)
        # Before a rule sees it: a result() may not carry parts of what no run could hold, nor walk it for ever.
        admit(normal.value, judgement.what)
        admit(normal.seen.text, judgement.what)
    except (Exception, OffstageError) as error:
        return CallError(error=to_error_data(error)) if reply.is_error else unusable(error, judgement)
    if reply.is_error:
        return _judge_error(normal.seen, judgement)
    # "Nothing was deleted: you declined" comes as a success too: only a rule can tell.
    is_open = reply.declined and rule.effect == "write" and not _holds(rule.failed, normal.seen)
    return (
        _judge_error(normal.seen, judgement, "asked a question that was declined, and then answered")
        if is_open
        else _judge_result(normal, judgement)
    )


def _judge_error(seen: RuleReply, judgement: Judgement, did: str = "answered with an error") -> CallOutcome:
    """An answer that is an error: of the tool (`isError`) or of the protocol.

    Only the profile can say that nothing happened.
    """
    rule = judgement.rule
    refused = _holds(rule.refused, seen)
    code = _error_code(rule, refused)
    return CallError(
        error=error_data(code, f"{judgement.what} {did}: {_quote(seen.text)}"),
        refused=refused,
        gone=_holds(rule.gone, seen),
    )


def _judge_result(normal: NormalReply, judgement: Judgement) -> CallOutcome:
    rule, seen = judgement.rule, normal.seen
    gone = _holds(rule.gone, seen)
    try:
        if rule.failed is not None and rule.failed(seen) is True:
            # Servers that say every error as a success: what proves that nothing happened is then for `refused` to
            # tell.
            refused = rule.refused is None or _holds(rule.refused, seen)
            return CallError(
                error=error_data(_error_code(rule, refused), f"{judgement.what} failed: {_quote(seen.text)}"),
                refused=refused,
                gone=gone,
            )
        return CallValue(value=_value_of(normal, judgement), gone=gone)
    except (Exception, OffstageError) as error:
        # What is gone has no shape to be read: the answer itself is the value.
        return CallValue(value=normal.value, gone=True) if gone else unusable(error, judgement)


def _value_of(normal: NormalReply, judgement: Judgement) -> Data:
    if judgement.rule.result is None:
        return normal.value
    # Two texts that a rule joins can make a secret that neither held.
    return admit(judgement.redactor.redact_data(judgement.rule.result(normal.seen)), judgement.what)


def unusable(thrown: BaseException, judgement: Judgement) -> CallOutcome:
    """The call succeeded and its result cannot be used: after a write it has happened all the same."""
    cause = to_error_data(thrown)
    said = judgement.redactor.redact(cause["message"])
    if judgement.rule.effect == "write":
        return CallUnreadable(
            error=error_data(
                "RESULT_UNREADABLE",
                f"{judgement.what} did what it was asked for, but its result cannot be understood: {said}",
            )
        )
    if cause["code"] in ("LIMIT_SIZE", "LIMIT_DEPTH"):
        return CallError(error=cause)
    return CallError(error=error_data("READ_FAILED", f"The result of {judgement.what} cannot be understood: {said}"))


def unreadable(message: str) -> OffstageError:
    """What a profile could not read."""
    return OffstageError("RESULT_UNREADABLE", message)


def redact_error(error: ErrorData, redactor: Redactor) -> ErrorData:
    """An error of ours that may quote what a server said."""
    hint = error.get("hint")
    return error_data(
        error["code"],
        shorten(redactor.redact(error["message"]), 2 * SHOWN),
        None if hint is None else redactor.redact(hint),
    )


def _error_code(rule: Rule, refused: bool) -> str:
    return "READ_FAILED" if rule.effect != "write" else "TOOL_FAILED" if refused else "TOOL_ERROR"


def _holds(rule: Callable[[RuleReply], bool] | None, seen: RuleReply) -> bool:
    """A rule that fails proves nothing."""
    try:
        return rule is not None and rule(seen) is True
    except (Exception, OffstageError):
        return False


def _quote(text: str) -> str:
    said = text.strip(_WHITE_SPACE)
    return "(it said nothing)" if said == "" else shorten(said, SHOWN)
