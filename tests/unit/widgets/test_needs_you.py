"""Who needs a person: every line fits, the oldest is first, and what has no room is counted."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from factory.model.status import NextAction
from factory.model.view import RunRow
from factory.rules.attention import oldest_first
from tests.app import sample
from widgets.lines import Line
from widgets.needs import NOTHING_NEEDED, need_lines, need_of, needs_title, needs_wanted

WIDTHS = st.integers(40, 120)
BASE = sample.ROWS[1]
ROWS = st.builds(
    lambda goal, state, kind, step, minute, spent, held, blocks: replace(
        BASE, goal=goal, state=state, step_kind=kind, step_state=step, spent_micros=spent, in_flight_micros=held,
        blocks=blocks, waits_since=f"2026-03-02T13:{minute:02}:00.000Z",
    ),
    st.text(max_size=120), st.sampled_from(["awaiting_qa", "running", "paused", "blocked"]),
    st.sampled_from(["plan", "build", "verify", "qa", "docs", "writeback"]),
    st.sampled_from(["running", "stalled", "blocked", "passed"]), st.integers(0, 59), st.integers(0, 99_000_000),
    st.integers(0, 9_000_000), st.integers(0, 99),
)  # fmt: skip


def text(line: Line) -> str:
    """The words of a line without their tones."""
    return "".join(word for word, _ in line)


def waiting(*minutes: int) -> tuple[RunRow, ...]:
    """Goals that wait since these minutes."""
    return tuple(
        replace(BASE, blocks=0, id=f"{BASE.id[:-4]}{minute:04}", waits_since=f"2026-03-02T13:{minute:02}:00.000Z")
        for minute in minutes
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=6), WIDTHS, st.integers(0, 6))
def test_every_line_fits_its_width(rows: list[RunRow], width: int, height: int) -> None:
    assert [line for line in need_lines(rows, sample.NOW, width, height) if cell_len(text(line)) > width] == []


@given(st.lists(st.integers(0, 59), unique=True, max_size=8))
def test_who_waits_longest_is_first(minutes: list[int]) -> None:
    assert oldest_first(waiting(*minutes)) == waiting(*sorted(minutes))


def test_who_needs_nobody_is_left_out() -> None:
    assert [row.id for row in oldest_first(sample.ROWS)] == [sample.ROWS[2].id, sample.RUN]


def test_what_has_no_room_is_counted_on_the_border() -> None:
    rows = waiting(1, 2, 3, 4, 5)
    assert needs_title(rows, 2) == "oldest first · w · +3 more"
    assert needs_title(rows, 5) == "oldest first · w"
    assert needs_title((), 2) == ""
    assert len(need_lines(rows, sample.NOW, 80, 2)) == 2


def test_nobody_waiting_is_said() -> None:
    assert need_lines((), sample.NOW, 80, 4) == NOTHING_NEEDED


def test_what_waits_to_be_launched_is_counted_with_its_keys() -> None:
    assert text(need_lines((), sample.NOW, 80, 4, requests=2)[1]).rstrip() == "2 requests wait: n, ctrl+t"
    assert "1 request waits" in text(need_lines((), sample.NOW, 80, 4, is_all=False, requests=1)[0])
    assert needs_title(waiting(1), 2, requests=1) == "oldest first · w · 1 request waits: n, ctrl+t"
    assert needs_title((), 2, requests=1) == ""
    assert (needs_wanted(()), needs_wanted((), 1)) == (0, 2)


def test_a_goal_alone_says_on_a_second_line_which_it_is() -> None:
    lines = need_lines(waiting(1), sample.NOW, 80, 2)
    assert len(lines) == 2
    assert sample.GOAL in text(lines[1])


def test_the_key_that_answers_stands_at_the_end_of_the_line() -> None:
    for row in oldest_first(sample.ROWS):
        assert text(need_lines((row,), sample.NOW, 80, 1)[0]).endswith(need_of(row).key)


def test_the_selected_goal_has_the_key_of_its_next_action_here_too() -> None:
    (row,) = waiting(1)
    for code, key in (("inspect", "e"), ("review_cost", "a"), ("fix", "+"), ("retry", "r")):
        action = NextAction(code, "Do it.", key, "cockpit")
        status = replace(sample.STATUS, run=row.id, next_action=action)
        assert need_of(row, status).key == key
        assert need_of(row, replace(status, run="run_other")).key == "a"
        assert need_of(row, replace(status, next_action=replace(action, code="wait", key=""))).key == "a"


def test_in_a_narrow_column_what_is_wanted_is_read_before_what_it_costs() -> None:
    line = text(need_lines(waiting(1), sample.NOW, 53, 1)[0])
    assert "QA gate: review the evidence" in line or "QA gate: review, decide" in line
    assert "$" not in line
    assert "$0.31/$5" in text(need_lines(waiting(1), sample.NOW, 70, 1)[0])
