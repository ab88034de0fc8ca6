"""What a server's failures in a row mean for the next call: one that fails again and again is left alone for a while, then one call tries it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from offstage.base import Clock, ErrorData, OffstageError, back_off_ms, to_error_data

from .reply import OfferResult, RawError, RawResult

_FAILURES = 5
# Failures within so long are one event: many callers see a server die, or start anew, within a moment. Ms.
_ONE_EVENT_MS = 1_000
_FIRST_MS = 10_000
_LONGEST_MS = 300_000
# A trial whose end nobody told is over after that. Ms.
_TRIAL_MS = 120_000

# Codes by which a server itself failed, rather than a tool of it, a login or whoever asks.
_OWN_FAILURES = {"SERVER_START", "SERVER_EXITED", "SERVER_GARBAGE", "SERVER_TIMEOUT", "SERVER_UNREACHABLE"}


@dataclass(frozen=True, kw_only=True)
class FailureRow:
    """Failures with no answer between them. Instants in ms."""

    count: int
    since: float
    last_at: float
    last: ErrorData


@dataclass(frozen=True, kw_only=True)
class BreakerState:
    """A value; the gate keeps the newest. `open`: calls fail at once. `trial`: one call tries whether it is well; all others fail at once."""

    kind: Literal["closed", "open", "trial"] = "closed"
    row: FailureRow | None = None
    at: float = 0
    """Of an open one: until when. Of a trial: since when."""
    openings: int = 0


class BreakerGate:
    """The breaker of one server, kept up to date by what happens to it."""

    def __init__(self, server: str, clock: Clock) -> None:
        self._server = server
        self._clock = clock
        self.state = BreakerState()
        self.last_answer_at = float("-inf")
        """Of the last answer to a call."""

    def assert_open_to_start(self) -> None:
        """Errors: `SERVER_AILING` while the server is left alone."""
        if self._may() == "no":
            raise self._ailing()

    def admit(self) -> OffstageError | None:
        """Why nothing may be sent now, asked right before it is; the one that tries begins with that."""
        may = self._may()
        if may == "no":
            return self._ailing()
        if may == "try":
            self.state = replace(self.state, kind="trial", at=self._clock.now())
        return None

    def ended(self, reply: RawResult | OfferResult | RawError, begun_at: float) -> None:
        """How a call ended that began at `begun_at`."""
        if isinstance(reply, RawError):
            self._judge(reply.error, reply.status, begun_at)
        else:
            self._answered()

    def failed(self, error: BaseException, begun_at: float) -> None:
        """A start, a connection or a question besides calls failed."""
        self._judge(to_error_data(error), None, begun_at)

    def _may(self) -> Literal["yes", "try", "no"]:
        now = self._clock.now()
        if self.state.kind == "closed":
            return "yes"
        return "try" if now >= self.state.at + (_TRIAL_MS if self.state.kind == "trial" else 0) else "no"

    def _answered(self) -> None:
        self.state = BreakerState()
        self.last_answer_at = self._clock.now()

    def _judge(self, error: ErrorData, status: int | None, begun_at: float) -> None:
        verdict = verdict_of(error, status)
        if verdict == "answered":
            self._answered()
        elif verdict == "failed":
            self.state = after_failure(self.state, error, begun_at, self._clock.now())
        elif self.state.kind == "trial":
            # It tells nothing, being cancelled: the next call is one.
            self.state = replace(self.state, kind="open", at=self._clock.now())

    def _ailing(self) -> OffstageError:
        row = self.state.row
        assert row is not None
        when = (
            "one call is trying it now"
            if self.state.kind == "trial"
            else f"it is tried again from {_time_of(self.state.at)}"
        )
        return OffstageError(
            "SERVER_AILING",
            f'The MCP server "{self._server}" has failed {row.count} times in a row since {_time_of(row.since)} and is left alone: {when}. The last failure: {row.last["message"]}',
            hint="Nothing was sent. Its log says more.",
        )


def after_failure(state: BreakerState, error: ErrorData, begun_at: float, now: float) -> BreakerState:
    """A start, a connection or a call failed that began at `begun_at`. What was under way at the last failure failed with it, and what follows within a moment is more of the same: a server that dies under a hundred calls has failed once."""
    known = state.row
    if (
        known is not None
        and state.kind == "closed"
        and (begun_at < known.last_at or now < known.last_at + _ONE_EVENT_MS)
    ):
        return state
    row = FailureRow(
        count=1 if known is None else known.count + 1,
        since=now if known is None else known.since,
        last_at=now,
        last=error,
    )
    if state.kind == "closed" and row.count < _FAILURES:
        return BreakerState(row=row)
    # A call that was admitted before it opened, or before the trial began, tells nothing new.
    if (state.kind == "open" and now < state.at) or (state.kind == "trial" and begun_at < state.at):
        return state
    openings = state.openings + 1
    return BreakerState(
        kind="open",
        row=row,
        at=now + back_off_ms(openings, first_ms=_FIRST_MS, longest_ms=_LONGEST_MS),
        openings=openings,
    )


def verdict_of(error: ErrorData, status: int | None) -> Literal["failed", "answered", "neither"]:
    """What a failure says of the server: it failed, it answered (and so is well), or neither. `status` is of HTTP."""
    code = error["code"]
    if code in _OWN_FAILURES:
        return "failed"
    if code == "SERVER_PROTOCOL":
        return "answered"
    if code != "SERVER_REFUSED":
        return "neither"
    return "failed" if status is not None and status >= 500 else "answered"


def _time_of(ms: float) -> str:
    return f"{datetime.fromtimestamp(ms // 1_000, UTC).isoformat().replace('+00:00', 'Z')}"
