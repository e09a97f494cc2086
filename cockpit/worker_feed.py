"""Sees to it that a worker runs while there is work, and says on screen when none does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from cockpit.store import Seen, Store
from factory.errors import SourceError

if TYPE_CHECKING:
    from factory.ports.worker import Workers, WorkerState

LOOK_S = 2.0
START_AGAIN_S = 10.0
"""Between two attempts to start a worker that does not stay."""
BY_HAND = "Or start it by hand: cockpit worker"
IDLE = "None runs, and none is needed before a goal is launched."
GONE = "The worker is gone; agents go on, but no run moves. It is being started again."
WAITS = f"The worker does not stay; it is started again every {START_AGAIN_S:.0f} s. {BY_HAND}"
BACK = "The worker was gone and runs again; agents went on meanwhile."


class WorkerFeed:
    """Starts a worker when the cockpit opens, and again when it is gone while a goal is open.

    Args:
        workers: Called in a thread.
        store: Gets the worker as a source.
        say: Puts a sentence on the screen.
    """

    name = "worker"

    def __init__(
        self,
        workers: Workers,
        store: Store,
        say: Callable[[str], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._workers = workers
        self._store = store
        self._say = say
        self._monotonic = monotonic
        self._tried_at: float | None = None
        self._note = ""
        self._failure = ""
        self._was_seen = False

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await self.refresh()
            await asyncio.sleep(LOOK_S)

    async def refresh(self) -> None:
        """Look once; start a worker where one is needed."""
        try:
            state = await asyncio.to_thread(self._workers.state)
            if not state.running and self._may_start():
                state = await self._start()
        except SourceError as error:
            self._failure = f"{error.message} {error.hint}".strip()
            self._note_problem(self._failure)
        else:
            self._note_state(state)

    async def _start(self) -> WorkerState:
        self._tried_at = self._monotonic()
        is_lost = self._was_seen
        if is_lost:
            self._note_problem(GONE)
        state = await asyncio.to_thread(self._workers.ensure)
        if is_lost and state.running:
            self._say(BACK)
        return state

    def _may_start(self) -> bool:
        if self._tried_at is None:
            return True
        return self._is_needed() and self._monotonic() - self._tried_at >= START_AGAIN_S

    def _is_needed(self) -> bool:
        return self._store.snapshot.totals.active > 0

    def _note_state(self, state: WorkerState) -> None:
        if not state.running and self._is_needed():
            self._note_problem(self._failure or WAITS)
            return
        if not state.running:  # idle workers end themselves
            self._was_seen = False
            self._store.saw(self.name, Seen(self._monotonic(), False, IDLE, is_idle=True))
            return
        self._was_seen, self._failure = True, ""
        self._store.saw(self.name, Seen(self._monotonic(), True, is_quiet=True))
        if state.note and state.note != self._note:
            self._say(state.note)
        self._note = state.note

    def _note_problem(self, sentence: str) -> None:
        before = self._store.snapshot.sources.get(self.name, Seen())
        lost_at = self._monotonic() if before.answered or not before.problem else before.at
        self._store.saw(self.name, Seen(lost_at, False, sentence))
        if sentence != self._note:
            self._say(sentence)
        self._note = sentence
