"""One question to a server, under its rate and the limits of the call."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from offstage.base import Clock, ErrorData, OffstageError, error_data, to_error_data
from offstage.mcp.reply import CallOptions, OfferResult, RawError, RawResult

from .lane import LaneLimit
from .lanes import Lanes, OwnLanes
from .ports import CallLimits, RateLimit, Rule, Session, SessionOf
from .rate_limiter import RateLimiter

Answer = TypeVar("Answer", RawResult, OfferResult)

# Between two times that one server is told of: a line for each call that waits would be a flood.
_TOLD_AGAIN_MS = 300_000


def _no_rate(_: str) -> RateLimit:
    return RateLimit()


def _by_server(server: str) -> str:
    return server


@dataclass(frozen=True, kw_only=True)
class Turns:
    """With whom calls share their limits."""

    credential_of: Callable[[str], str] = _by_server
    """What a server is spoken to with, not to be guessed from it: two servers with one credential share its limits."""
    rate_of: Callable[[str], RateLimit] = _no_rate
    """What holds for all calls of a server, besides what its profile says."""
    lanes: Lanes | None = None
    """None: with nobody but this process."""
    on_long_wait: Callable[[str], None] | None = None
    """Hears that calls of a server wait for seconds, every five minutes at most."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked, and within which limits. `fault` is looked at when the session is there."""

    server: str
    what: str
    rule: Rule
    limits: CallLimits
    fault: Callable[[], ErrorData | None] = field(default=lambda: None)


class Exchange:
    """Takes a turn and a session, and asks it."""

    def __init__(self, sessions: SessionOf, clock: Clock, timeout_ms: Callable[[str], float], turns: Turns) -> None:
        self._sessions = sessions
        self._clock = clock
        self._timeout_ms = timeout_ms
        self._turns = turns
        self._limiter = RateLimiter(clock, OwnLanes(clock) if turns.lanes is None else turns.lanes)
        self._told_at: dict[str, float] = {}

    async def ask(
        self, asked: Asked, send: Callable[[Session, CallOptions], Awaitable[Answer | RawError]]
    ) -> Answer | RawError:
        """What the server answered; `sent` is false where nothing was."""
        limits = asked.limits
        turn = await self._limiter.turn(
            self._turns.credential_of(asked.server),
            _limits_of(asked.rule.rate, self._turns.rate_of(asked.server)),
            deadline_at=limits.deadline_at,
            signal=limits.signal,
            on_long_wait=lambda: self._tell_long_wait(asked.server),
        )
        if isinstance(turn, str):
            return _not_sent(_not_in_time(asked.what, turn))
        pause: float | None = None
        try:
            reply = await self._once(asked, send)
            # The server forgot us, and did nothing: the next session is a new one, and its tools are looked at.
            if isinstance(reply, RawError) and not reply.sent and reply.error["code"] == "SERVER_SESSION_LOST":
                reply = await self._once(asked, send)
            pause = reply.retry_after_ms if isinstance(reply, RawError) else None
            return reply
        finally:
            turn.release(pause)

    def _tell_long_wait(self, server: str) -> None:
        now, tell = self._clock.now(), self._turns.on_long_wait
        if tell is not None and now - self._told_at.get(server, -_TOLD_AGAIN_MS) >= _TOLD_AGAIN_MS:
            self._told_at[server] = now
            tell(server)

    async def _once(
        self, asked: Asked, send: Callable[[Session, CallOptions], Awaitable[Answer | RawError]]
    ) -> Answer | RawError:
        try:
            session = await self._sessions(asked.server)
        except (Exception, OffstageError) as error:
            return _not_sent(to_error_data(error))
        found = asked.fault()
        if found is not None:
            return _not_sent(found)
        limits = asked.limits
        if limits.deadline_at is not None and self._clock.now() >= limits.deadline_at:
            return _not_sent(_not_in_time(asked.what, "deadline"))
        timeout_ms = self._timeout_ms(asked.server) if limits.timeout_ms is None else limits.timeout_ms
        options = CallOptions(
            timeout_ms=timeout_ms, deadline_at=limits.deadline_at, signal=limits.signal, on_progress=limits.on_progress
        )
        try:
            return await send(session, options)
        except (Exception, OffstageError) as error:
            # A session answers and never raises; should it, nobody knows what was sent.
            return RawError(error=to_error_data(error), sent=True)


def _limits_of(rule: RateLimit, all_calls: RateLimit) -> list[LaneLimit]:
    """Both hold.

    Rules of a profile that say the same are one limit, other ones another: a server counts its searches apart.
    """
    name = f"{'' if rule.per_second is None else rule.per_second}/{'' if rule.concurrent is None else rule.concurrent}"
    return [LaneLimit(name=name, rate=rule), LaneLimit(name="all", rate=all_calls)]


def _not_sent(error: ErrorData) -> RawError:
    return RawError(error=error, sent=False)


def _not_in_time(what: str, why: str) -> ErrorData:
    if why == "deadline":
        return error_data(
            "DEADLINE_PASSED",
            f"{what} was not called: its deadline passed while it waited for its turn.",
            "Raise the profile's rate, or give the call more time.",
        )
    return error_data("CANCELLED", f"{what} was not called: it was cancelled while it waited for its turn.")
