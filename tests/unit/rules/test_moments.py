"""The moments of a recorded run: steps, jumps to changes of state, and time that goes on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.model.audit import Event
from factory.rules.moments import LONGEST_GAP_S, changed, gap_s, is_change, passed_s, played, played_gap_s, stepped


def moment(seq: int, second: float, action: str = "evidence.capture") -> Event:
    """One event, so many seconds after the hour."""
    at = f"2026-03-02T14:{int(second) // 60:02}:{int(second) % 60:02}.{round(second % 1 * 1000):03}Z"
    return Event(seq, at, "default", "worker", action, "run_1", "run_1")


RUN = (
    moment(1, 0, "run.create"),
    moment(2, 1),
    moment(3, 3, "step.begin"),
    moment(4, 3, "thread.request"),
    moment(7, 63),
    moment(9, 64, "gate.open"),
)


@pytest.mark.parametrize(
    ("place", "steps", "expected"), [(0, 1, 1), (0, -1, 0), (5, 1, 5), (5, -2, 3), (2, 99, 5), (2, -99, 0)]
)
def test_a_step_stops_at_the_ends(place: int, steps: int, expected: int) -> None:
    assert stepped(RUN, place, steps) == expected


@pytest.mark.parametrize("subject", ["run", "step", "gate", "thread"])
def test_states_of_these_are_changes(subject: str) -> None:
    assert is_change(moment(1, 0, f"{subject}.open"))


@pytest.mark.parametrize("action", ["evidence.capture", "cost.record", "runner.start", "attempt.start", "step.create"])
def test_nothing_else_is_a_change(action: str) -> None:
    assert not is_change(moment(1, 0, action))


@pytest.mark.parametrize(("place", "way", "expected"), [(0, 1, 2), (2, 1, 3), (3, 1, 5), (5, 1, None), (5, -1, 3),
                                                        (2, -1, None), (0, -1, None)])  # fmt: skip
def test_a_jump_leads_to_the_next_change_of_state(place: int, way: int, expected: int | None) -> None:
    assert changed(RUN, place, way) == expected


def test_long_gaps_are_shortened_and_short_ones_are_not() -> None:
    assert [gap_s(RUN, place) for place in range(6)] == [1, 2, 0, 60, 1, 0]
    assert played_gap_s(60) == LONGEST_GAP_S
    assert played_gap_s(2) == 2


def test_a_clock_that_went_back_is_no_gap() -> None:
    assert gap_s((moment(1, 9), moment(2, 4)), 0) == 0


@pytest.mark.parametrize(
    ("since_s", "expected"),
    [
        (0.5, (0, 0.5)),
        (1, (1, 0)),
        (2.5, (1, 1.5)),
        (3, (3, 0)),
        (7, (3, 4)),
        (8, (4, 0)),
        (8.5, (4, 0.5)),
        (99, (5, 0)),
    ],
)
def test_time_leads_from_event_to_event_and_stops_at_the_last(since_s: float, expected: tuple[int, float]) -> None:
    assert played(RUN, 0, since_s) == expected


def test_in_a_shortened_gap_the_clock_of_the_run_goes_faster() -> None:
    assert passed_s(RUN, 1, 1.5) == 1.5
    assert passed_s(RUN, 3, 2.5) == 30
    assert passed_s(RUN, 5, 0) == 0


@given(st.lists(st.floats(0, 20), max_size=8), st.floats(0, 100))
def test_played_in_parts_is_played_at_once(parts: list[float], rest: float) -> None:
    place, since = 0, 0.0
    for part in (*parts, rest):
        place, since = played(RUN, place, since + part)
    at_once, since_then = played(RUN, 0, sum(parts) + rest)
    assert abs(place - at_once) <= (0 if abs(since - since_then) < 1e-6 else 1)  # a hair apart at an event
