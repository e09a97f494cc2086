"""Keys in the help are keys in the table are keys that work: every one is pressed, and something can be seen of it."""

from functools import partial
from typing import Any

import pytest
from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.keymap import KEYS, Key, remapped
from cockpit.screens.help import Help, help_entries
from tests.app import sample
from tests.app.driving import ready, screen_text, until
from tests.app.fakes import Desk, NotedOperations, cockpit
from tests.app.walking import close, hurry, press, shows

__all__ = ["hurry"]

MAIN = tuple(key for key in KEYS if key.where in {"anywhere", "goals"})
FREE = "f5"
"""A key that nothing is bound to."""


WIDE = ("pane.", "move.", "view.zoom")
"""Keys of panes side by side; the others do the same at any size, and most sooner at a small one."""
FIRST = {"move.first": "G", "move.up": "j", "move.page_up": "G", "goal.previous": "j", "view.back": "x",
         "pane.goals": "tab", "move.left": "l"}  # fmt: skip
"""What is pressed before, so that a key can make a difference."""


async def stand_where_it_shows(pilot: Pilot[Any], app: CockpitApp, key: Key) -> None:
    """Bring the main screen to where the key can make a difference."""
    await afresh(pilot, app)
    await ready(pilot, sample.RUN)
    if key.id in FIRST:
        await pilot.press(FIRST[key.id])
    app.said = type(app.said)()
    await pilot.pause()


async def afresh(pilot: Pilot[Any], app: CockpitApp) -> None:
    """Back to the main screen as it was at the start."""
    await close(app)
    app.main.remove_class("-filtering")
    if app.main.has_class("-zoomed"):
        app.main.action_zoom()
    app.main.set_focus(app.main.query_one("#goals"))
    await pilot.pause()


async def unseen(keys: dict[str, str], table: dict[str, str]) -> list[str]:
    """Ids of the keys of which nothing can be seen when they are pressed."""
    walked = [key for key in MAIN if key.id != "app.leave" and key.id in table]
    wide = [key for key in walked if key.id.startswith(WIDE)]
    return [
        *await unseen_at((200, 50), keys, table, wide),
        *await unseen_at((80, 24), keys, table, [key for key in walked if key not in wide]),
    ]


async def unseen_at(size: tuple[int, int], keys: dict[str, str], table: dict[str, str], walked: list[Key]) -> list[str]:
    """Those of these keys of which nothing can be seen at this size."""
    dumb: list[str] = []
    app = cockpit(keys=keys)
    async with app.run_test(size=size) as pilot:
        for key in walked:
            for part in table[key.id].split(","):
                if not await shows(pilot, app, part, partial(stand_where_it_shows, pilot, app, key)):
                    dumb.append(f"{part} ({key.id})")
    return dumb


@pytest.mark.usefixtures("hurry")
async def test_every_key_does_something_or_says_why_not() -> None:
    assert await unseen({}, {key.id: key.keys for key in MAIN}) == []


@pytest.mark.parametrize("pressed", ["q", "ctrl+q"])
async def test_leaving_leaves(pressed: str) -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press(pressed)
        await pilot.pause()
        assert app._exit


@pytest.mark.usefixtures("hurry")
async def test_remapped_keys_move_with_the_table() -> None:
    verbs = [key for key in MAIN if key.is_verb or key.id.startswith(("list.", "run."))]
    keys = {key.id: f"f{number}" for number, key in enumerate(verbs, 2)}
    assert await unseen(keys, keys) == []


@pytest.mark.parametrize("key", MAIN, ids=lambda key: key.id)
def test_the_help_shows_the_key_that_holds(key: Key) -> None:
    table = remapped({key.id: FREE})
    shown = [entry for entry, _ in help_entries(table) if entry]
    assert [entry.keys for entry in shown if entry.id == key.id] == [FREE]


async def test_typing_in_the_help_searches_and_enter_presses_the_key_below() -> None:
    app = cockpit()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, sample.RUN)
        await pilot.press("question_mark", *"mark the goal")
        await pilot.pause()
        assert "Mark the goal" in screen_text(app)
        assert "Pause the goal" not in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: app.choices.marked)
    assert app.choices.marked == {sample.RUN}


async def test_a_key_of_another_place_is_named_and_not_pressed() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        await pilot.press("question_mark", *"reject", "enter")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        assert "works elsewhere: on the review card" in app.said.text
    assert not operations.asked


async def test_the_help_says_so_when_no_key_fits_and_closes_with_the_key_that_opened_it() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("question_mark", *"zzzz")
        await pilot.pause()
        assert "No key does that" in screen_text(app)
        await pilot.press("enter")
        assert isinstance(app.screen, Help)
        await pilot.press("question_mark")
        await until(pilot, lambda: len(app.screen_stack) == 1)


async def test_the_cursor_of_the_help_stands_on_keys_only() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, Help))
        await pilot.pause()
        help_screen = app.screen
        assert isinstance(help_screen, Help)
        pane = help_screen.query_one("#help", expect_type=type(help_screen.query_one("#help")))
        visited = []
        for pressed in ("up", *["down"] * 40, "pageup", "pageup", "pageup", "up"):
            await pilot.press(pressed)
            visited.append(help_screen._entries[pane.cursor][0])  # type: ignore[attr-defined]
    assert all(visited)


@pytest.mark.usefixtures("hurry")
async def test_no_verb_does_anything_with_one_key() -> None:
    operations = NotedOperations()
    app = cockpit(Desk(), operations)
    async with app.run_test(size=(80, 24)) as pilot:
        for row in sample.ROWS:
            for key in MAIN:
                if key.is_verb:
                    await afresh(pilot, app)
                    await ready(pilot, row.id)
                    await press(pilot, app, key.keys.split(",")[0])
    assert {name for name, *_ in operations.asked} <= {"review"}
