"""Metrics as a page: every figure, every flag with its ids, a line a run, and nothing of a goal as markup."""

from adapters.knowledge.pages import JinjaPages
from adapters.knowledge.plain import BEGIN, END
from adapters.statistics import ScipyStatistics
from factory.rules.figures import TITLE, chapters, run_chapters, table_rows
from factory.rules.metrics import measured
from factory.rules.summary import report
from tests.unit.rules.forty_tasks import NOW, canaries, forty


def test_the_page_holds_what_the_report_says() -> None:
    runs = [measured(told.view, told.events) for told in forty()]
    found = report(ScipyStatistics(), runs, NOW, canaries())
    rows = table_rows(found.runs, {**found.goals, "run_1": "<b>| Goal</b>"})
    page = JinjaPages().metrics(TITLE, chapters(found.summary), found.summary.flags, rows)
    assert page.startswith('---\ntemplate: "metrics"\n')
    assert page.count(BEGIN) == page.count(END) == 1
    assert "| First-pass yield | 59 % (43 to 74 %, n = 37) |" in page
    assert "| Passes adjudicated | 98 % (87 to 100 %, n = 40) |" in page
    assert "- TO4 (warn): command:/bin/slow timed out in 2 of its last 3 attempts. `att_29_1`, `att_37_1`" in page
    assert page.count("| `run_") == 40
    assert r"\<b\>\| Goal\</b\>" in page
    assert page == JinjaPages().metrics(TITLE, chapters(found.summary), found.summary.flags, rows), "no time of writing"


def test_the_page_of_one_run_has_no_table() -> None:
    told = forty()[30]
    found = measured(told.view, told.events).metrics
    page = JinjaPages().metrics(f"Metrics of {found.run}", run_chapters(found), found.flags)
    assert "# Metrics of run_31" in page
    assert "- TO7 (error): The run passed after a verifier timed out" in page
    assert "## Newest runs" not in page
