"""The clocks of a driven agent: its first word, and its working time, by seconds that a test lets pass."""

from dataclasses import dataclass

import pytest

from adapters.agents.driving.clocks import DriveClocks


@dataclass
class Seconds:
    """Seconds that only grow when a test says so."""

    now: float = 1000.0

    def __call__(self) -> float:
        """The moment."""
        return self.now


def clocks(connect_s: float = 10, wall_s: float = 100) -> tuple[DriveClocks, Seconds]:
    seconds = Seconds()
    return DriveClocks(connect_s, wall_s, seconds), seconds


def test_an_agent_that_says_nothing_is_not_connected() -> None:
    made, seconds = clocks()
    seconds.now += 10
    assert made.over(is_waiting=False) is None
    seconds.now += 0.1
    assert made.over(is_waiting=False) == ("unconnected", "it was started and said nothing for 10 s")


def test_one_word_is_enough_and_silence_after_it_is_no_matter_of_this_clock() -> None:
    made, seconds = clocks()
    seconds.now += 5
    made.heard()
    seconds.now += 90
    assert made.over(is_waiting=False) is None
    seconds.now += 6
    assert made.over(is_waiting=False) == ("timeout", "it worked for 100 s")


def test_an_agent_whose_first_word_waits_for_its_model_has_no_such_clock() -> None:
    made, seconds = clocks(connect_s=0)
    seconds.now += 99
    assert made.over(is_waiting=False) is None


@pytest.mark.parametrize(("is_waiting", "is_over"), [(True, False), (False, True)])
def test_waiting_for_a_person_is_no_work(is_waiting: bool, is_over: bool) -> None:
    made, seconds = clocks()
    made.heard()
    seconds.now += 101
    assert (made.over(is_waiting) is not None) is is_over
