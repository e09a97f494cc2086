"""Driving a cockpit in tests: waiting for what a thread brings, reading what is on screen."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.screens.output_tail import OutputTail
from cockpit.store import FEEDS

DEADLINE_S = 60.0
"""Longer than anything takes here; a busy machine is not a defect."""


async def until(pilot: Pilot[Any], condition: Callable[[], object]) -> None:
    """Wait until a condition holds and is on screen; fails when it does not in time."""
    deadline = time.monotonic() + DEADLINE_S
    while not (condition() and getattr(pilot.app, "is_drawn", True)):
        assert time.monotonic() < deadline, _what_is_there(pilot.app)
        await pilot.pause()
        await asyncio.sleep(0)
    await pilot.pause()


def _what_is_there(app: Any) -> str:
    sources = app.store.snapshot.sources if isinstance(app, CockpitApp) else {}
    return f"it never happened; drawn: {getattr(app, 'is_drawn', True)}; {dict(sources)}\n{screen_text(app)}"


async def drawn(pilot: Pilot[Any]) -> None:
    """Wait until what the store has is on screen; on a busy machine a pause alone is too short."""
    await until(pilot, lambda: True)


async def ready(pilot: Pilot[Any], run: str = "") -> None:
    """Wait until the selected goal is on screen; with `run`, select that one."""
    app = pilot.app
    assert isinstance(app, CockpitApp)
    await until(pilot, lambda: app.store.snapshot.selected_status and set(FEEDS) <= set(app.store.snapshot.sources))
    if run:
        app.go_to(run)
        await until(pilot, lambda: _shows(app, run))


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until everything that was asked of the factory has come back; the feeds go on."""
    await until(pilot, lambda: not [worker for worker in pilot.app.workers if worker.group != "feed"])


async def left_alone(pilot: Pilot[Any], run: str = "") -> None:
    """Wait until all is drawn, and let no feed bring back what a test then changes in the store, or draw beside it."""
    await ready(pilot, run)
    await settled(pilot)
    output = pilot.app.screen.query_one(OutputTail)
    await until(pilot, lambda: output.is_read)
    feeds = [worker for worker in pilot.app.workers if worker.group == "feed"]
    for feed in feeds:
        feed.cancel()
    await until(pilot, lambda: all(feed.is_finished for feed in feeds))


def _shows(app: CockpitApp, run: str) -> bool:
    view = app.store.snapshot.selected_view
    return view is not None and view.run.id == run and app.main.query_one(OutputTail).is_read


def screen_text(app: CockpitApp) -> str:
    """Everything on screen, line by line."""
    lines = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in line) for line in lines)
