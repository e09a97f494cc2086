"""When an agent looks stuck: by its silence, or by what it repeats."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.model.definition import Clocks
from factory.rules.stall import Action, clock_jumped, loop_sign, stalled

CLOCKS = Clocks(first_output_s=60, idle_s=120, wall_s=900)


@pytest.mark.parametrize(
    ("silent_s", "output_bytes", "expected"),
    [(60, 0, False), (60.1, 0, True), (60.1, 1, False), (120, 1, False), (120.1, 1, True)],
)
def test_the_first_output_has_a_clock_of_its_own(silent_s: float, output_bytes: int, expected: bool) -> None:
    assert stalled(silent_s, output_bytes, CLOCKS) is expected


def test_a_clock_jump_allows_one_more_grace_period() -> None:
    assert not stalled(240, 1, CLOCKS, jumped=True)
    assert stalled(240.1, 1, CLOCKS, jumped=True)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.integers(0, 10))
def test_longer_silence_is_never_less_stalled(shorter: float, more: float, output_bytes: int) -> None:
    assert stalled(shorter, output_bytes, CLOCKS) <= stalled(shorter + more, output_bytes, CLOCKS)


@pytest.mark.parametrize(("elapsed_s", "expected"), [(1.0, False), (31.0, False), (31.1, True), (-30.0, True)])
def test_a_tick_that_is_far_off_is_a_clock_jump(elapsed_s: float, expected: bool) -> None:
    assert clock_jumped(elapsed_s, expected_s=1.0) is expected


def acts(text: str) -> list[Action]:
    """A history with one letter an action; capitals failed with the same error."""
    return [Action(letter, f"result {index}" if letter.islower() else "boom", letter.isupper())
            for index, letter in enumerate(text)]  # fmt: skip


def test_the_same_action_with_the_same_result_four_times_is_a_loop() -> None:
    history = [Action("ls", "empty")] * 4
    assert loop_sign(history) == "The same action had the same result 4 times: ls."
    assert loop_sign(history[:3]) == ""


def test_the_same_action_with_other_results_is_no_loop() -> None:
    assert loop_sign(acts("aaaaaaaa")) == ""


def test_the_same_error_three_times_is_a_loop_whatever_was_done() -> None:
    assert loop_sign(acts("xABC")) == "The same error came 3 times: boom."
    assert loop_sign(acts("AB")) == ""
    assert loop_sign(acts("AxBC")) == ""


def test_two_actions_that_alternate_six_times_are_a_loop() -> None:
    assert loop_sign(acts("xababab")) == "Two actions alternate: a and b."
    assert loop_sign(acts("babab")) == ""
    assert loop_sign(acts("ababac")) == ""


def test_a_loop_that_was_left_is_no_loop() -> None:
    assert loop_sign([*[Action("ls", "empty")] * 4, Action("cat", "text")]) == ""


def test_nothing_done_is_no_loop() -> None:
    assert loop_sign([]) == ""
