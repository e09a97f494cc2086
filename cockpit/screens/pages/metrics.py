"""The page of metrics: about all goals, measured in a thread, again when the ledger has changed."""

import asyncio
from collections.abc import Sequence

from cockpit.screens.pages.part import Desk, Part, Picture
from factory.errors import SourceError
from factory.rules.summary import Report
from widgets.lines import Line
from widgets.plain import visible
from widgets.sections import Goal
from widgets.viewers.metrics_page import metrics_page

REST = 5.0
"""Between two measurings, so many times as long as the last one took: keys come first."""
LEAST_S = 1.0


class MetricsPart(Part):
    """Every share with its interval, every flag with its ids, every goal with its numbers."""

    title = "Metrics of all goals"
    is_live = True
    empty = "Measuring every goal"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._report: Report | None = None
        self._problem = ""
        self._measuring: asyncio.Task[Report | SourceError] | None = None
        self._begun = 0.0
        self._not_before = 0.0

    async def look(self, goal: Goal, width: int) -> Picture | None:
        """Draw what was measured last, while the next measuring goes on beside it."""
        self._take()
        self._begin()
        progress = await self._progress()
        now = (self._report, self._problem, width, progress)
        if now == self._drawn:
            return None
        self._drawn = now
        problem: tuple[Line, ...] = ((("! ", "warn"), (visible(self._problem, 400), "warn")),) if self._problem else ()
        if self._report is None:
            return Picture(problem or (((f"{self.empty}{progress}", "dim"),),))
        rows: Sequence[Line] = await asyncio.to_thread(metrics_page, self._report, width)
        return Picture((*problem, *rows), note=f"{self._report.summary.runs:,} goals, 95 % intervals")

    async def _progress(self) -> str:
        """How far the first measuring is, which may take a while; nothing afterwards."""
        if self._report is not None or self._problem:
            return ""
        try:
            count, total = await asyncio.to_thread(self.desk.measured)
        except SourceError:
            return ""  # what reads will say so
        return f": {count:,} of {total:,}" if total else "…"

    def _take(self) -> None:
        """Take what a measuring found that has ended."""
        if self._measuring is None or not self._measuring.done():
            return
        done, self._measuring = self._measuring, None
        now = asyncio.get_running_loop().time()
        self._not_before = now + max(LEAST_S, REST * (now - self._begun))
        found = done.result()
        if isinstance(found, SourceError):
            self._problem = found.message
        else:
            self._report, self._problem = found, ""

    def _begin(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._measuring is None and now >= self._not_before:
            self._begun = now
            self._measuring = asyncio.create_task(self._measure())

    async def _measure(self) -> Report | SourceError:
        """The report, or why there is none; the page may have been left by then, so nothing is raised."""
        try:
            return await asyncio.to_thread(self.desk.report)
        except SourceError as error:
            return error
