"""One table of keys: what it says is what is bound, what the help shows and what the palette offers."""

import re
from itertools import product

import pytest
from textual.binding import Binding

from cockpit.keymap import FORBIDDEN, KEYS, Key, action_of, bindings, remapped, shown
from cockpit.screens.ask import Ask
from cockpit.screens.batch import Batch
from cockpit.screens.confirm import Confirm
from cockpit.screens.goal_screen import GoalScreen
from cockpit.screens.help import PLACES, Help, help_lines
from cockpit.screens.launch import LaunchForm
from cockpit.screens.main import MainScreen
from cockpit.screens.menu import Menu
from cockpit.screens.page import Page
from cockpit.screens.peek import Peek
from cockpit.screens.permission import PermissionCard
from cockpit.screens.review import Review
from factory.errors import Malformed
from tests.app import sample
from tests.app.driving import ready, screen_text, settled, until
from tests.app.fakes import NotedOperations, cockpit
from widgets.lines import text_of

SCREENS: dict[str, tuple[type, ...]] = {
    "anywhere": (MainScreen, Page), "goals": (MainScreen, Page), "launch": (LaunchForm,), "card": (Review,),
    "ask": (Ask,), "confirm": (Confirm,), "help": (Help,), "page": (Page,), "peek": (Peek,), "menu": (Menu,),
    "batch": (Batch,), "permission": (PermissionCard,), "replay": (MainScreen, Page),
}  # fmt: skip


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.id)
def test_every_key_of_the_table_has_its_action(key: Key) -> None:
    name = re.sub(r"\(.*", "", key.action)
    assert all(callable(getattr(screen, f"action_{name}", None)) for screen in SCREENS[key.where])


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.id)
def test_the_help_shows_every_key_of_the_table(key: Key) -> None:
    lines = text_of(help_lines(KEYS)).splitlines()
    names = " ".join(shown(part) for part in key.keys.split(","))
    mark = "? " if key.asks_first else "  "
    assert any(names in line and f"{mark}{key.says}" in line for line in lines)


def test_the_help_has_a_place_for_every_key() -> None:
    assert {key.where for key in KEYS} == {place for place, _ in PLACES}


def test_nothing_but_the_table_binds_a_key() -> None:
    for screen, places in ((GoalScreen, ("anywhere", "goals", "replay")), (Confirm, ("confirm",)), (Help, ("help",)),
                           (Peek, ("peek",)), (Menu, ("menu",)), (Batch, ("batch",))):  # fmt: skip
        bound = {(b.key, b.action) for b in screen.BINDINGS if isinstance(b, Binding)}
        listed = {(key.keys, key.action) for key in KEYS if key.where in places}
        assert bound == listed


def test_ids_are_unique_and_no_verb_sits_on_a_key_of_the_terminal() -> None:
    assert len({key.id for key in KEYS}) == len(KEYS)
    assert not [key for key, bad in product(KEYS, FORBIDDEN) if bad in key.keys.split(",")]


def test_every_verb_that_changes_something_asks_first() -> None:
    changing = {
        "run.launch",
        "run.review",
        "run.verify",
        "run.retry",
        "run.stop",
        "run.pause",
        "run.instruct",
        "run.cap",
        "run.cap_down",
        "run.take_over",
        "run.land",
        "run.permission",
        "run.requeue",
        "run.undo",
    }
    assert {key.id for key in KEYS if key.asks_first and key.where == "goals"} == changing


async def test_a_remapped_key_works_and_the_old_one_does_not() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations, keys={"run.stop": "D"})
    async with app.run_test() as pilot:
        await ready(pilot)
        assert "D stop" in screen_text(app)
        await pilot.press("X")
        await settled(pilot)
        assert len(app.screen_stack) == 1
        await pilot.press("D", "y")
        await settled(pilot)
    assert len(operations.done("cancel")) == 1


async def test_a_remapped_key_of_the_card_works() -> None:
    app = cockpit(keys={"card.leave": "l"})
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, Review) and app.screen._guard)
        app.monotonic.now += 1  # type: ignore[attr-defined]
        await pilot.press("l")
        assert len(app.screen_stack) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"run.explode": "x"}, "run.explode"), ({"run.stop": "ctrl+d"}, "ctrl+d"), ({"run.stop": "a"}, "a to run.review"),
     ({"run.stop": " "}, "run.stop no key"), ({"card.reject": "d"}, "types the code")],
)  # fmt: skip
def test_a_wrong_mapping_is_a_sentence_that_names_it(changes: dict[str, str], words: str) -> None:
    with pytest.raises(Malformed, match=re.escape(words)):
        remapped(changes)


def test_the_action_of_a_key_follows_the_mapping() -> None:
    assert action_of("l", "card", remapped({"card.leave": "l"})) == "leave"
    assert action_of("escape", "card", remapped({"card.leave": "l"})) == ""


async def test_esc_goes_back_one_level_and_never_quits_approves_or_stops() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        for opener in ("f9", "enter", "n", "question_mark", "slash", "X", "i", "a"):
            await pilot.press(opener)
            await until(pilot, lambda: not isinstance(app.screen, Review) or app.screen._guard)
            app.monotonic.now += 1  # type: ignore[attr-defined]
            for _ in range(4):
                await pilot.press("escape")
                await pilot.pause()
            assert app.is_running
            assert len(app.screen_stack) == 1, opener
        await settled(pilot)
    assert {name for name, *_ in operations.asked} <= {"review", "preview", "recent", "requests"}


async def test_the_palette_offers_the_verbs_and_goes_to_a_goal() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("colon", *"crawler")
        await until(pilot, lambda: "go to 7c4m" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.store.snapshot.wanted[-4:] == "7c4m")


async def test_the_palette_says_why_a_verb_is_dead() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("ctrl+p", *"review")
        await until(pilot, lambda: "Nothing to review" in screen_text(app))


async def test_movement_keys_move() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        visited = []
        for key in ("j", "down", "k", "G", "g", "pagedown", "pageup", "end", "home", "up"):
            await pilot.press(key)
            visited.append(app.store.snapshot.wanted[-4:])
    assert visited == ["8t0a", "7c4m", "8t0a", "3f9j", "0e1k", "3f9j", "0e1k", "3f9j", "0e1k", "0e1k"]


def test_bindings_can_be_remapped_by_their_ids() -> None:
    assert {binding.id for binding in bindings("goals") if isinstance(binding, Binding)} == {
        key.id for key in KEYS if key.where == "goals"
    }
