"""The order of the goals: an act of the operator, after which every goal keeps its place."""

from dataclasses import replace
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from cockpit.ordering import CHOICES, SLICE, By, Order, Sorting, ordered
from factory.model.view import RunRow
from tests.app import sample
from tests.unit.test_filtering import rows

orders = st.builds(Order, st.sampled_from(get_args(By)), st.booleans())


@given(rows, orders)
def test_an_order_loses_and_invents_no_goal(found: tuple[RunRow, ...], order: Order) -> None:
    assert sorted(row.id for row in ordered(found, order)) == sorted(row.id for row in found)


@given(rows, orders)
def test_a_sorted_list_stays_as_it_is_whatever_changes_in_it(found: tuple[RunRow, ...], order: Order) -> None:
    sorting = _sorted(found, order)
    before = [row.id for row in sorting.placed]
    changed = tuple(replace(row, spent_micros=row.blockers, state="done", needs_person=False) for row in found)
    sorting.want(changed, order)
    assert [row.id for row in sorting.placed] == before
    assert set(sorting.placed) == set(changed)


@given(rows, orders)
def test_goals_that_came_since_stand_in_front_and_change_there(found: tuple[RunRow, ...], order: Order) -> None:
    if len(found) < 2:
        return
    sorting = _sorted(found[1:], order)
    behind = sorting.placed
    sorting.want(found, order)
    assert sorting.placed == (found[0], *behind)
    changed = tuple(replace(row, state="closing") for row in found)
    sorting.want(changed, order)
    assert [row.id for row in sorting.placed] == [found[0].id, *(row.id for row in behind)]
    assert set(sorting.placed) == set(changed)


@given(rows, orders)
def test_older_goals_that_are_read_later_are_sorted_in(found: tuple[RunRow, ...], order: Order) -> None:
    sorting = _sorted(found[:-1], order)
    sorting.want(found, order)
    _work(sorting)
    assert sorting.placed == ordered(found, order)


def test_a_long_list_is_sorted_a_slice_at_a_time_like_a_short_one() -> None:
    many = tuple(sample.row(f"{n:05x}", "", "done", spent_micros=n * 7919 % 1000) for n in range(2 * SLICE + 5))
    sorting = Sorting()
    sorting.want(many, Order("cost"))
    assert not sorting.is_whole
    assert sorting.placed == ()
    assert _work(sorting) > 2
    assert sorting.placed == tuple(sorted(many, key=lambda row: -row.spent_micros))


def _sorted(found: tuple[RunRow, ...], order: Order) -> Sorting:
    sorting = Sorting()
    sorting.want(found, order)
    _work(sorting)
    return sorting


def _work(sorting: Sorting) -> int:
    slices = 0
    while not sorting.is_whole:
        sorting.work()
        slices += 1
    return slices


def test_a_reversed_order_is_the_order_backwards() -> None:
    for by in CHOICES:
        assert tuple(reversed(ordered(sample.ROWS, Order(by)))) == ordered(sample.ROWS, Order(by, True))


def test_each_order_puts_first_what_its_sentence_says() -> None:
    first = {by: ordered(sample.ROWS, Order(by))[0].id[-4:] for by in CHOICES}
    assert first == {
        "newest": "0e1k", "oldest": "3f9j", "waiting": "7c4m", "silence": "7c4m", "cost": "5v2x", "state": "8t0a",
    }  # fmt: skip
