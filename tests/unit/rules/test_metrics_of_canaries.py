"""Canaries are in the metrics, also before the first run."""

from adapters.statistics import ScipyStatistics
from cockpit.cli.metrics_text import report_text
from factory.model.canary import CanaryResult
from factory.rules.figures import NO_RUNS
from factory.rules.summary import report
from widgets.viewers.metrics_page import metrics_page

NOW = "2026-11-26T00:00:00.000Z"
CAUGHT = CanaryResult("can_1", "command:v", "", "bad", "attempt 1", "changes_requested", "c" * 40, NOW)


def test_without_runs_and_canaries_there_is_a_sentence() -> None:
    assert report_text(report(ScipyStatistics(), (), NOW)) == NO_RUNS


def test_canaries_alone_are_something_to_show() -> None:
    found = report(ScipyStatistics(), (), NOW, [CAUGHT] * 6)
    assert "Canaries: command:v" in report_text(found)
    assert "100 % (61 to 100 %, n = 6)" in report_text(found)
    drawn = "\n".join("".join(cell[0] for cell in line) for line in metrics_page(found, 100))
    assert "Canaries: command:v" in drawn
