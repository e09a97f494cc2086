"""Where all values come from and where they go: each source with its age, and what waits for another system."""

import asyncio
from collections.abc import Sequence

from cockpit.screens.pages.part import Desk, Part, Picture
from factory.errors import SourceError
from factory.model.outbox import OutboxItem
from factory.ports.ledger import Ledger
from widgets.lines import Line
from widgets.plain import visible
from widgets.sections import Goal
from widgets.sources import full_source_lines
from widgets.viewers.outbox_rows import outbox_rows

WAITING = ("dead", "queued", "in_flight", "accepted")
MOST = 500
"""Rows of writes; who has more waiting needs the count and the oldest, not all of them."""


class SourcesPart(Part):
    """Every source and every write that has not arrived, of all goals; of this goal also those that have."""

    title = "Sources"
    is_live = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._waiting: Sequence[OutboxItem] = ()
        self._problem = ""
        self._read_at = -1

    async def look(self, goal: Goal, width: int) -> Picture | None:
        """The sources as old as they are now; the outbox is read again when the ledger has changed."""
        await self._read()
        rows = full_source_lines(self.desk.sources(), self.desk.now(), width)
        arrived = [item for item in goal.view.outbox if item.state == "delivered"] if goal.view else []
        items = (*self._waiting[:MOST], *arrived)
        written = outbox_rows(items, self.desk.now(), width)
        problem: tuple[Line, ...] = ((("! ", "warn"), (visible(self._problem, 400), "warn")),) if self._problem else ()
        rows = (*rows, (), *problem, *written)
        if (rows, width) == self._drawn:
            return None
        self._drawn = (rows, width)
        return Picture(rows)

    async def _read(self) -> None:
        try:
            count, found = await asyncio.to_thread(_waiting, self.desk.ledger, self._read_at)
        except SourceError as error:
            self._problem = error.message
            return
        self._problem = ""
        if found is not None:
            self._read_at, self._waiting = count, found


def _waiting(ledger: Ledger, known: int) -> tuple[int, Sequence[OutboxItem] | None]:
    """What has not arrived, oldest first within a state; None when the ledger has not changed since `known`."""
    count = ledger.head().count
    if count == known:
        return count, None
    return count, [item for state in WAITING for item in ledger.find(OutboxItem, state=state)]
