"""Sees to it that a worker runs while there is work, and says on screen when none does."""

import asyncio
import time
from collections.abc import Callable

from cockpit.store import Seen, Store
from factory.errors import SourceError
from factory.ports.worker import Workers, WorkerState

LOOK_S = 2.0
START_AGAIN_S = 10.0
"""Between two attempts to start a worker that does not stay."""


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
                self._tried_at = self._monotonic()
                state = await asyncio.to_thread(self._workers.ensure)
        except SourceError as error:
            self._note_problem(f"{error.message} {error.hint}".strip())
        else:
            self._note_state(state)

    def _may_start(self) -> bool:
        if self._tried_at is None:
            return True
        return self._is_needed() and self._monotonic() - self._tried_at >= START_AGAIN_S

    def _is_needed(self) -> bool:
        return any(row.state in {"ready", "running", "closing"} for row in self._store.snapshot.rows)

    def _note_state(self, state: WorkerState) -> None:
        if not state.running:
            # Idle workers end themselves; that is a problem only while something is open.
            self._store.saw(self.name, Seen(self._monotonic(), False, "not running", is_idle=not self._is_needed()))
            return
        self._store.saw(self.name, Seen(self._monotonic(), True, is_quiet=True))
        if state.note and state.note != self._note:
            self._say(state.note)
        self._note = state.note

    def _note_problem(self, sentence: str) -> None:
        self._store.saw(self.name, Seen(self._monotonic(), False, sentence))
        if sentence != self._note:
            self._say(sentence)
        self._note = sentence
