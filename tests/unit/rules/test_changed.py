"""Finding what changed in a long list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.rules.changed import changed_places, with_changed


class Row:
    """Something that is only equal to itself."""


@given(length=st.integers(0, 4000), places=st.sets(st.integers(0, 3999), max_size=8))
def test_exactly_the_places_that_hold_something_else_are_found(length: int, places: set[int]) -> None:
    before = tuple(Row() for _ in range(length))
    wanted = sorted(place for place in places if place < length)
    after = with_changed(before, {place: Row() for place in wanted})
    assert changed_places(before, after) == wanted
    assert len(after) == length


def test_the_same_list_has_no_changed_place() -> None:
    rows = (Row(), Row())
    assert changed_places(rows, rows) == []


def test_lists_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="1 and 2"):
        changed_places((Row(),), (Row(), Row()))


def test_only_blocks_with_a_change_are_looked_into() -> None:
    class Counted(Row):
        looks = 0

        def __eq__(self, other: object) -> bool:
            Counted.looks += 1
            return self is other

        __hash__ = None  # type: ignore[assignment]

    before = tuple(Counted() for _ in range(50_000))
    changed_places(before, with_changed(before, {7: Counted()}))
    assert Counted.looks == 1, "identical objects were compared"
