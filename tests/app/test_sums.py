"""The sums of the header follow every version of the list."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cockpit.sums import Sums, totals_of
from factory.model.view import RunRow
from factory.rules.attention import oldest_first
from tests.app import sample

STATES = ("running", "done", "awaiting_qa", "failed", "ready", "paused")
CHANGE = st.fixed_dictionaries(
    {
        "state": st.sampled_from(STATES), "spent_micros": st.integers(0, 9), "in_flight_micros": st.integers(0, 9),
        "cap_micros": st.integers(0, 9), "unpriced": st.booleans(), "needs_person": st.booleans(),
        "is_queued": st.booleans(),
        "waits_since": st.sampled_from(("", "2026-01-01", "2026-01-02")),
    }
)  # fmt: skip


def row(number: int, change: dict[str, Any]) -> RunRow:
    return replace(sample.ROWS[0], id=f"run_{number}", **change)


@given(st.lists(st.lists(st.tuples(st.integers(0, 5), CHANGE), max_size=5), max_size=6))
def test_sums_of_each_version_are_those_of_its_rows(versions: list[list[tuple[int, dict[str, Any]]]]) -> None:
    sums = Sums()
    rows: dict[int, RunRow] = {}
    for changes in versions:
        rows = {**rows, **{number: row(number, change) for number, change in changes}}
        version = tuple(rows.values())
        assert sums.follow(version) == totals_of(version)
        assert sums.needing == oldest_first(version)
        assert [sums.places[one.id] for one in version] == list(range(len(version)))


def test_a_list_that_lost_a_goal_or_moved_one_is_counted_again() -> None:
    sums = Sums()
    sums.follow(sample.ROWS)
    for version in (sample.ROWS[1:], tuple(reversed(sample.ROWS)), ()):
        assert sums.follow(version) == totals_of(version)
        assert sums.places == {one.id: place for place, one in enumerate(version)}


def test_who_needs_a_person_is_not_sorted_again_when_another_goal_changes() -> None:
    sums = Sums()
    sums.follow(sample.ROWS)
    needing = sums.needing
    place = next(place for place, one in enumerate(sample.ROWS) if not one.needs_person)
    changed = replace(sample.ROWS[place], goal="something else")
    sums.follow((*sample.ROWS[:place], changed, *sample.ROWS[place + 1 :]))
    assert sums.needing is needing
