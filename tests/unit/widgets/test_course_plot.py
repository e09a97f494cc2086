"""A share over time: points with whiskers where there are five cases, counts below, words where there are too few."""

import subprocess
import sys

import pytest

from factory.rules.figures import Course
from factory.rules.intervals import Rate
from widgets.lines import text_of
from widgets.viewers.course_plot import POINT, WHISKER, course_lines

FEW, NONE = Rate(3, 4), Rate(0, 0)
HALF, ALL = Rate(5, 10, 0.5, 0.25, 0.75), Rate(9, 9, 1.0, 0.7, 1.0)


def drawn(*shares: Rate, width: int = 60, days: int = 7) -> str:
    """A course with a period a share."""
    points = tuple((f"2026-03-{2 + place:02}", share) for place, share in enumerate(shares))
    return text_of(course_lines(Course("Catch rate", days, points), width))


def test_each_period_with_five_cases_has_a_point_with_whiskers_and_each_its_counts() -> None:
    text = drawn(HALF, FEW, NONE, ALL)
    assert text.count(POINT) == 2
    assert text.count(WHISKER) >= 4
    assert all(words in text for words in ("Catch rate", "by 7 days", "5/10", "3/4", "0/0", "9/9", "2026-03-02"))
    assert text.count("%") == 3, "the scale; no percentage of what is under five"


def test_a_point_is_as_high_as_its_share() -> None:
    rows = drawn(ALL, HALF, Rate(0, 8, 0.0, 0.0, 0.3), width=61).split("\n")
    heights = [next(n for n, row in enumerate(rows) if row[7 + place * 18 :][:18].count(POINT)) for place in range(3)]
    assert heights == sorted(heights)
    assert len(set(heights)) == 3
    assert rows[heights[0]].startswith("100 %")
    assert rows[heights[2]].startswith("  0 %")


@pytest.mark.parametrize("shares", [(FEW, FEW), (HALF, FEW), (HALF, NONE)])
def test_with_fewer_than_two_points_there_are_counts_in_words(shares: tuple[Rate, ...]) -> None:
    text = drawn(*shares, width=100)
    assert POINT not in text
    assert "%" not in text
    assert f"{shares[0].hits} of {shares[0].n} since 2026-03-02" in text
    assert text.endswith("(too few to draw)")


def test_of_nothing_there_is_nothing_to_count() -> None:
    assert drawn(NONE, NONE).endswith("nothing to count yet (n = 0)")


def test_it_fits_its_width_and_labels_do_not_run_into_each_other() -> None:
    many = [Rate(100, 250, 0.4, 0.34, 0.46)] * 12
    for width in (40, 60, 78, 120):
        text = drawn(*many, width=width)
        assert max(map(len, text.split("\n"))) <= width
        assert "100/250100" not in text
        assert "100/250" in text


def test_the_plotting_library_is_loaded_with_the_first_plot() -> None:
    code = "import sys, widgets.viewers.metrics_page; print('plotext' in ' '.join(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"
