"""What is typed in one burst goes where the first key leads, and never acts on the screen below."""

import asyncio
import time
from typing import Any

import pytest
from textual.command import CommandList, CommandPalette
from textual.events import Key, Paste
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from cockpit.app import CockpitApp
from cockpit.screens.ask import Ask
from cockpit.screens.confirm import Confirm
from cockpit.screens.help import Help
from cockpit.screens.launch import LaunchForm
from cockpit.screens.page import Page
from cockpit.screens.review import Review
from cockpit.type_ahead import LONGEST_S
from tests.app import sample
from tests.app.driving import ready, screen_text, settled, until
from tests.app.fakes import NotedOperations, cockpit

RUNNING, WAITING, STALLED, PAUSED, DONE = (row.id for row in sample.ROWS)
NAMES = {"enter": "\r", "escape": "\x1b", "tab": "\t"}


def burst(app: CockpitApp, *typed: str) -> None:
    """All of it at once, as a fast typist or `tmux send-keys` does; names of keys, or texts."""
    for part in typed:
        for key in [part] if part in NAMES else part:
            app.post_message(Key(part if part in NAMES else _character_to_key(key), NAMES.get(part, key)))


async def quiet(pilot: Pilot[Any], app: CockpitApp) -> None:
    """Wait until every key of a burst has come to its end."""
    await until(pilot, lambda: app._ahead._opener is None and not app._ahead._waiting)


@pytest.mark.parametrize("opener", ["colon", "slash", "n", "i", "plus", "question_mark"])
async def test_a_word_typed_right_after_the_key_stands_in_the_field(opener: str) -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, RUNNING)
        app.post_message(Key(opener, None))
        burst(app, "planted rXpq")
        await until(pilot, lambda: isinstance(app.focused, Input | TextArea))
        await until(pilot, lambda: text_of(app) == "planted rXpq")
        await quiet(pilot, app)
        assert len(app.screen_stack) == (1 if opener == "slash" else 2)
        assert app.choices.marked == frozenset()
    assert {name for name, *_ in operations.asked} <= {"preview", "recent", "requests"}


def text_of(app: CockpitApp) -> str:
    """What stands in the field with the focus."""
    field = app.focused
    return field.text if isinstance(field, TextArea) else field.value if isinstance(field, Input) else ""


async def test_an_instruction_and_its_enter_are_one_burst() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, RUNNING)
        burst(app, "i", "keep the api", "enter")
        await until(pilot, lambda: operations.asked)
        await settled(pilot)
    assert operations.asked == [("instruct", RUNNING, "keep the api")]


async def test_pasted_text_waits_for_the_form_too() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        burst(app, "n")
        app.post_message(Paste("a goal from elsewhere"))
        burst(app, "!")
        await until(pilot, lambda: text_of(app) == "a goal from elsewhere!")


@pytest.mark.parametrize("typed", [("i", "please stop", "enter"), ("a", "pXr"), ("r", "y"), ("v", "y")])
async def test_what_follows_a_key_that_opens_nothing_is_dropped(typed: tuple[str, ...]) -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, DONE)
        burst(app, *typed)
        await until(pilot, lambda: app.said.text)
        await quiet(pilot, app)
        await settled(pilot)
        assert len(app.screen_stack) == 1
        assert "3f9j is done" in app.said.text
        await pilot.press("g")
        assert app.store.snapshot.wanted == RUNNING, "keys work again"
    assert operations.asked == []


@pytest.mark.parametrize("key", ["a", "r", "v", "X"])
async def test_a_key_typed_when_the_refusal_can_be_read_is_not_lost(key: str) -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot, DONE)
        burst(app, key)
        while "3f9j is done" not in screen_text(app):  # noqa: ASYNC110 - a pause would see the key to its end
            await asyncio.sleep(0)
        burst(app, "g")
        await until(pilot, lambda: app.store.snapshot.wanted == RUNNING)


