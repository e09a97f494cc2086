"""The cockpit on a terminal. Textual is imported when it is asked for, not before."""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.cli.late_ports import Opening
from cockpit.first_picture import LEDGER, draw_first
from cockpit.library_settings import without_broken
from cockpit.skeleton import SKELETON
from cockpit.terminal import reach_of, why_no_screen
from factory.errors import Usage

if TYPE_CHECKING:
    from cockpit.cli.call import Call
    from cockpit.operations import Operations
    from cockpit.recording import Recording
    from cockpit.sight import Sight
    from factory.model.launch import Launch
    from factory.model.source import Source
    from factory.model.status import Status
    from factory.model.view import RunView
    from factory.ports.clock import Clock


def open_screen(call: Call, draft: Launch | None = None, notice: str = "", cast: Recording | None = None) -> int:
    """Open the cockpit and return its exit code when the operator leaves; runs go on.

    Args:
        draft: The launch form opens with this.
        notice: Said at start.
        cast: Hears everything that is shown.

    Raises:
        Usage: a terminal that cannot show a screen.
    """
    need_screen()
    SKELETON.show()
    first = draw_first(call.home, call.options.ascii_only)
    gc.disable()  # until the first picture has been there for a while
    if call.options.no_color:
        os.environ["NO_COLOR"] = "1"  # Textual asks for it when it is imported
    notice = " ".join(part for part in (notice, without_broken()) if part)
    _settings = call.settings  # a mistake in there is said before the screen opens
    opening = Opening(call)
    if first.found is None and first.held is None:
        opening.open_now()  # makes what is missing, or says what is wrong
    from adapters.engine.presence import Presence
    from cockpit.on_terminal import run_on_terminal

    around = replace(_surroundings(call), cast=cast)
    arguments = arguments_of(call, opening.late, opening.operations, draft=draft, notice=notice, surroundings=around)
    with Presence(call.home):  # a worker does not leave while somebody looks
        return run_on_terminal(home=call.home, drawn=opening.drawn, first=first, **arguments)


def need_screen() -> None:
    """Refuse a terminal that cannot show a screen. Raises `Usage`."""
    if why := why_no_screen():
        raise Usage(why, "Set TERM to what your terminal is, or use a command, such as 'cockpit status'.")


def arguments_of(call: Call, ports: Sight, operations: Operations, **more: Any) -> dict[str, Any]:
    """What a cockpit over the home of a call is made with, as far as `more` does not say otherwise."""
    screen = call.settings.screen
    return {
        "ports": ports,
        "operations": operations,
        "read_status": _status_reader(call.home, ports.clock),
        "evidence_root": call.home / "evidence",
        "keys": call.settings.keys,
        "notify": call.settings.notify.method,
        "in_ascii": reach_of("yes" if call.options.ascii_only else screen.ascii, screen.ambiguous),
        "theme": screen.theme,
        **more,
    }


def _surroundings(call: Call) -> Any:
    from adapters.tmux import Tmux
    from cockpit.config import CONFIG_FILE, load
    from cockpit.kept_choices import NAME
    from cockpit.surroundings import Surroundings
    from widgets.goal_line import Patience

    return Surroundings(
        worktrees=call.home / "worktrees",
        terminal=Tmux(),
        config=call.home / CONFIG_FILE,
        read_keys=lambda: load(call.home).keys,
        ledger=call.home / LEDGER,
        choices=call.home / NAME,
        patience=Patience(call.settings.clocks.idle_s, call.settings.clocks.check_s),
        recordings=call.home / "recordings",
    )


def _status_reader(home: Path, clock: Clock) -> Any:
    def read(view: RunView, sources: Mapping[str, Source]) -> Status:
        from cockpit.first_ports import places_of
        from factory.rules.status import status

        evidence, clone = places_of(home, view.run.id, Path(view.run.repo))
        return status(view, evidence, sources, clock.now(), clone)

    return read
