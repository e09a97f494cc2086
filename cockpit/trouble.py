"""Errors that nobody expected: each goes to the log with its traceback and is said; none ends the cockpit."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from textual.worker import WorkerFailed

from cockpit.store import Seen, Store

AGAIN_S = 2.0
"""Between the end of a feed that failed and its next start."""
QUIET_S = 10.0
"""The same error is noted once in so long: a pane that cannot be drawn fails with every repaint."""

_LOG = logging.getLogger(__name__)


class Feed(Protocol):
    """A loop that keeps the store fresh."""

    name: str

    def run(self) -> Awaitable[None]:
        """Go on until cancelled."""
        ...


class Trouble:
    """Notes unexpected errors.

    Args:
        say: Puts a sentence on the screen.
        monotonic: Seconds that only grow.
    """

    def __init__(self, say: Callable[[str], None], monotonic: Callable[[], float]) -> None:
        self._say = say
        self._monotonic = monotonic
        self._noted: dict[str, float] = {}
        self._is_saying = False

    def note(self, error: BaseException) -> None:
        """Log it and say it, unless the same was noted a moment ago."""
        cause = cause_of(error)
        now, mark = self._monotonic(), _mark(cause)
        if now - self._noted.get(mark, -QUIET_S) < QUIET_S:
            return
        self._noted[mark] = now
        _LOG.error("unexpected error", exc_info=cause)
        if not self._is_saying:  # the line that says it may be what is broken
            self._is_saying = True
            try:
                self._say(sentence_of(cause))
            finally:
                self._is_saying = False


async def kept_going(feed: Feed, store: Store, note: Callable[[Exception], None], pause_s: float = AGAIN_S) -> None:
    """Run a feed for ever: when it fails, its source says so, keeps its values, and the feed is started again.

    Args:
        note: Gets the error; it may raise it again to let the app end.
    """
    while True:
        try:
            await feed.run()
        except Exception as error:  # noqa: BLE001 - whatever it is, the values on screen stay
            note(error)
            before = store.snapshot.sources.get(feed.name, Seen())
            store.saw(feed.name, Seen(before.at, before.answered, sentence_of(cause_of(error))))
        await asyncio.sleep(pause_s)


def cause_of(error: BaseException) -> BaseException:
    """What went wrong first, without the wrappers of tasks and workers."""
    while True:
        if isinstance(error, WorkerFailed):
            error = error.error
        elif isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        else:
            return error


def sentence_of(error: BaseException) -> str:
    """For the message line."""
    from cockpit.log import FILE  # brings the handlers of log files; a start has no errors to tell

    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return f"Something in the cockpit broke ({said[:120]}); it goes on, and {FILE} has the details."


def _mark(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}:{place}"
