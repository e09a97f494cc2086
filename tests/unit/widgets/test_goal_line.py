"""The list of goals in columns: each has its place and its name in the frame, at every width."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from factory.model.view import RunRow
from tests.app import sample
from widgets.frame import INSET
from widgets.goal_line import Patience, ages, goal_heads, goal_line, lasted, silence
from widgets.heads import headed
from widgets.lines import Line, width_of

WIDTHS = st.integers(40, 260)
MONEY = replace(sample.ROWS[2], spent_micros=12_440_000, in_flight_micros=1_050_000)


def text(line: Line) -> str:
    """What it says."""
    return "".join(part for part, _ in line)


@given(st.sampled_from((*sample.ROWS, MONEY)), WIDTHS)
def test_a_goal_fills_its_line(row: RunRow, width: int) -> None:
    assert width_of(goal_line(row, sample.NOW, width)) == width


@given(WIDTHS)
def test_the_name_of_a_column_stands_over_it(width: int) -> None:
    line = text(goal_line(sample.ROWS[1], sample.NOW, width))
    heads = {head: cell for cell, head in goal_heads(width)}
    assert line[heads["PHASE"] :].startswith("QA gate")
    assert line[: heads["SILENT"] + len("SILENT")].endswith("6m")


@pytest.mark.parametrize(
    ("width", "shown"),
    [(50, ("$0.31",)), (76, ("$0.31/$5", "pass r2")), (116, ("3/6", "CodeCraft ↔ Proveo")),
     (171, ("CodeCraft scripted:", " ↔ Proveo scripted:", "22m"))],
)  # fmt: skip
def test_a_wider_list_says_more(width: int, shown: tuple[str, ...]) -> None:
    line = text(goal_line(sample.ROWS[1], sample.NOW, width))
    assert [part for part in shown if part not in line] == []


@pytest.mark.parametrize(
    ("held", "limit", "width", "said"),
    [(0, 250_000, 76, " $0.20/0.25"), (250_000, 250_000, 76, " $0.20/0.25"), (250_000, 250_000, 171, "  $0.20/$0.25"),
     (0, 5_000_000, 50, "  $0.20"), (1_000, 5_000_000, 171, "  $0.20/$5"),
     (50_000, 5_000_000, 171, "  $0.20+$0.05/$5")],
)  # fmt: skip
def test_the_cap_is_there_where_its_column_is(held: int, limit: int, width: int, said: str) -> None:
    row = replace(sample.ROWS[1], spent_micros=200_000, in_flight_micros=held, cap_micros=limit)
    assert f"{said} " in f"{text(goal_line(row, sample.NOW, width))} "


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"verifier_company": "CodeCraft"}, "✕ same company CodeC"), ({"coder_model": "m1", "verifier_model": "m1"},
     "✕ same model m1")],
)  # fmt: skip
def test_a_pair_that_is_not_two_is_said_in_words(changes: dict[str, str], said: str) -> None:
    line = goal_line(replace(sample.ROWS[1], **changes), sample.NOW, 120)  # type: ignore[arg-type]
    assert [tone for part, tone in line if said in part] == ["bad"]


def test_a_goal_whose_agent_waits_for_a_place_is_queued_and_not_late() -> None:
    row = replace(sample.ROWS[0], is_queued=True, last_event_at="2026-03-02T13:00:00.000Z")
    line = goal_line(row, sample.NOW, 76)
    assert text(line).startswith("○ ")
    assert "queued" in text(line)
    assert "build" not in text(line)
    assert silence(row, sample.NOW)[1] == "dim"


@pytest.mark.parametrize(
    ("kind", "clock", "tone"),
    [("build", "14:01:00", "dim"), ("build", "14:02:00", "warn"), ("build", "14:03:00", "bad"),
     ("plan", "14:05:00", "dim"), ("plan", "14:06:00", "warn")],
)  # fmt: skip
def test_silence_is_marked_at_the_time_that_its_step_may_take(kind: str, clock: str, tone: str) -> None:
    row = replace(sample.ROWS[0], step_kind=kind, last_event_at="2026-03-02T14:00:30.000Z")
    assert silence(row, f"2026-03-02T{clock}.000Z", Patience(agent_s=60, factory_s=300))[1] == tone


def test_a_goal_that_is_over_grows_no_older() -> None:
    done = sample.ROWS[4]
    assert lasted(done, sample.NOW) == lasted(done, "2026-03-03T14:02:11.000Z") == "48m"
    assert ages(sample.ROWS[0], sample.NOW) != ages(sample.ROWS[0], "2026-03-02T14:03:11.000Z")


def edge(width: int) -> Strip:
    """The upper edge of a pane."""
    return Strip([Segment("╭" + "─" * (width - 2) + "╮")])


def test_names_stand_in_the_frame_where_the_title_leaves_room() -> None:
    made = headed(edge(40), ((2, "ONE"), (12, "TWO"), (16, "NEXT"), (60, "AWAY")), 4, Style()).text
    assert made == "╭──────────── TWO NEXT ────────────────╮"
    assert made.index("TWO") == 12 + INSET


@given(st.lists(st.tuples(st.integers(0, 90), st.sampled_from(("A", "STAGE", "COST/CAP"))), max_size=6),
       st.integers(0, 60))  # fmt: skip
def test_names_never_change_the_width_of_the_frame(heads: list[tuple[int, str]], title: int) -> None:
    assert headed(edge(80), sorted(heads), title, Style()).cell_length == 80
