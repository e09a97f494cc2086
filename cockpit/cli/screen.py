"""The cockpit on a terminal, and pictures of it. Textual is imported when one of them is asked for, not before."""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.cli.late_ports import Opening
from cockpit.first_picture import LEDGER, draw_first
from cockpit.library_settings import without_broken
from cockpit.skeleton import SKELETON
from cockpit.terminal import reach_of, why_no_screen
from factory.errors import Usage

if TYPE_CHECKING:
    from cockpit.app import CockpitApp
    from cockpit.cli.call import Call
    from cockpit.operations import Operations
    from factory.model.launch import Launch
    from factory.model.source import Source
    from factory.model.status import Status
    from factory.model.view import RunView
    from factory.ports.bundle import Ports
    from factory.ports.clock import Clock

SIZES = ((80, 24), (200, 50))
"""Columns and lines of the two designed sizes."""
FIRST_LOOK_S = 10.0


def open_screen(call: Call, draft: Launch | None = None, notice: str = "") -> int:
    """Open the cockpit and return its exit code when the operator leaves; runs go on.

    Args:
        draft: The launch form opens with this.
        notice: Said at start.

    Raises:
        Usage: a terminal that cannot show a screen.
    """
    if why := why_no_screen():
        raise Usage(why, "Set TERM to what your terminal is, or use a command, such as 'cockpit status'.")
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

    arguments = _arguments(call, opening.late, opening.operations, draft=draft, notice=notice)
    with Presence(call.home):  # a worker does not leave while somebody looks
        return run_on_terminal(home=call.home, drawn=opening.drawn, first=first, **arguments)


def draw_screens(call: Call, folder: Path) -> tuple[Path, ...]:
    """Write one SVG for each designed size into a folder, which is made when it is missing. Returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    without_broken()
    return tuple(asyncio.run(_draw(call, folder, size)) for size in SIZES)


async def _draw(call: Call, folder: Path, size: tuple[int, int]) -> Path:
    from cockpit.app import CockpitApp
    from cockpit.bound_operations import BoundOperations
    from cockpit.surroundings import Surroundings

    alone = Surroundings()  # a picture is of the ledger, and not of what somebody marked
    app = CockpitApp(**_arguments(call, call.ports, BoundOperations(call.ports), surroundings=alone))
    file = folder / f"cockpit-{size[0]}x{size[1]}.svg"
    async with app.run_test(size=size) as pilot:
        await _first_look(app)
        await pilot.pause()
        file.write_text(app.export_screenshot(), encoding="utf-8")
    return file


async def _first_look(app: CockpitApp) -> None:
    """Wait until the ledger has been read, or will not be."""
    deadline = time.monotonic() + FIRST_LOOK_S
    while "ledger" not in app.store.snapshot.sources and time.monotonic() < deadline:  # noqa: ASYNC110 - no event
        await asyncio.sleep(0.05)


def _arguments(call: Call, ports: Ports, operations: Operations, **more: Any) -> dict[str, Any]:
    screen = call.settings.screen
    return {
        "ports": ports,
        "operations": operations,
        "read_status": _status_reader(call.home, ports.clock),
        "evidence_root": call.home / "evidence",
        "keys": call.settings.keys,
        "surroundings": _surroundings(call),
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
