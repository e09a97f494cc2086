"""Metrics for people and programs: figures in words, a line a flag, a table of runs; the same as Markdown or JSON."""

from collections.abc import Sequence
from typing import Any

from cockpit.cli.call import Call
from cockpit.cli.columns import columns, table
from cockpit.cli.output import plain
from factory.operations import inspect
from factory.ports.knowledge import Pages
from factory.rules.figures import NO_RUNS, TITLE, Chapter, chapters, every_flag, run_chapters, table_rows
from factory.rules.flags import Flag
from factory.rules.metrics import RunMetrics
from factory.rules.summary import Report

COLUMNS = ("run", "state", "rounds", "attempts", "rework", "cost", "lead", "score", "flags")
"""Of the table of runs; `rework` is early + late."""


def show_all(call: Call, md: bool) -> None:
    """The report over all runs."""
    found = inspect.report(call.ports)
    if md:
        call.out.show({}, lambda: NO_RUNS if found.is_empty else _page(call.ports.pages, found))
    else:
        call.out.show(_value(found), lambda: report_text(found))


def show_run(call: Call, subject: str, md: bool) -> None:
    """The report of one run, and which other ones may be meant. Raises `Missing`."""
    found, others = inspect.metrics(call.ports, subject)
    if md:
        call.out.show({}, lambda: call.ports.pages.metrics(f"Metrics of {found.run}", run_chapters(found), found.flags))
    else:
        call.out.show(
            {**plain(found), "other_runs": others}, lambda: _figures(run_chapters(found)) + _flags(found.flags)
        )
    if others:
        call.out.say(f"{subject} has {1 + len(others)} runs behind it, and this is the newest, {found.run}.")
        call.out.say(f"  The others: {', '.join(f'cockpit metrics {other}' for other in others)}")


def _page(pages: Pages, found: Report) -> str:
    rows = table_rows(found.runs, found.goals)
    return pages.metrics(TITLE, chapters(found.summary), every_flag(found, found.runs), rows)


def _value(found: Report) -> dict[str, Any]:
    """The JSON object: the sums over all runs, the words for each figure, and each run."""
    words = {
        chapter.title: {figure.name: figure.words for figure in chapter.figures} for chapter in chapters(found.summary)
    }
    return {**plain(found.summary), "words": words, "items": plain(found.runs)}


def report_text(found: Report) -> str:
    """The report for people."""
    if found.is_empty:
        return NO_RUNS
    rows = table_rows(found.runs, found.goals)
    text = _figures(chapters(found.summary)) + _flags(found.summary.flags, found.runs)
    return f"{text}\n\n{table(rows, COLUMNS, NO_RUNS)}"


def _figures(found: Sequence[Chapter]) -> str:
    rows = [(f"  {figure.name}", figure.words) for chapter in found for figure in chapter.figures]
    lines = columns(rows).split("\n")
    parts = []
    for chapter in found:
        mine, lines = lines[: len(chapter.figures)], lines[len(chapter.figures) :]
        parts.append("\n".join((chapter.title, *mine)))
    return "\n\n".join(parts)


def _flags(flags: Sequence[Flag], runs: Sequence[RunMetrics] = ()) -> str:
    """Flags about agents, then those of each run, with its id."""
    found = [("", flag) for flag in flags] + [(one.run, flag) for one in runs for flag in one.flags]
    if not found:
        return "\n\nNo flags."
    lines = [
        (f"  {flag.code}", flag.severity, f"{f'{run}: ' if run else ''}{flag.message} [{', '.join(flag.ids)}]")
        for run, flag in found
    ]
    return f"\n\nFlags\n{columns(lines)}"
