"""Keys in the help are keys in the table are keys that work: every one is pressed, and something can be seen of it."""

from typing import Any

import pytest
from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.choices import Choices
from cockpit.keymap import KEYS, Key, remapped
from cockpit.screens.help import Help, help_entries
from tests.app import sample
from tests.app.driving import ready, screen_text, settled, until
from tests.app.fakes import Desk, NotedOperations, cockpit

MAIN = tuple(key for key in KEYS if key.where in {"anywhere", "goals"})
FREE = "f5"
"""A key that nothing is bound to."""


def seen(app: CockpitApp) -> tuple[object, ...]:
    """What an operator can see, or hear of, that a key changed."""
    return (
        screen_text(app), len(app.screen_stack), app.said, app.choices, app.deeds, app.has_mouse, app.focused,
        app.clipboard, app.is_running and not app._exit, app.store.snapshot.wanted,
    )  # fmt: skip


async def stand_where_it_shows(pilot: Pilot[Any], app: CockpitApp, key: Key) -> None:
    """Bring the screen to where the key can make a difference."""
    await ready(pilot, sample.RUN)
    for id, first in {"move.first": "G", "move.up": "j", "move.page_up": "G", "goal.previous": "j", "view.back": "x",
                      "pane.goals": "tab", "move.left": "l"}.items():  # fmt: skip
        if key.id == id:
            await pilot.press(first)
    app.said = type(app.said)()
    await pilot.pause()


async def press_and_look(pilot: Pilot[Any], app: CockpitApp, pressed: str) -> bool:
    """Whether anything can be seen of a key."""
    before = seen(app)
    await pilot.press(pressed)
    await settled_or_asking(pilot, app)
    return seen(app) != before


async def settled_or_asking(pilot: Pilot[Any], app: CockpitApp) -> None:
    """Wait until the key has come to an end, or to a question."""
    for _ in range(5):
        await pilot.pause()
    if len(app.screen_stack) == 1:
        await settled(pilot)


async def afresh(pilot: Pilot[Any], app: CockpitApp) -> None:
    """Back to the main screen as it was at the start."""
    while len(app.screen_stack) > 1:
        await app.pop_screen()
    for group in ("verb", "menu"):
        app.workers.cancel_group(app.main, group)
    app.choices, app.deeds, app._exit = Choices(), (), False
    app.main.remove_class("-filtering")
    if app.main.has_class("-zoomed"):
        app.main.action_zoom()
    app.main.set_focus(app.main.query_one("#goals"))
    await pilot.pause()


async def unseen(keys: dict[str, str], table: dict[str, str]) -> list[str]:
    """Ids of the keys of which nothing can be seen when they are pressed."""
    dumb: list[str] = []
    app = cockpit(keys=keys)
    async with app.run_test(size=(200, 50)) as pilot:
        for key in MAIN:
            if key.id == "app.leave" or key.id not in table:
                continue
            for part in table[key.id].split(","):
                await afresh(pilot, app)
                await stand_where_it_shows(pilot, app, key)
                if not await press_and_look(pilot, app, part):
                    dumb.append(f"{part} ({key.id})")
    return dumb


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


async def test_no_verb_does_anything_with_one_key() -> None:
    operations = NotedOperations()
    app = cockpit(Desk(), operations)
    async with app.run_test(size=(80, 24)) as pilot:
        for row in sample.ROWS:
            for key in MAIN:
                if key.is_verb:
                    await afresh(pilot, app)
                    await ready(pilot, row.id)
                    await press_and_look(pilot, app, key.keys.split(",")[0])
    assert {name for name, *_ in operations.asked} <= {"review"}
