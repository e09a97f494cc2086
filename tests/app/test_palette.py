"""The palette offers every action, page, step, goal, setting and theme by name, and what it offers works."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.command import CommandList
from textual.pilot import Pilot
from textual.widgets import Input

from cockpit.app import CockpitApp
from cockpit.commands import PAGES, QUIET, CockpitCommands
from cockpit.kept_choices import NAME, read_kept
from cockpit.keymap import KEYS
from cockpit.ordering import CHOICES
from cockpit.surroundings import Surroundings
from cockpit.theme_names import NAMES, OUR_DARK, OUR_LIGHT
from factory.model.outbox import OutboxItem
from tests.app import sample
from tests.app.driving import ready, screen_text, settled, until
from tests.app.fakes import Desk, ShelfLedger, cockpit
from tests.app.test_hostile_text import BAD, HOSTILE


async def offered(app: CockpitApp, words: str = "") -> list[str]:
    """The names of what is offered for some words; without any, of everything."""
    provider = CockpitCommands(app.screen)
    hits = provider.search(words) if words else provider.discover()
    return [str(hit.text) async for hit in hits]


async def choose(pilot: Pilot[Any], app: CockpitApp, name: str) -> None:
    """Type a name into the palette, wait for it, take it."""
    await pilot.press("colon")
    await until(pilot, lambda: isinstance(app.focused, Input))
    await pilot.press(*name)
    await until(pilot, lambda: name in screen_text(app).split("\n", 3)[3])
    await pilot.press("enter")
    await until(pilot, lambda: len(app.screen_stack) == 1)


async def test_every_kind_of_thing_is_offered_by_name() -> None:
    dead = OutboxItem(id="out_9", run=sample.RUN, target="mission", op="page", dedupe_key="k", state="dead")
    app = cockpit(Desk(ledger=ShelfLedger(views={sample.RUN: replace(sample.VIEW, outbox=(dead,))})))
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        names = await offered(app)
    wanted = [key.label for key in KEYS if key.where in {"goals", "anywhere"} and not key.id.startswith(QUIET)]
    assert [label for label in wanted if not any(name.startswith(f"{label} (") for name in names)] == []
    assert {f"page: {name}" for name, _ in PAGES} <= set(names)
    assert {f"step {step.order + 1} {step.kind}" for step in sample.VIEW.steps} <= set(names)
    assert {f"sort by {by}" for by in CHOICES} <= set(names)
    assert {f"theme: {name}" for name in NAMES if name != OUR_DARK} | {f"theme: {OUR_DARK} (now)"} <= set(names)
    assert len([name for name in names if name.startswith("go to ")]) == len(sample.ROWS)
    assert "requeue the write to mission" in names


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_names_are_plain_words_that_can_be_found_and_chosen(text: str) -> None:
    rows = {row.id: replace(row, goal=f"planted {text}") for row in sample.ROWS}
    view = replace(sample.VIEW, steps=tuple(replace(step, assigned=text) for step in sample.VIEW.steps))
    app = cockpit(Desk(ledger=ShelfLedger(shelf=rows, views={sample.RUN: view})))
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        names = await offered(app, "planted")
        assert len(names) == len(rows)
        assert not BAD & set("".join([*names, *await offered(app)]))
        await pilot.press("colon")
        await until(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press(*"planted")
        await until(pilot, lambda: "go to 0e1k planted" in screen_text(app))
        assert not BAD & set(screen_text(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: len(app.screen_stack) == 1)


async def test_a_theme_is_worn_at_once_undone_and_kept_for_the_next_start(tmp_path: Path) -> None:
    app = cockpit(surroundings=Surroundings(choices=tmp_path / NAME))
    async with app.run_test() as pilot:
        await ready(pilot)
        await choose(pilot, app, "theme: nord")
        await until(pilot, lambda: app.theme == "nord")
        await pilot.press("u")
        await settled(pilot)
        assert app.theme == OUR_DARK
        app.choose_theme("dracula")
        await until(pilot, lambda: app.keeping.has_read)
    assert read_kept(tmp_path / NAME).theme == "dracula"
    second = cockpit(surroundings=Surroundings(choices=tmp_path / NAME))
    async with second.run_test() as pilot:
        await until(pilot, lambda: second.theme == "dracula")
        assert "theme dracula" in second.said.text
        second.choose_theme(OUR_DARK)
    assert read_kept(tmp_path / NAME).theme == "", "the theme of the settings needs no keeping"


async def test_every_theme_can_be_worn_and_draws_everything() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        before = screen_text(app)
        for name in NAMES:
            app.choose_theme(name)
            app.say("")
            await pilot.pause()
            assert app.theme == name
            assert screen_text(app).splitlines()[1:-2] == before.splitlines()[1:-2], name


async def test_light_or_dark_turns_between_our_own_two() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        for wanted in (OUR_LIGHT, OUR_DARK):
            await choose(pilot, app, "light or dark colours")
            await until(pilot, lambda wanted=wanted: app.theme == wanted)  # type: ignore[misc]


async def test_a_terminal_of_sixteen_colours_says_that_it_keeps_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        worn = app.theme
        app.choose_theme("nord")
        assert app.theme == worn
        assert "too few colours for nord" in app.said.text


def test_a_theme_that_does_not_exist_is_not_taken_from_the_file(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(
        '{"form": "cockpit-choices-1", "marked": [], "muted": [], "words": "", "order": "newest", "reversed": false,'
        ' "theme": "\\u001b[31m"}'
    )
    assert read_kept(tmp_path / NAME).theme == ""


async def test_a_page_key_that_comes_before_the_list_is_laid_out_does_nothing() -> None:
    app = cockpit()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("colon")
        await until(pilot, lambda: app.screen.query_one(CommandList).option_count)
        commands = app.screen.query_one(CommandList)
        commands.styles.display = "none"
        await until(pilot, lambda: not commands.size.height)
        commands._clear_caches()
        commands.highlighted = 0
        for action in ("page_down", "page_up"):
            await app.screen.run_action(f"command_list('{action}')")
        await pilot.press("escape")
        await until(pilot, lambda: len(app.screen_stack) == 1)


async def test_an_error_that_somebody_else_wrote_is_searched_by_words() -> None:
    planted = OutboxItem(id="out_9", run=sample.RUN, target="mission", op="page", dedupe_key="k", state="dead",
                         last_error="a b " * 30)  # fmt: skip
    app = cockpit(Desk(ledger=ShelfLedger(views={sample.RUN: replace(sample.VIEW, outbox=(planted,))})))
    async with app.run_test() as pilot:
        await ready(pilot, sample.RUN)
        assert not [name for name in await offered(app, "a" * 20) if "requeue" in name]
        assert [name for name in await offered(app, "b a") if "requeue" in name]
