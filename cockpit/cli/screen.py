"""The cockpit on a terminal, and pictures of it. Textual is imported when one of them is asked for, not before."""

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.cli.call import Call
from factory.model.launch import Launch
from factory.model.status import Source, Status
from factory.model.view import RunView
from factory.ports.bundle import Ports

if TYPE_CHECKING:
    from cockpit.app import CockpitApp

SIZES = ((80, 24), (200, 50))
"""Columns and lines of the two designed sizes."""
FIRST_LOOK_S = 10.0


def has_terminal() -> bool:
    """Whether there is somebody to look at a screen and to press keys."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def open_screen(call: Call, draft: Launch | None = None, notice: str = "") -> int:
    """Open the cockpit and return its exit code when the operator leaves; runs go on.

    Args:
        draft: The launch form opens with this.
        notice: Said at start.
    """
    from adapters.engine.presence import Presence

    if call.options.no_color:
        os.environ["NO_COLOR"] = "1"  # Textual asks for it when it is imported
    arguments = _arguments(call, draft=draft, notice=notice)
    from cockpit.app import run_app

    with Presence(call.home):  # a worker does not leave while somebody looks
        return run_app(**arguments)


def draw_screens(call: Call, folder: Path) -> tuple[Path, ...]:
    """Write one SVG for each designed size into a folder, which is made when it is missing. Returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(asyncio.run(_draw(call, folder, size)) for size in SIZES)


async def _draw(call: Call, folder: Path, size: tuple[int, int]) -> Path:
    from cockpit.app import CockpitApp

    app = CockpitApp(**_arguments(call))
    file = folder / f"cockpit-{size[0]}x{size[1]}.svg"
    async with app.run_test(size=size) as pilot:
        await _first_look(app)
        await pilot.pause()
        file.write_text(app.export_screenshot(), encoding="utf-8")
    return file


async def _first_look(app: "CockpitApp") -> None:
    """Wait until the ledger has been read, or will not be."""
    deadline = time.monotonic() + FIRST_LOOK_S
    while "ledger" not in app.store.snapshot.sources and time.monotonic() < deadline:  # noqa: ASYNC110 - no event
        await asyncio.sleep(0.05)


def _arguments(call: Call, **more: Any) -> dict[str, Any]:
    from cockpit.bound_operations import BoundOperations

    ports = call.ports
    return {
        "ports": ports,
        "operations": BoundOperations(ports),
        "read_status": _status_reader(ports),
        "evidence_root": call.home / "evidence",
        "keys": call.settings.keys,
        "notify": call.settings.notify.method,
        "ascii_only": not (sys.stdout.encoding or "").lower().startswith("utf"),
        **more,
    }


def _status_reader(ports: Ports) -> Any:
    from factory.rules.status import status

    def read(view: RunView, sources: Mapping[str, Source]) -> Status:
        root = str(ports.evidence.root(view.run.id))
        clone = str(ports.workspace.clone_path(Path(view.run.repo)))
        return status(view, root, sources, ports.clock.now(), clone)

    return read
