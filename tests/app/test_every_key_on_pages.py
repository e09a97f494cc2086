"""The walk of the key table on the pages: every key does something there too, or says why not."""

from functools import partial
from typing import Any

import pytest
from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.commands import PAGES
from cockpit.keymap import KEYS, Key
from cockpit.screens.page import Page
from tests.app import sample
from tests.app.driving import ready, until
from tests.app.fakes import NotedOperations, cockpit
from tests.app.walking import close, hurry, shows

__all__ = ["hurry"]

ON_PAGES = tuple(key for key in KEYS if key.where in {"anywhere", "goals", "page"} and key.id != "app.leave")
THERE = {
    "move.down", "move.up", "move.page_down", "move.page_up", "move.first", "move.last",
    "move.left", "move.right", "pane.next", "pane.previous",
}  # fmt: skip
"""Keys that move: on a page that is all on screen, there is nowhere to go."""


async def open_page(pilot: Pilot[Any], app: CockpitApp, part: str) -> None:
    """Back to the page as it was opened, with nothing chosen and nothing said; what is there already stays."""
    page = app.screen_stack[1] if len(app.screen_stack) > 1 else None
    await close(app, 2 if isinstance(page, Page) else 1)
    if not isinstance(page, Page):
        await app.main.action_page_of(part)
    elif page._first != part or len(page._parts) > 1 or page.is_searching:
        await page.action_page_of(part)
    await until(pilot, lambda: isinstance(app.screen, Page) and not app.screen._is_working)
    app.said = type(app.said)()


@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize("first", [0, 4])
async def test_every_key_does_something_on_a_page_or_says_why_not(first: int) -> None:
    """Each key on two of the pages: all keys on all of them would take minutes."""
    app = cockpit()
    dumb: list[str] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, sample.RUN)
        for number, key in enumerate(ON_PAGES, first):
            part = PAGES[number % len(PAGES)][0]
            if key.id in THERE or opens_itself(key, part):
                continue
            if not await shows(pilot, app, key.keys.split(",")[0], partial(open_page, pilot, app, part)):
                dumb.append(f"{key.id} on {part}")
        assert not app._exit
    assert dumb == []


def opens_itself(key: Key, part: str) -> bool:
    """Whether the key opens the very page that is open, or what is not on disk here, which looks the same."""
    return key.action in {f"page_of('{part}')", f"pane('{part}')"} or key.action == "open"


@pytest.mark.parametrize("pressed", ["q", "ctrl+q", "escape"])
async def test_leaving_a_page_leaves_the_page_only(pressed: str) -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        await open_page(pilot, app, "evidence")
        await pilot.press(pressed)
        await until(pilot, lambda: len(app.screen_stack) == 1)
        assert not app._exit


@pytest.mark.parametrize("opener", ["colon", "question_mark", "n", "i", "X", "space", "s", "a"])
async def test_ctrl_q_closes_what_is_on_top_and_nothing_else(opener: str) -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        await pilot.press(opener)
        await until(pilot, lambda: len(app.screen_stack) == 2)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        assert not app._exit
    assert not operations.done("cancel")


async def test_keys_that_move_move_on_a_page_that_is_longer_than_the_screen() -> None:
    app = cockpit()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, sample.RUN)
        await open_page(pilot, app, "run")
        text = app.screen.query_one("#page")
        places = []
        for pressed in ("j", "k", "pagedown", "pageup", "G", "g", "end", "home"):
            await pilot.press(pressed)
            await pilot.pause()
            places.append(text.scroll_offset.y)
    down, up, page, back, last, first, end, home = places
    assert 0 == up < down < page < last
    assert back == first == home == 0
    assert end == last
