"""Caps on the pane and on the page: every sum is there, and nothing leaves its width."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from factory.model.cost_card import CapLine
from factory.model.status import Interruptions
from factory.rules.status import interruptions
from tests.app import permission_sample, sample
from widgets.caps import cap_line, cap_table
from widgets.cost import cost_lines
from widgets.lines import text_of, width_of
from widgets.sections import Goal, section_lines

CAP = CapLine("thread", "thr_1", 250_000, 260_000, 240_000, 20_000, 1, 30_000, 40_000, 0, 10_000, "exhausted")


def test_a_pane_with_room_says_all_of_a_cap_and_a_narrow_one_what_counts_most() -> None:
    assert text_of((cap_line(CAP, 100),)).endswith(
        "$0.26 of $0.25, $0.01 over +$0.03 in flight +$0.04 kept +?, $0.00 left"
    )
    narrow = text_of((cap_line(CAP, 50),))
    assert "$0.26 of $0.25, $0.01 over" in narrow
    assert "in flight" not in narrow


def test_the_table_has_every_sum_under_its_name() -> None:
    heads, row, note = text_of(cap_table((CAP,), 76)).splitlines()
    assert heads.split() == ["SCOPE", "CAP", "SPENT", "MEASURED", "≈", "?", "IN", "FLIGHT", "LEFT", "OVER"]
    assert row.split() == ["peer", "cap", "$0.25", "$0.26", "$0.24", "$0.02", "1", "$0.03", "$0.00", "$0.01"]
    assert "$0.04 is kept for ended agents that named no price." in note


def test_what_is_not_known_of_other_runs_is_no_zero() -> None:
    shared = replace(CAP, scope="day", measured=None, estimated=None, unpriced=None, held=0, over=0)
    assert text_of(cap_table((shared,), 76)).splitlines()[1].split()[2:] == [
        "$0.25", "$0.26", "–", "–", "–", "$0.03", "$0.00", "–",
    ]  # fmt: skip


amounts = st.integers(0, 99_000_000)
lines = st.builds(
    CapLine, st.sampled_from(["thread", "run", "day", "namespace"]), st.just("x"), amounts, amounts, amounts, amounts,
    st.integers(0, 99), amounts, amounts, amounts, amounts, st.sampled_from(["open", "warned", "exhausted"]),
)  # fmt: skip


@given(lines, st.integers(72, 200))
def test_no_cap_leaves_its_width(line: CapLine, width: int) -> None:
    assert width_of(cap_line(line, width)) <= width
    assert all(width_of(row) <= width for row in cap_table((line,), width))


def test_the_pane_lists_the_caps_of_the_goal_before_those_that_all_runs_share() -> None:
    caps: tuple[Any, ...] = tuple(replace(CAP, scope=scope) for scope in ("thread", "run", "day", "namespace"))
    shown = text_of(cost_lines(replace(sample.STATUS, caps=caps), sample.VIEW, 60)).splitlines()[-4:]
    assert [row[:8] for row in shown] == ["run cap ", "peer cap", "day cap ", "all runs"]


def test_interruptions_are_counted_by_their_answers_and_told_on_the_page() -> None:
    view = permission_sample.view(permission_sample.asked(), permission_sample.asked(3, state="void"))
    assert interruptions(view) == Interruptions(asked=3, waiting=1, allowed=1, void=1)
    status = sample.status_of(view, {})
    assert status.interruptions.asked == 3
    page = text_of(section_lines(("summary",), Goal(permission_sample.ROW, view, status), 80))
    assert "asked you 3: 1 waits, 1 allowed, 1 void, 1 of them for the run" in page
    assert "asked you" not in text_of(section_lines(("summary",), Goal(None, sample.VIEW, sample.STATUS), 80))
