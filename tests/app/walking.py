"""Walks of the key table: one cockpit for many keys, and as little drawn in between as shows what a key did."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import product
from typing import Any

import pytest
from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.choices import Choices
from tests.app.driving import screen_text, settled, until


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pilot wait for every message that is queued, and not for an idle processor: 60 ms a key and more."""

    async def turn(min_sleep: float = 0, max_sleep: float = 0) -> None:
        await asyncio.sleep(0)

    for place in ("textual.app", "textual.pilot"):
        monkeypatch.setattr(f"{place}.wait_for_idle", turn)


async def shows(pilot: Pilot[Any], app: CockpitApp, pressed: str, stand: Callable[[], Awaitable[None]]) -> bool:
    """Whether anything can be seen of a key. Only where nothing else tells, the whole screen is read before and after.

    Args:
        stand: Brings the screen to where the key can make a difference.
    """
    await stand()
    before = told(app)
    await press(pilot, app, pressed)
    if told(app) != before:
        return True
    await stand()
    before_text = screen_text(app)
    await press(pilot, app, pressed)
    return told(app) != before or screen_text(app) != before_text


def told(app: CockpitApp) -> tuple[object, ...]:
    """What an operator can see, or hear of, without reading the screen."""
    return (
        len(app.screen_stack), app.said, app.choices, app.deeds, app.has_mouse, app.focused, app.clipboard,
        app.is_running and not app._exit, app.store.snapshot.wanted, getattr(app.screen, "_first", ""),
    )  # fmt: skip


async def press(pilot: Pilot[Any], app: CockpitApp, pressed: str) -> None:
    """Press a key and wait until it has come to an end, or to a question."""
    height = len(app.screen_stack)
    await pilot.press(pressed)
    await until(pilot, lambda: app._ahead._opener is None and app.screen.is_mounted)
    if len(app.screen_stack) <= height:
        await settled(pilot)


async def close(app: CockpitApp, height: int = 1) -> None:
    """Close what lies on the lowest screens, and forget what was chosen and said."""
    while len(app.screen_stack) > height:
        await app.pop_screen()
    for screen, group in product(app.screen_stack, ("verb", "menu")):
        app.workers.cancel_group(screen, group)
    app.choices, app.deeds, app._exit = Choices(), (), False
    app.said = type(app.said)()
