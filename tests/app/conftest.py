"""How a pilot waits: for what was asked of the screen, by its queues, and not for a processor that seems idle."""

import time
from collections.abc import Iterable
from typing import Any

import textual._wait
from textual.app import App
from textual.message_pump import MessagePump
from textual.pilot import Pilot

import cockpit.type_ahead

# Textual calls a process idle after 20 ms without work, and each key waits for that twice. This is still longer than
# the cockpit puts anything off that a key asks for: what comes then is waited for.
textual._wait.SLEEP_GRANULARITY = 0.01

# A busy machine is no disk that does not answer: what is typed waits for what opens, however long that takes.
cockpit.type_ahead.LONGEST_S = 30.0

QUIET_TURNS = 2
"""One finds every queue empty, and the next one that no handler was in the middle of something."""

_wait_for_screen = Pilot._wait_for_screen
_press_keys = App._press_keys


async def _until_quiet(pilot: Pilot[Any], timeout: float = 30.0) -> bool:  # noqa: ASYNC109 - the name is Textual's
    """Wait until the app and its screen have nothing to do, and what a key opens is open; false as Textual's own.

    On a busy machine the process seems idle while a key is still on its way through the queues.
    """
    deadline, quiet = time.monotonic() + timeout, 0
    while quiet < QUIET_TURNS and time.monotonic() < deadline:
        if not await _wait_for_screen(pilot, timeout):
            return False
        quiet = quiet + 1 if _is_quiet(pilot.app) else 0
    return True


def _is_quiet(app: App[Any]) -> bool:
    ahead = getattr(app, "_ahead", None)
    pumps: list[MessagePump] = [app, *app.screen.walk_children(with_self=True)]
    return (ahead is None or ahead._opener is None) and all(pump._message_queue.empty() for pump in pumps)


async def _one_after_the_other(app: App[Any], keys: Iterable[str]) -> None:
    """Press each key when the one before has come to its end: a yes for a question that is not there yet is dropped."""
    for key in keys:
        await _press_keys(app, (key,))
        await _until_quiet(Pilot(app))


App._press_keys = _one_after_the_other  # type: ignore[method-assign, assignment]
