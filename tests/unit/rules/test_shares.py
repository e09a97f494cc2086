"""Shares over time: runs by when they began, in at most twelve periods of one length."""

from dataclasses import replace

import pytest

from adapters.statistics import ScipyStatistics
from factory.rules.figures import courses
from factory.rules.metrics import Measured, measured
from factory.rules.shares import MOST_PERIODS, over_time
from factory.rules.summary import report
from tests.unit.rules.forty_tasks import NOW, forty
from tests.unit.rules.stories import tell


def begun(*days: str) -> list[Measured]:
    """A run that went well, begun on each of these days."""
    one = tell("b10 v5=pass +")
    return [replace(measured(one.view, one.events), born=f"{day}T23:59:59.000Z") for day in days]


@pytest.mark.parametrize(
    ("days", "length", "runs"),
    [
        (("2026-03-02", "2026-03-03"), 1, [1, 1]),
        (("2026-03-03", "2026-03-02", "2026-03-05"), 1, [1, 1, 0, 1]),
        (("2026-03-01", "2026-03-12"), 1, [1, *[0] * 10, 1]),  # 12 days
        (("2026-03-01", "2026-03-13"), 7, [1, 1]),
        (("2026-03-01", "2026-05-23"), 7, [1, *[0] * 10, 1]),  # 84 days
        (("2026-03-01", "2026-05-24"), 28, [1, 0, 0, 1]),
        (("2025-01-01", "2026-01-01"), 91, [1, 0, 0, 0, 1]),
        (("2020-01-01", "2026-01-01"), 364, [1, 0, 0, 0, 0, 0, 1]),
    ],
)
def test_periods_are_as_short_as_twelve_of_them_allow(days: tuple[str, ...], length: int, runs: list[int]) -> None:
    found = over_time(ScipyStatistics(), begun(*days), NOW)
    assert {one.days for one in found} == {length}
    assert [one.runs for one in found] == runs
    assert len(found) <= MOST_PERIODS
    assert found[0].start == min(days)


@pytest.mark.parametrize("days", [(), ("2026-03-02",), ("2026-03-02", "2026-03-02")])
def test_there_is_no_course_of_one_period(days: tuple[str, ...]) -> None:
    assert over_time(ScipyStatistics(), begun(*days), NOW) == ()
    assert courses(report(ScipyStatistics(), begun(*days), NOW).summary) == ()


def test_the_forty_tasks_by_the_week_in_which_they_began() -> None:
    """Tasks 1-7, 8-14, 15-21, 22-28, 29-35 and 36-40; `test_forty_tasks` says which of them count where."""
    found = report(ScipyStatistics(), [measured(told.view, told.events) for told in forty()], NOW).summary.over_time
    assert [(one.start[5:], one.runs) for one in found] == [
        ("03-02", 7), ("03-09", 7), ("03-16", 7), ("03-23", 7), ("03-30", 7), ("04-06", 5),
    ]  # fmt: skip
    first_pass = [(one.shares.first_pass_yield.hits, one.shares.first_pass_yield.n) for one in found]
    assert first_pass == [(7, 7), (5, 7), (0, 7), (2, 7), (4, 4), (4, 5)]
    assert [(one.shares.late_rework_rate.hits, one.shares.late_rework_rate.n) for one in found] == [
        (0, 7), (0, 7), (1, 7), (2, 7), (1, 4), (0, 0),
    ]  # fmt: skip
    assert [(one.shares.catch_rate.hits, one.shares.catch_rate.n) for one in found] == [
        (0, 0), (2, 2), (6, 7), (0, 2), (0, 1), (0, 0),
    ]  # fmt: skip
    assert found[0].shares.first_pass_yield.value == 1.0
    assert found[4].shares.first_pass_yield.value is None, "four are too few"
