from typing import Any

import pytest

from offstage.base import OffstageError, error_data
from offstage.mcp.breaker import BreakerGate, verdict_of
from offstage.mcp.reply import RawError, RawResult
from offstage.testing.fake_clock import FakeClock

EXITED = RawError(error=error_data("SERVER_EXITED", "it ended"), sent=True)
ANSWER = RawResult(is_error=False, content=[])


def failing(gate: BreakerGate, clock: FakeClock, times: int) -> None:
    for _ in range(times):
        assert gate.admit() is None
        begun = clock.now()
        clock.at += 2_000
        gate.ended(EXITED, begun)


def test_a_server_that_failed_five_times_in_a_row_is_left_alone_and_then_tried_by_one_call() -> None:
    clock = FakeClock()
    gate = BreakerGate("shop", clock)
    failing(gate, clock, 4)
    gate.assert_open_to_start()
    failing(gate, clock, 1)
    ailing = gate.admit()
    assert (
        ailing is not None
        and ailing.code == "SERVER_AILING"
        and "failed 5 times in a row since 1970-01-01T00:16:42Z" in ailing.message
    )
    with pytest.raises(OffstageError):
        gate.assert_open_to_start()
    clock.at += 10_000
    assert gate.admit() is None
    other = gate.admit()
    assert other is not None and "one call is trying it now" in other.message
    # It fails again: twice as long.
    gate.ended(EXITED, clock.now())
    clock.at += 19_999
    assert gate.admit() is not None
    clock.at += 1
    assert gate.admit() is None
    gate.ended(ANSWER, clock.now())
    assert (gate.state.kind, gate.last_answer_at) == ("closed", clock.now())


def test_what_fails_together_is_one_failure_and_an_answer_between_begins_anew() -> None:
    clock = FakeClock()
    gate = BreakerGate("shop", clock)
    for _ in range(100):
        gate.ended(EXITED, clock.now())
    assert gate.state.row is not None and gate.state.row.count == 1
    failing(gate, clock, 3)
    gate.ended(ANSWER, clock.now())
    failing(gate, clock, 4)
    assert gate.state.kind == "closed"


def test_a_trial_that_was_cancelled_tells_nothing() -> None:
    clock = FakeClock()
    gate = BreakerGate("shop", clock)
    failing(gate, clock, 5)
    clock.at += 10_000
    assert gate.admit() is None
    gate.ended(RawError(error=error_data("CANCELLED", "no"), sent=True), clock.now())
    assert gate.admit() is None


@pytest.mark.parametrize(
    ("code", "status", "verdict"),
    [
        ("SERVER_TIMEOUT", None, "failed"),
        ("SERVER_PROTOCOL", None, "answered"),
        ("SERVER_REFUSED", 503, "failed"),
        ("SERVER_REFUSED", 404, "answered"),
        ("CANCELLED", None, "neither"),
    ],
)
def test_what_a_failure_says_of_a_server(code: str, status: int | None, verdict: Any) -> None:
    assert verdict_of(error_data(code, "m"), status) == verdict
