"""The page of metrics: shares with whiskers, flags with ids, a line a goal; measured beside the keys."""

import threading
from typing import Any

import pytest

from cockpit.app import CockpitApp
from factory.errors import Unreachable
from factory.rules.figures import NO_RUNS
from factory.rules.intervals import Rate
from factory.rules.metrics import measured
from factory.rules.summary import Report, report
from tests.app.driving import DEADLINE_S, screen_text, settled
from tests.app.fakes import NotedOperations, cockpit
from tests.app.pages_driving import open_part, shows
from tests.unit.rules.forty_tasks import NOW, canaries, forty
from widgets.lines import text_of
from widgets.viewers.metrics_page import metrics_page, whiskers


class Exact:
    """Intervals that need no library: a tenth to each side, and a tenth of the median."""

    def wilson(self, hits: int, n: int) -> tuple[float, float]:
        """Within 0 and 1."""
        return max(0.0, hits / n - 0.1), min(1.0, hits / n + 0.1)

    def median(self, values: Any) -> tuple[float, float]:
        """Least and most."""
        return min(values), max(values)


def found() -> Report:
    """The report over the forty tasks."""
    return report(Exact(), [measured(told.view, told.events) for told in forty()], NOW, canaries())


def app_with(shown: Report, **more: Any) -> tuple[CockpitApp, NotedOperations]:
    """A cockpit that measures this."""
    operations = NotedOperations(metrics=shown)
    return cockpit(operations=operations, **more), operations


@pytest.mark.parametrize(
    ("share", "line"),
    [
        (Rate(5, 10, 0.5, 0.2, 0.8), "────├━━━━━•━━━━━┤────"),
        (Rate(0, 10, 0.0, 0.0, 0.3), "•━━━━━┤──────────────"),
        (Rate(10, 10, 1.0, 0.7, 1.0), "──────────────├━━━━━•"),
        (Rate(3, 4), "─────────────────────"),
    ],
)
def test_a_share_is_a_point_with_whiskers_on_a_scale_from_0_to_100(share: Rate, line: str) -> None:
    assert text_of([whiskers(share, 21)]) == line


def test_every_line_of_the_page_fits_its_width() -> None:
    shown = found()
    for width in (78, 120, 198):
        assert max(len(line) for line in text_of(metrics_page(shown, width)).split("\n")) <= width


async def test_it_shows_rates_flags_with_their_ids_and_a_line_a_goal() -> None:
    app, _ = app_with(found())
    async with app.run_test(size=(200, 200)) as pilot:
        await open_part(pilot, "metrics")
        await shows(
            pilot, "40 runs, 37 reached QA", "59 % (49 to 69 %, n = 37)", "TO4", "[att_29_1, att_37_1]", "FP10",
            "[att_21_2, apr_21_1]", "Canaries: command:/bin/stamp", "Goal 40",
            "First-pass yield  of goals begun, by 7 days", "5/7", "2 of 2 since",
        )  # fmt: skip


async def test_v_opens_it_and_no_run_is_a_sentence() -> None:
    app, _ = app_with(NotedOperations().metrics)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_part(pilot, "cost")
        await pilot.press("V")
        await shows(pilot, NO_RUNS[:30])


async def test_a_ledger_that_does_not_answer_leaves_the_last_picture() -> None:
    app, operations = app_with(found())
    async with app.run_test(size=(100, 40)) as pilot:
        page = await open_part(pilot, "metrics")
        await shows(pilot, "First-pass yield")
        operations.refuse = Unreachable("The ledger is locked.")
        page.part._not_before = 0.0  # type: ignore[attr-defined]
        page.freshen()
        await shows(pilot, "The ledger is locked.", "First-pass yield")


async def test_measuring_holds_no_key_up() -> None:
    app, operations = app_with(found())
    gate = threading.Event()

    class Slow(NotedOperations):
        def report(self) -> Report:
            gate.wait(DEADLINE_S)
            return self.metrics

    app.operations = Slow(metrics=operations.metrics)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_part(pilot, "metrics")
        await shows(pilot, "Measuring every goal: 3 of 40")
        await pilot.press("question_mark")
        await shows(pilot, "what do you want to do?")
        await pilot.press("escape")
        gate.set()
        await shows(pilot, "First-pass yield")


@pytest.mark.parametrize(
    ("size", "ascii_only", "pages_down"),
    [
        ((80, 24), False, 0),
        ((200, 50), False, 0),
        ((80, 24), True, 0),
        ((80, 24), False, 2),
        ((100, 30), False, 1),
        ((80, 24), True, 2),
    ],
)
def test_the_page_looks_as_it_did(snap_compare: Any, size: tuple[int, int], ascii_only: bool, pages_down: int) -> None:
    async def scene(pilot: Any) -> None:
        await open_part(pilot, "metrics")
        await shows(pilot, "First-pass yield")
        await pilot.press(*["pagedown"] * pages_down)
        await settled(pilot)
        assert pages_down == 0 or "of goals begun, by" in screen_text(pilot.app)
        assert not ascii_only or screen_text(pilot.app).isascii()

    more = {"in_ascii": "all"} if ascii_only else {}
    app, _ = app_with(found(), **more)
    assert snap_compare(app, terminal_size=size, run_before=scene)
