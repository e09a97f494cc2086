"""How fast money goes, from events as they come."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cockpit.burn import SLOTS, Burn, burning
from factory.model.audit import Event
from tests.app import sample

MINUTE = sample.NOW[:16]


def spent(seq: int, clock: str, micros: object = 100_000) -> Event:
    """An amount that was spent."""
    return sample.event(seq, clock, sample.RUN, "worker", "cost.record", micros=micros)


def test_what_was_spent_in_the_last_hour_is_what_burns() -> None:
    burn = Burn().after([spent(1, "12:30:00"), spent(2, "13:30:00"), spent(3, "14:00:00")])
    assert burning(burn, MINUTE) == (200_000, (0, 0, 0, 100_000, 0, 0, 0, 100_000))


def test_what_was_seen_for_a_part_of_the_hour_is_taken_for_all_of_it() -> None:
    burn = Burn().after([spent(900, "13:42:59")])
    assert burning(burn, MINUTE)[0] == 300_000


def test_before_a_minute_was_seen_nothing_is_said() -> None:
    assert burning(Burn().after([spent(900, "14:02:30")]), MINUTE) == (None, ())


def test_an_hour_without_costs_burns_nothing() -> None:
    assert burning(Burn().after([spent(1, "10:00:00")]), MINUTE) == (0, (0,) * SLOTS)


def test_events_that_were_missed_are_not_guessed() -> None:
    burn = Burn().after([spent(1, "13:10:00")]).after([spent(9, "14:00:59"), spent(10, "14:01:00")])
    assert burn.spent == Burn().after([spent(9, "14:00:59"), spent(10, "14:01:00")]).spent
    assert burning(burn, MINUTE)[0] == 100_000 * 2 * 30


def test_amounts_that_are_no_numbers_count_nothing() -> None:
    assert burning(Burn().after([spent(1, "14:00:00", "many")]), MINUTE)[0] == 0


@given(st.lists(st.integers(0, 20), min_size=2, max_size=6).map(sorted))
def test_events_that_come_twice_count_once(cuts: list[int]) -> None:
    events = [spent(seq, f"13:{seq:02}:00") for seq in range(1, 21)]
    burn = Burn()
    for start, end in pairwise([0, *cuts, 20]):
        burn = burn.after(events[max(0, start - 3) : end])
    assert burn == Burn().after(events)
