"""A recording on the screens of the cockpit. Textual is imported when it is asked for, not before."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cockpit.first_lines import Facts, first_rows, written
from cockpit.kept_colours import read_kept
from cockpit.library_settings import without_broken
from cockpit.player import Player
from cockpit.screens.layouts import too_small
from cockpit.skeleton import SKELETON
from cockpit.terminal import reach_of, why_no_screen
from factory.errors import Usage
from widgets.replay import replay_line

if TYPE_CHECKING:
    from cockpit.cli.call import Call
    from cockpit.cli.recordings import Recording
    from factory.model.source import Source
    from factory.model.status import Status
    from factory.model.view import RunView
    from factory.ports.flight import Flight


def open_replay(call: Call, recording: Recording, speed: float, rest: Callable[[], str]) -> int:
    """Open the cockpit on a recording and return its exit code when the operator leaves.

    Args:
        speed: How many times as fast as it happened it plays.
        rest: Reads what the first picture does not need; called in a thread, once that is there. What it answers is
            said on the screen; empty = nothing.

    Raises:
        Usage: a terminal that cannot show a screen.
    """
    if why := why_no_screen():
        raise Usage(why, "Set TERM to what your terminal is, or see one moment: cockpit replay RUN --at SEQ")
    SKELETON.show()
    if call.options.no_color:
        os.environ["NO_COLOR"] = "1"  # Textual asks for it when it is imported
    _draw_first(call, recording.flight.ledger, speed)
    gc.disable()  # until the first picture has been there for a while
    notice = without_broken()
    arguments = _arguments(call, recording)  # a mistake in the settings is said before the screen opens
    from cockpit.replay_on_terminal import run_replay

    return run_replay(speed=speed, notice=notice, rest=rest, **arguments)


def _draw_first(call: Call, ledger: Flight, speed: float) -> None:
    """Draw where the recording stands before the screen library is imported, if somebody waits at a terminal."""
    if not SKELETON.is_waiting:
        return
    strip = Player(ledger.moments, ledger.place, speed, time.monotonic, ledger.at).strip()
    columns, lines = SKELETON.size
    facts = Facts(ledger.rows(), "all", "", ledger.at, replay_line(strip, "", "", columns))
    if too_small(columns, lines):
        return
    reach = reach_of("yes" if call.options.ascii_only else "auto", "auto")
    SKELETON.fill(written(first_rows(facts, columns, lines), read_kept(str(call.home)), reach))


def _arguments(call: Call, recording: Recording) -> dict[str, Any]:
    from cockpit.surroundings import Surroundings
    from widgets.goal_line import Patience

    flight, settings = recording.flight, call.settings
    return {
        "flight": flight.ledger,
        "evidence": flight.evidence,
        "read_status": _status_reader(str(flight.evidence), recording.clone),
        "keys": settings.keys,
        "in_ascii": reach_of("yes" if call.options.ascii_only else settings.screen.ascii, settings.screen.ambiguous),
        "theme": settings.screen.theme,
        # No choices to keep, no worktrees to open, no file to watch.
        "surroundings": Surroundings(
            patience=Patience(settings.clocks.idle_s, settings.clocks.check_s), recordings=call.home / "recordings"
        ),
    }


def _status_reader(evidence: str, clone: str) -> Callable[[RunView, Mapping[str, Source], str], Status]:
    def read(view: RunView, sources: Mapping[str, Source], now: str) -> Status:
        from factory.rules.status import status

        return status(view, evidence, sources, now, clone)

    return read
