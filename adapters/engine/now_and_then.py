"""Work of the worker that nobody waits for: done again and again in a thread of its own, and cut off at the end."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable

from factory.errors import SourceError

PAUSE_S = 5.0

_log = logging.getLogger(__name__)


class NowAndThen:
    """See `adapters.engine.work.Aside`.

    Args:
        name: Of the thread, and in the log.
        work: Looks whether there is something to do, and does it. It may be cancelled at any time.
    """

    def __init__(self, name: str, work: Callable[[], Awaitable[None]], pause_s: float = PAUSE_S) -> None:
        self._name = name
        self._work = work
        self._pause_s = pause_s
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._cut_off: Callable[[], object] | None = None

    def start(self) -> None:
        """Begin, or put a new thread in the place of one that a defect ended."""
        if self._stopped.is_set() or (self._thread is not None and self._thread.is_alive()):
            return
        self._thread = threading.Thread(target=lambda: asyncio.run(self._go_on()), name=self._name, daemon=True)
        self._thread.start()

    def ring(self) -> None:
        """It looks by itself."""

    def stop(self, patience_s: float) -> None:
        """End; what is being done is cut off."""
        self._stopped.set()
        if self._cut_off is not None:
            self._cut_off()
        if self._thread is not None:
            self._thread.join(patience_s)

    async def _go_on(self) -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        self._cut_off = lambda: loop.is_closed() or loop.call_soon_threadsafe(task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            while not self._stopped.is_set():
                await self._once()
                await asyncio.sleep(self._pause_s)

    async def _once(self) -> None:
        try:
            await self._work()
        except SourceError as error:
            _log.warning("The %s did not come to its end: %s", self._name, error.message)
