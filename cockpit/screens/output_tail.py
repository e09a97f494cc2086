"""The pane of the output with what reads it: looks at the file while it grows and the pane is on screen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from textual import work

from cockpit.output import NOT_RECORDED, UNKNOWN, journal_of, newest_attempt
from widgets.output import OutputPane

if TYPE_CHECKING:
    from cockpit.agent_events import LastEvents
    from cockpit.app import CockpitApp
    from factory.model.step import Attempt
    from factory.model.view import RunView
    from widgets.output import Output

LOOK_S = 0.25
"""Between two looks at an output that grows."""
REST_S = 2.0
"""Between two looks at one that has not grown for a while."""
TAIL_BYTES = 16 * 1024


class OutputTail(OutputPane):
    """Follows the newest attempt of the selected goal; nothing is read for a pane without room."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._attempt: Attempt | None = None
        self._wake = asyncio.Event()
        self._shown: Attempt | None = None
        self._events: LastEvents | None = None

    def on_mount(self) -> None:
        super().on_mount()
        self.watch(self.app, "strip", self._wake.set, init=False)
        self.follow()

    @property
    def is_read(self) -> bool:
        """Whether what is drawn is the output of the goal that is shown; true for a pane without room."""
        return self._shown is self._attempt or not self.region.area

    def show_view(self, view: RunView | None) -> None:
        """Look at another goal, or at the same one as it is now."""
        attempt = newest_attempt(view) if view else None
        if attempt is not self._attempt:
            self._attempt = attempt
            self._wake.set()

    def on_show(self) -> None:
        super().on_show()
        self._wake.set()

    @work(group="feed", name="output")
    async def follow(self) -> None:
        """Look whenever another attempt is shown, and again and again while it works."""
        pause_s = LOOK_S
        while True:
            self._wake.clear()
            before = self._output
            if self.region.area:
                await self._look()
            pause_s = LOOK_S if self._output != before else min(2 * pause_s, REST_S)
            is_past = cast("CockpitApp", self.app).player is not None  # where nothing grows by itself
            works = self._attempt is not None and not self._attempt.ended_at and not is_past
            try:
                await asyncio.wait_for(self._wake.wait(), pause_s if works else None)
            except TimeoutError:
                continue

    async def _look(self) -> None:
        app, attempt = cast("CockpitApp", self.app), self._attempt
        if app.choices.is_frozen and self._shown is not None and attempt and attempt.id == self._shown.id:
            self.show_output(attempt, self._output, is_frozen=True)
            return
        output: Output = ""
        if attempt:
            output = await asyncio.to_thread(self._read, attempt)
        if attempt is self._attempt:
            self.show_output(attempt, output)
            self._shown = attempt

    def _read(self, attempt: Attempt) -> Output:
        """The last events of a driven agent, the last lines of any other."""
        app, journal = cast("CockpitApp", self.app), journal_of(attempt.folder)
        if journal is None:
            return app.tail_of(attempt, TAIL_BYTES)
        until = app.written(attempt, journal)
        if until == UNKNOWN:
            return NOT_RECORDED
        if self._events is None:
            from cockpit.agent_events import LastEvents  # the first driven agent that is looked at pays for it

            self._events = LastEvents()
        return self._events.look(journal, until)
