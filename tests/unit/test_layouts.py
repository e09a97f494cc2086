"""The main screen's layout at any size: panes never overlap, never leave the screen, and leave no hole."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cockpit.screens.layouts import FRAME, TIERS, Band, Box, Slot, plan

SLOTS = [slot for _, tier in TIERS for band in tier.bands for column in band.columns for slot in column]
PANES = sorted({slot.pane for slot in SLOTS})
WIDTHS, HEIGHTS = st.integers(80, 260), st.integers(20, 80)
SAID = st.dictionaries(st.sampled_from(PANES), st.integers(0, 200))


def bands_of(width: int) -> tuple[Band, ...]:
    """The designed layout at this width."""
    return next(tier for least, tier in TIERS if width >= least).bands


def slots_of(width: int) -> list[Slot]:
    """Every pane of that layout."""
    return [slot for band in bands_of(width) for column in band.columns for slot in column]


def lines_of(box: Box) -> int:
    """Lines of text that a pane has between its borders; a lower edge that is shared stands in the next box."""
    return box.height - (1 if box.is_above else FRAME)


def promised(slot: Slot, said: int) -> int:
    """The lines a pane is never without."""
    return min(slot.least, max(3, said)) if slot.yields else slot.least


@settings(max_examples=100, deadline=None)
@given(WIDTHS, HEIGHTS, SAID)
@example(80, 20, {})
@example(80, 20, dict.fromkeys(PANES, 200))
@example(260, 80, {})
def test_every_cell_belongs_to_exactly_one_pane(width: int, height: int, said: dict[str, int]) -> None:
    boxes = list(plan(width, height, said).values())
    cells = {(x, y) for box in boxes for x in range(box.x, box.x + box.width) for y in range(box.y, box.y + box.height)}
    assert sum(box.width * box.height for box in boxes) == len(cells) == width * height
    assert max(cells) == (width - 1, height - 1)


@settings(max_examples=100, deadline=None)
@given(WIDTHS, HEIGHTS, SAID)
def test_a_pane_that_is_shown_has_the_lines_it_needs_at_least(width: int, height: int, said: dict[str, int]) -> None:
    boxes = plan(width, height, said)
    for slot in slots_of(width):
        if slot.pane in boxes:
            assert lines_of(boxes[slot.pane]) >= promised(slot, said.get(slot.pane, 0))


@settings(max_examples=100, deadline=None)
@given(WIDTHS, HEIGHTS, SAID)
def test_the_goals_and_the_eight_fields_are_always_there(width: int, height: int, said: dict[str, int]) -> None:
    assert {"goals", "summary"} <= plan(width, height, said).keys()


@settings(max_examples=100, deadline=None)
@given(WIDTHS, HEIGHTS, SAID)
def test_a_pane_that_may_hide_is_shown_only_when_it_says_something(
    width: int, height: int, said: dict[str, int]
) -> None:
    boxes = plan(width, height, said)
    for slot in slots_of(width):
        if slot.may_hide and not said.get(slot.pane):
            assert slot.pane not in boxes


@settings(max_examples=100, deadline=None)
@given(WIDTHS, st.integers(20, 79), SAID)
def test_one_line_more_never_takes_a_pane_of_first_rank_away(width: int, height: int, said: dict[str, int]) -> None:
    firsts = {slot.pane for slot in slots_of(width) if slot.rank == 1}
    assert firsts & plan(width, height, said).keys() <= plan(width, height + 1, said).keys()


@given(WIDTHS, st.integers(20, 80), SAID)
def test_an_edge_that_is_not_drawn_has_a_pane_below_it(width: int, height: int, said: dict[str, int]) -> None:
    boxes = list(plan(width, height, said).values())
    for box in boxes:
        below = [one for one in boxes if one.x == box.x and one.y == box.y + box.height]
        assert [one.is_below for one in below] == [True] * box.is_above or not box.is_above


@given(st.integers(120, 260), HEIGHTS, SAID, SAID)
def test_from_two_columns_on_no_place_depends_on_more_of_the_selected_goal_than_its_steps(
    width: int, height: int, said: dict[str, int], other: dict[str, int]
) -> None:
    same = {pane: said.get(pane, 0) for pane in ("goals", "steps")}
    assert plan(width, height, {**said, **same}) == plan(width, height, {**other, **same})
