"""We stay well below the server's limit, and what the operator decided goes first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mission.pace import BURST, PER_MINUTE, RESERVE, Pace


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.lists(st.floats(0, 20), max_size=300))
def test_no_minute_sees_more_than_fifty_of_our_writes(pauses: list[float]) -> None:
    clock = Clock()
    pace = Pace(clock)
    sent: list[float] = []
    for pause in pauses:
        clock.now += pause
        while pace.ready_in_s() == 0:
            pace.spend()
            sent.append(clock.now)
    for at in sent:
        assert sum(at <= other < at + 60 for other in sent) <= PER_MINUTE + BURST


def test_the_operator_may_write_when_the_others_wait() -> None:
    clock = Clock()
    pace = Pace(clock)
    while pace.ready_in_s() == 0:
        pace.spend()
    assert pace.ready_in_s() > 0
    for _ in range(RESERVE):
        assert pace.ready_in_s(urgent=True) == 0
        pace.spend()
    assert pace.ready_in_s(urgent=True) > 0


def test_what_it_says_to_wait_is_enough() -> None:
    clock = Clock()
    pace = Pace(clock)
    while pace.ready_in_s() == 0:
        pace.spend()
    clock.now += pace.ready_in_s() + 1e-6
    assert pace.ready_in_s() == 0


def test_refusals_double_the_wait_up_to_a_minute_for_everybody() -> None:
    clock = Clock()
    pace = Pace(clock)
    waits = []
    for _ in range(6):
        waits.append(pace.refused())
        assert pace.ready_in_s() == pace.ready_in_s(urgent=True) == waits[-1]
        clock.now += waits[-1]
    assert waits == [5, 10, 20, 40, 60, 60]
    pace.accepted()
    assert pace.refused() == pytest.approx(5)
