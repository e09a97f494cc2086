"""The main screen's layout at any size: panes never overlap, never leave the screen, and leave no hole."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cockpit.screens.layouts import FRAME, TIERS, Box, Slot, Tier, plan

PANES = sorted({slot.pane for _, tier in TIERS for column in tier.columns for slot in column})
WIDTHS, HEIGHTS = st.integers(80, 260), st.integers(20, 80)
SAID = st.dictionaries(st.sampled_from(PANES), st.integers(0, 200))


def tier_of(width: int) -> Tier:
    """The designed layout at this width."""
    return next(tier for least, tier in TIERS if width >= least)


def lines_of(box: Box) -> int:
    """Lines of text that a pane has between its borders; a lower edge that is shared stands in the next box."""
    return box.height - (1 if box.is_above else FRAME)


def promised(slot: Slot, said: int) -> int:
    """The lines a pane is never without."""
    return min(slot.least, max(3, said)) if slot.yields else slot.least


@settings(max_examples=300, deadline=None)
@given(WIDTHS, HEIGHTS, SAID)
@example(80, 20, {})
@example(80, 20, dict.fromkeys(PANES, 200))
@example(260, 80, {})
def test_every_cell_belongs_to_exactly_one_pane(width: int, height: int, said: dict[str, int]) -> None:
    columns: dict[tuple[int, int], list[Box]] = {}
    for box in plan(width, height, said).values():
        columns.setdefault((box.x, box.width), []).append(box)
    across = 0
    for x, cells in sorted(columns):
        assert x == across
        across += cells
        down = 0
        for box in sorted(columns[x, cells], key=lambda box: box.y):
            assert box.y == down
            down += box.height
        assert down == height
    assert across == width


@settings(max_examples=300, deadline=None)
@given(WIDTHS, HEIGHTS, SAID)
def test_a_pane_that_is_shown_has_the_lines_it_needs_at_least(width: int, height: int, said: dict[str, int]) -> None:
    boxes = plan(width, height, said)
    for column in tier_of(width).columns:
        for slot in column:
            if slot.pane in boxes:
                assert lines_of(boxes[slot.pane]) >= promised(slot, said.get(slot.pane, 0))


@settings(max_examples=300, deadline=None)
@given(WIDTHS, HEIGHTS, SAID)
def test_the_goals_and_the_eight_fields_are_always_there(width: int, height: int, said: dict[str, int]) -> None:
    assert {"goals", "summary"} <= plan(width, height, said).keys()


@settings(max_examples=200, deadline=None)
@given(WIDTHS, HEIGHTS, SAID)
def test_a_pane_that_may_hide_is_shown_only_when_it_says_something(
    width: int, height: int, said: dict[str, int]
) -> None:
    boxes = plan(width, height, said)
    for column in tier_of(width).columns:
        for slot in column:
            if slot.may_hide and not said.get(slot.pane):
                assert slot.pane not in boxes


@settings(max_examples=200, deadline=None)
@given(WIDTHS, st.integers(20, 79), SAID)
def test_one_line_more_never_takes_a_pane_of_first_rank_away(width: int, height: int, said: dict[str, int]) -> None:
    firsts = {slot.pane for column in tier_of(width).columns for slot in column if slot.rank == 1}
    assert firsts & plan(width, height, said).keys() <= plan(width, height + 1, said).keys()


@given(WIDTHS, st.integers(20, 80), SAID)
def test_an_edge_that_is_not_drawn_has_a_pane_below_it(width: int, height: int, said: dict[str, int]) -> None:
    boxes = list(plan(width, height, said).values())
    for box in boxes:
        below = [one for one in boxes if one.x == box.x and one.y == box.y + box.height]
        assert [one.is_below for one in below] == [True] * box.is_above or not box.is_above
