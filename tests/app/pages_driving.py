"""How tests come to a page and read it."""

from typing import Any

from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.screens.page import Page
from tests.app import sample
from tests.app.driving import ready, screen_text, settled, until


async def shows(pilot: Pilot[Any], *words: str) -> None:
    """Wait until all of these words are on screen."""
    app = pilot.app
    assert isinstance(app, CockpitApp)
    try:
        await until(pilot, lambda: all(word in screen_text(app) for word in words))
    except AssertionError:
        raise AssertionError(f"{words} not in:\n{screen_text(app)}") from None


async def open_part(pilot: Pilot[Any], part: str) -> Page:
    """The page of one part of the sample's goal."""
    await ready(pilot, sample.RUN)
    app = pilot.app
    await app.screen.run_action(f"page_of('{part}')")
    await until(pilot, lambda: isinstance(app.screen, Page))
    await settled(pilot)
    page = app.screen
    assert isinstance(page, Page)
    return page