async def test_a_machine_that_stands_still_while_something_opens_loses_no_letter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def late(part: str) -> Page:
        time.sleep(1.5 * LONGEST_S)  # the whole process: nothing else runs meanwhile
        return Page(part)

    monkeypatch.setattr("cockpit.screens.opening.page", late)
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        burst(app, "d", "/", "pXr")
        await until(pilot, lambda: isinstance(app.screen, Page) and text_of(app) == "pXr")


@pytest.mark.parametrize("key", ["X", "p", "v", "r"])
async def test_a_yes_typed_before_the_question_could_be_read_is_no_answer(key: str) -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, STALLED)
        burst(app, key, "y", "enter", "y")
        await quiet(pilot, app)
        assert operations.asked == []
        if isinstance(app.screen, Confirm):
            await pilot.press("y")
            await settled(pilot)
    assert len(operations.asked) == (0 if key == "v" else 1)


async def test_a_batch_takes_no_yes_from_before_it_was_there() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, RUNNING)
        app.choose("", marked=frozenset({RUNNING, PAUSED}))
        burst(app, "X", "yyy")
        await quiet(pilot, app)
        assert len(app.screen_stack) == 2
    assert operations.asked == []


async def test_a_code_typed_before_the_card_is_armed_approves_nothing_and_acts_on_nothing_else() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        burst(app, "a", sample.DIGEST[:4], "enter", "pXr", "y", "enter")
        await until(pilot, lambda: isinstance(app.screen, Review) and app.screen._guard)
        await quiet(pilot, app)
        assert len(app.screen_stack) == 2
        guard = app.screen._guard  # type: ignore[attr-defined]
        assert guard.typed == ""
    assert operations.asked == [("review", sample.RUN)]


async def test_one_burst_goes_through_several_screens() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        burst(app, "d", "/", "pXr")
        await until(pilot, lambda: isinstance(app.screen, Page) and text_of(app) == "pXr")
        await quiet(pilot, app)
        assert len(app.screen_stack) == 2


async def test_keys_after_a_page_go_to_the_page() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        burst(app, "e", "G")
        await until(pilot, lambda: isinstance(app.screen, Page))
        await quiet(pilot, app)
        assert app.store.snapshot.wanted == sample.RUN, "G did not move the list below"


async def test_a_letter_in_a_field_opens_nothing_and_holds_nothing() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        burst(app, "n", "i/n:?")
        await until(pilot, lambda: text_of(app) == "i/n:?")
        assert isinstance(app.screen, LaunchForm)
        await pilot.press("escape", "i")
        await until(pilot, lambda: isinstance(app.screen, Ask))


async def test_the_palette_runs_nothing_but_what_was_typed() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        burst(app, ":", "go to 7c4m", "enter")
        await quiet(pilot, app)
        await until(pilot, lambda: app.store.snapshot.wanted == STALLED or is_found(app, "go to 7c4m"))
        if isinstance(app.screen, CommandPalette):  # enter came before there was anything that it could be for
            await pilot.press("enter")
        await until(pilot, lambda: app.store.snapshot.wanted == STALLED)


def is_found(app: CockpitApp, name: str) -> bool:
    """Whether the palette would run the command of that name."""
    if not isinstance(app.screen, CommandPalette):
        return False
    found = app.screen.query_one(CommandList).highlighted_option
    return found is not None and name in str(found.prompt)


async def test_the_help_opens_once_for_two_question_marks() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        burst(app, "??")
        await quiet(pilot, app)
        await until(pilot, lambda: not isinstance(app.screen, Help))
        assert len(app.screen_stack) == 1


async def test_on_a_page_another_part_comes_without_waiting_and_the_next_key_is_for_it() -> None:
    app = cockpit()
    async with app.run_test(size=(110, 30)) as pilot:
        await ready(pilot, WAITING)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, Page))
        await quiet(pilot, app)
        burst(app, "t", "escape")
        await until(pilot, lambda: not isinstance(app.screen, Page))
