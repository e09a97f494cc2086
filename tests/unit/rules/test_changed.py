"""Finding what changed in a long list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.rules.changed import changed_places, followed, with_changed


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


Version = tuple[int, str]


def _is_same(before: Version, after: Version) -> bool:
    return before[0] == after[0]


@given(st.integers(1, 12), st.integers(0, 3), st.integers(0, 3), st.sets(st.integers(0, 11)))
def test_a_list_that_grew_at_both_ends_and_changed_is_followed(
    length: int, front: int, behind: int, places: set[int]
) -> None:
    before = tuple((n, "old") for n in range(length))
    went_on = tuple((n, "new") if n in places else one for n, one in enumerate(before))
    after = (*((-n - 1, "") for n in range(front)), *went_on, *((100 + n, "") for n in range(behind)))
    assert followed(before, after, _is_same) == (front, sorted(front + n for n in places if n < length))


@pytest.mark.parametrize(
    "after",
    [(), ((1, ""),), ((2, ""), (1, "")), ((1, ""), (3, "")), ((7, ""), (8, ""))],
    ids=["empty", "shorter", "in another order", "with another one in it", "of others"],
)
def test_another_list_is_not_followed(after: tuple[Version, ...]) -> None:
    assert followed(((1, ""), (2, "")), after, _is_same) is None
    assert followed((), after, _is_same) is None
