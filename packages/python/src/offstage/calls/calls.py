"""One tool call, from its rule to an answer that is understood and redacted."""

from collections.abc import Callable
from dataclasses import dataclass, field

from offstage.base import Clock, Data, ErrorData, OffstageError, Redactor, to_error_data
from offstage.mcp.reply import CallOptions, Offer, OfferReply, RawReply

from .blobs import Keeping, keep_reply, with_bytes
from .exchange import Asked, Exchange, Turns
from .offers import judge_offer
from .outcome import Judgement, judge, unusable
from .ports import (
    Blobs,
    CallError,
    CallLimits,
    CallOutcome,
    CallValue,
    ReadOutcome,
    Rule,
    Rules,
    Session,
    SessionOf,
)


def _no_fault(_server: str, _tool: str) -> ErrorData | None:
    return None


@dataclass(frozen=True, kw_only=True)
class CallsOptions:
    """What calls are made with."""

    sessions: SessionOf
    """A server's session; an error says why the server is not there, and that nothing was sent."""
    rules: Rules
    redactor: Redactor
    clock: Clock
    timeout_ms: Callable[[str], float]
    blobs: Blobs
    turns: Turns = field(default_factory=Turns)
    lock_fault: Callable[[str, str], ErrorData | None] = _no_fault
    """Why a tool may not be used as it is now:

    `NOT_LOCKED` stops every call, `TOOL_CHANGED` every write, and every call of which only its server says that it
    reads. Asked again when the session is there: the server may have been started anew for it, and be another one.
    """


class Calls:
    """Makes calls. A write only ever comes here from `effects`."""

    def __init__(self, options: CallsOptions) -> None:
        self._options = options
        self._exchange = Exchange(options.sessions, options.clock, options.timeout_ms, options.turns)

    async def call(self, server: str, tool: str, args: Data, limits: CallLimits | None = None) -> CallOutcome:
        """Makes one call, once; whatever the server does is an outcome."""
        return await self._call_under(
            self._options.rules.rule(server, tool, args), server, tool, args, limits or CallLimits()
        )

    async def read(self, server: str, tool: str, args: Data, limits: CallLimits | None = None) -> ReadOutcome:
        """Makes a reading call. Errors: `READ_FAILED` when the profile calls it a write."""
        rule = self._options.rules.rule(server, tool, args)
        if rule.effect == "write":
            # The engine asks for reads alone; what a page's arguments make of one is the profile's doing.
            raise OffstageError(
                "READ_FAILED",
                f"{server}.{tool} is a write with these arguments, and was asked for as a read: nothing was sent.",
                hint=f"The profile of {server} pages by an argument that its rules take for a write.",
            )
        outcome = await self._call_under(rule, server, tool, args, limits or CallLimits())
        return (
            outcome
            if isinstance(outcome, CallValue)
            else CallError(error=outcome.error, gone=isinstance(outcome, CallError) and outcome.gone)
        )

    async def read_offer(self, server: str, offer: Offer) -> ReadOutcome:
        """Reads a resource or a prompt, under the rate and the sensitive paths that the profile gives for `"*"`."""
        # No tool has this name: what is left is what the profile says of all.
        rule = self._options.rules.rule(server, "", {})
        what = f"{server}: {offer.shown}"

        async def ask(session: Session, options: CallOptions) -> OfferReply:
            return await session.offer(offer, options)

        reply = await self._exchange.ask(Asked(server=server, what=what, rule=rule, limits=CallLimits()), ask)
        return await judge_offer(offer, reply, self._judgement(what, rule), self._keeping(what))

    async def _call_under(self, rule: Rule, server: str, tool: str, args: Data, limits: CallLimits) -> CallOutcome:
        def fault() -> ErrorData | None:
            return self._lock_fault(rule, server, tool)

        found = fault()
        if found is not None:
            return CallError(error=found, refused=True)
        what = f"{server}.{tool}"
        try:
            sent = await with_bytes(args, self._options.blobs, what)
        except (Exception, OffstageError) as error:
            return CallError(error=to_error_data(error), refused=True)

        async def ask(session: Session, options: CallOptions) -> RawReply:
            return await session.call(tool, sent, options)

        reply = await self._exchange.ask(Asked(server=server, what=what, rule=rule, limits=limits, fault=fault), ask)
        return await self._understand(reply, self._judgement(what, rule))

    async def _understand(self, reply: RawReply, judgement: Judgement) -> CallOutcome:
        """What a reply means, its binary parts kept."""
        try:
            return judge(await keep_reply(reply, judgement.rule, self._keeping(judgement.what)), judgement)
        except (Exception, OffstageError) as error:
            return unusable(error, judgement)

    def _lock_fault(self, rule: Rule, server: str, tool: str) -> ErrorData | None:
        fault = self._options.lock_fault(server, tool)
        return (
            fault
            if fault is not None and (rule.effect == "write" or rule.is_hinted or fault["code"] == "NOT_LOCKED")
            else None
        )

    def _judgement(self, what: str, rule: Rule) -> Judgement:
        return Judgement(what=what, rule=rule, redactor=self._options.redactor)

    def _keeping(self, what: str) -> Keeping:
        return Keeping(blobs=self._options.blobs, redactor=self._options.redactor, what=what)
