"""Canaries are in the metrics, also before the first run."""

from dataclasses import replace

from adapters.statistics import ScipyStatistics
from cockpit.cli.metrics_text import report_text
from factory.model.canary import CanaryResult
from factory.rules.canaries import canary_rates
from factory.rules.figures import NO_RUNS, chapters
from factory.rules.intervals import Rate
from factory.rules.summary import report
from widgets.viewers.metrics_page import metrics_page

NOW = "2026-11-26T00:00:00.000Z"
CAUGHT = CanaryResult("can_1", "command:v", "", "bad", "attempt 1", "changes_requested", "c" * 40, NOW)


def test_without_runs_and_canaries_there_is_a_sentence() -> None:
    assert report_text(report(ScipyStatistics(), (), NOW)) == NO_RUNS


def test_canaries_alone_are_something_to_show() -> None:
    found = report(ScipyStatistics(), (), NOW, [replace(CAUGHT, patch=f"patch {n}") for n in range(6)])
    assert "Canaries: command:v" in report_text(found)
    assert "100 % (61 to 100 %, n = 6)" in report_text(found)
    drawn = "\n".join("".join(cell[0] for cell in line) for line in metrics_page(found, 100))
    assert "Canaries: command:v" in drawn


def test_a_patch_that_is_shown_again_is_one_case_and_the_last_word_about_it_counts() -> None:
    missed = replace(CAUGHT, said="pass")
    other = replace(CAUGHT, patch="attempt 2", kind="good", said="pass", cost_micros=10_000, basis="reported")
    (found,) = canary_rates(ScipyStatistics(), [missed, *[other] * 9, CAUGHT])
    assert (found.n, found.repeated, found.cost_micros, found.unpriced) == (2, 9, 90_000, 2)
    assert (found.caught, found.false_pass, found.false_fail) == (Rate(1, 1), Rate(0, 1), Rate(0, 1))
    told = chapters(report(ScipyStatistics(), (), NOW, [missed, CAUGHT]).summary)
    (said,) = [one for one in told if one.title == "Canaries: command:v"]
    assert said.figures[-1].words == "1 time: of each patch the last word counts"


def test_the_same_patch_is_another_case_for_another_verifier() -> None:
    found = canary_rates(ScipyStatistics(), [CAUGHT, replace(CAUGHT, verifier="command:w")])
    assert [(one.verifier, one.n, one.repeated) for one in found] == [("command:v", 1, 0), ("command:w", 1, 0)]
