"""The audit trail of a goal, with the chain that it hangs on checked in a thread."""

import asyncio

from cockpit.chain_check import check_chain, trail
from cockpit.screens.pages.part import Desk, Part, Picture
from factory.errors import SourceError
from factory.model.audit import Event
from widgets.lines import Line
from widgets.sections import Goal
from widgets.viewers.audit_rows import ChainCheck, audit_rows, chain_line

NOT_HERE = ChainCheck(failed="it is that of the whole ledger, and this is one run. cockpit audit verify")
"""In a replay."""


class AuditPart(Part):
    """Every event of the run."""

    title = "Audit trail"
    empty = "No event yet: the first one is written when the goal is launched."

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._events: tuple[Event, ...] = ()
        self._check: ChainCheck | None = None
        self._checking: asyncio.Task[ChainCheck] | None = None
        self._problem = ""

    async def look(self, goal: Goal, width: int) -> Picture | None:
        """Read what is new; the check of the chain goes on beside it and is shown when it is done."""
        if goal.view is None:
            return None
        await self._read(goal.view.run.id, goal.view.head.count)
        self._check_chain()
        newest = goal.view.head.count
        now = (len(self._events), self._check, newest, width, self._problem)
        if now == self._drawn:
            return None
        self._drawn = now
        rows = await asyncio.to_thread(audit_rows, self._events, width)
        return Picture((*self._head(newest), (), *rows), note=f"{len(self._events):,} events")

    def _check_chain(self) -> None:
        if self.desk.number():  # what is recorded of one run is a part of the chain
            self._check = NOT_HERE
            return
        if self._checking is None:
            self._checking = asyncio.create_task(asyncio.to_thread(check_chain, self.desk.ledger, self.desk.now()))
        if self._checking.done():
            self._check = self._checking.result()

    @property
    def is_live(self) -> bool:  # type: ignore[override]
        """Until the chain is checked."""
        return self._check is None

    def _head(self, newest: int) -> tuple[Line, ...]:
        problem: Line = (("! ", "warn"), (self._problem, "warn"))
        return (chain_line(self._check, newest), *((problem,) if self._problem else ()))

    async def _read(self, run: str, newest: int) -> None:
        if self._events and newest < self._events[-1].seq:
            self._events = ()  # a replay that goes back: what came later is not known there
        since = self._events[-1].seq if self._events else 0
        if self._events and newest <= since:
            return
        try:
            self._events += await asyncio.to_thread(trail, self.desk.ledger, run, since)
            self._problem = ""
        except SourceError as error:
            self._problem = error.message
