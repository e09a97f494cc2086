"""`cockpit replay` on a terminal. Textual is imported when it is asked for, not before."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.library_settings import without_broken
from cockpit.skeleton import SKELETON
from cockpit.terminal import reach_of, why_no_screen
from factory.errors import Usage

if TYPE_CHECKING:
    from cockpit.cli.call import Call
    from factory.model.source import Source
    from factory.model.status import Status
    from factory.model.view import RunView
    from factory.ports.flight import Flight

NOTICE = ". , one event · > < to a change · ; plays · = marks, then compares · q leaves"


def open_replay(call: Call, flight: Flight, speed: float) -> int:
    """Open a recorded run in the cockpit and return its exit code when the operator leaves.

    Args:
        flight: Open; whoever opened it closes it.
        speed: How many times as fast as it was it plays.

    Raises:
        Usage: a terminal that cannot show a screen.
    """
    if why := why_no_screen():
        raise Usage(why, "Set TERM to what your terminal is.")
    SKELETON.show()
    if call.options.no_color:
        os.environ["NO_COLOR"] = "1"  # Textual asks for it when it is imported
    notice = " ".join(part for part in (NOTICE, without_broken()) if part)
    screen = call.settings.screen
    from cockpit.replay_on_terminal import run_replay
    from cockpit.surroundings import Surroundings
    from widgets.goal_line import Patience

    return run_replay(
        flight=flight,
        read_status=_status_reader(call.home),
        speed=speed,
        evidence_root=call.home / "evidence",
        keys=call.settings.keys,
        notice=notice,
        in_ascii=reach_of("yes" if call.options.ascii_only else screen.ascii, screen.ambiguous),
        theme=screen.theme,
        surroundings=Surroundings(  # no choices to keep, no worktrees to open, no file to watch
            patience=Patience(call.settings.clocks.idle_s, call.settings.clocks.check_s),
            recordings=call.home / "recordings",
        ),
    )


def _status_reader(home: Path) -> Callable[[RunView, Mapping[str, Source], str], Status]:
    def read(view: RunView, sources: Mapping[str, Source], now: str) -> Status:
        from cockpit.first_ports import places_of
        from factory.rules.status import status

        evidence, clone = places_of(home, view.run.id, Path(view.run.repo))
        return status(view, evidence, sources, now, clone)

    return read
