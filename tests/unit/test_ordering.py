"""The order of the goals: an act of the operator, after which every goal keeps its place."""

from dataclasses import replace
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from cockpit.ordering import CHOICES, By, Order, Sorting, ordered
from factory.model.view import RunRow
from tests.app import sample
from tests.unit.test_filtering import rows

orders = st.builds(Order, st.sampled_from(get_args(By)), st.booleans())


@given(rows, orders)
def test_an_order_loses_and_invents_no_goal(found: tuple[RunRow, ...], order: Order) -> None:
    assert sorted(row.id for row in ordered(found, order)) == sorted(row.id for row in found)


@given(rows, orders)
def test_a_sorted_list_stays_as_it_is_whatever_changes_in_it(found: tuple[RunRow, ...], order: Order) -> None:
    sorting = Sorting()
    sorting.sort(found, order)
    before = [row.id for row in sorting.placed(found)]
    changed = tuple(replace(row, spent_micros=row.blockers, state="done", needs_person=False) for row in found)
    assert [row.id for row in sorting.placed(changed)] == before


@given(rows, orders)
def test_goals_that_came_since_stand_in_front(found: tuple[RunRow, ...], order: Order) -> None:
    sorting = Sorting()
    sorting.sort(found[1:], order)
    listed = sorting.placed(found)
    assert sorted(row.id for row in listed) == sorted(row.id for row in found)
    if found[1:]:
        assert listed[0] == found[0]


def test_a_reversed_order_is_the_order_backwards() -> None:
    for by in CHOICES:
        assert tuple(reversed(ordered(sample.ROWS, Order(by)))) == ordered(sample.ROWS, Order(by, True))


def test_each_order_puts_first_what_its_sentence_says() -> None:
    first = {by: ordered(sample.ROWS, Order(by))[0].id[-4:] for by in CHOICES}
    assert first == {
        "newest": "0e1k", "oldest": "3f9j", "waiting": "7c4m", "silence": "7c4m", "cost": "5v2x", "state": "8t0a",
    }  # fmt: skip
