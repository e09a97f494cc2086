"""`cockpit screenshot`: the cockpit as it is at one moment. The same ledger at the same moment is the same bytes."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.cli.screen import arguments_of
from cockpit.library_settings import without_broken

if TYPE_CHECKING:
    from cockpit.app import CockpitApp
    from cockpit.cli.call import Call
    from factory.ports.clock import Clock
    from factory.ports.ledger import Ledger
    from factory.ports.worker import Workers, WorkerState

SIZES = ((80, 24), (200, 50))
"""Columns and lines of the two designed sizes."""
FIRST_LOOK_S = 10.0
LOOKED = {"ledger", "worker", "evidence"}
"""Feeds whose first look is waited for."""


@dataclass(frozen=True)
class Moment:
    """A clock that stands still."""

    at: str
    """UTC."""

    def now(self) -> str:
        """The moment."""
        return self.at

    def new_id(self, prefix: str) -> str:
        """Nothing new comes about in a picture."""
        raise NotImplementedError(prefix)


@dataclass(frozen=True)
class Untouched:
    """Workers that are looked at; a picture starts none."""

    workers: Workers

    def ensure(self) -> WorkerState:
        """What is there."""
        return self.workers.state()

    def state(self) -> WorkerState:
        """What is there."""
        return self.workers.state()

    def stop(self) -> bool:
        """Nothing stops."""
        return False


@dataclass(frozen=True)
class Still:
    """`Sight` of a home at one moment."""

    clock: Clock
    ledger: Ledger
    workers: Workers


def draw_screens(call: Call, folder: Path) -> tuple[Path, ...]:
    """Write one SVG for each designed size into a folder, which is made when it is missing. Returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    without_broken()
    return tuple(asyncio.run(_draw(call, folder, size)) for size in SIZES)


async def _draw(call: Call, folder: Path, size: tuple[int, int]) -> Path:
    from cockpit.app import CockpitApp
    from cockpit.bound_operations import BoundOperations
    from cockpit.surroundings import Surroundings

    still = Still(Moment(call.ports.clock.now()), call.ports.ledger, Untouched(call.ports.workers))
    second = time.monotonic()
    alone = Surroundings()  # a picture is of the ledger, and not of what somebody marked
    arguments = arguments_of(call, still, BoundOperations(call.ports), surroundings=alone, monotonic=lambda: second)
    app = CockpitApp(**arguments)
    file = folder / f"cockpit-{size[0]}x{size[1]}.svg"
    async with app.run_test(size=size) as pilot:
        await _first_look(app)
        await pilot.pause()
        file.write_text(re.sub(r"\bterminal-\d+-", "terminal-", app.export_screenshot()), encoding="utf-8")
    return file


async def _first_look(app: CockpitApp) -> None:
    """Wait until every feed has looked, or will not, and what was found is on screen."""
    deadline = time.monotonic() + FIRST_LOOK_S
    while not _has_looked(app) and time.monotonic() < deadline:  # noqa: ASYNC110 - no event
        await asyncio.sleep(0.02)


def _has_looked(app: CockpitApp) -> bool:
    snapshot = app.store.snapshot
    is_read = snapshot.selected_view is not None or not snapshot.wanted
    return set(snapshot.sources) >= LOOKED and is_read and app.is_drawn
