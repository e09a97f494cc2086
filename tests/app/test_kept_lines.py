"""Lines and styles that are kept from one look to the next are those that would be drawn afresh."""

from collections.abc import Iterable

import pytest
from textual.app import App
from textual.events import AppBlur, AppFocus
from textual.geometry import Region
from textual.strip import Strip

from cockpit.app import CockpitApp
from tests.app import sample
from tests.app.driving import ready, settled
from tests.app.fakes import cockpit
from widgets.goals import Goals
from widgets.pane import Pane
from widgets.part_styles import PartStyles

DEEDS = ("2", "1", "3", "1", "stale", "2", "fresh", "1", "blur", "focus", "theme", "2", "1", "back", "x", "z", "z")
"""Keys, and what is no key."""


@pytest.mark.parametrize("size", [pytest.param((80, 24), marks=pytest.mark.slow), (200, 50)])
async def test_what_is_kept_is_what_would_be_drawn(size: tuple[int, int]) -> None:
    app = cockpit()
    async with app.run_test(size=size) as pilot:
        await ready(pilot, sample.RUN)
        first = app.theme
        for deed in DEEDS:
            if not _do(app, deed, first):
                await pilot.press(deed)
            await settled(pilot)
            for pane in app.main.query(Pane):
                kept = _drawn(pane)
                _forget(pane)
                assert kept == _drawn(pane), (deed, pane.id)


class Loud(App[None]):
    """One pane, of which a class changes one part and nothing else."""

    CSS = "Pane > .line--warn { color: yellow; } Pane.-loud > .line--warn { color: red; }"

    def compose(self) -> Iterable[Pane]:
        pane = Pane()
        pane.show(lambda width: ((("careful", "warn"),),))
        yield pane

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict.fromkeys(
            ("title", "dim", "rule", "border-focus", "cursor", "cursor-blurred", "good", "bad"), "white"
        )


async def test_a_part_alone_that_looks_different_is_drawn_so() -> None:
    async with Loud().run_test() as pilot:
        pane = pilot.app.query_one(Pane)
        quiet = _drawn(pane)
        pane.add_class("-loud")
        await pilot.pause()
        loud = _drawn(pane)
        assert (loud != quiet, [strip.text for strip in loud]) == (True, [strip.text for strip in quiet])
        pane.remove_class("-loud")
        await pilot.pause()
        assert _drawn(pane) == quiet


async def test_a_focus_that_comes_back_works_nothing_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = cockpit()
    async with app.run_test(size=(200, 50)) as pilot:
        await ready(pilot, sample.RUN)
        await pilot.press(*"212121")
        with monkeypatch.context() as patch:  # who leaves has the focus nowhere, which is new
            patch.setattr(PartStyles, "_part", _never)
            patch.setattr(Pane, "line", _never)
            await pilot.press(*"2121")
        assert app.focused is app.main.query_one(Goals)


def _never(*_: object) -> None:
    raise AssertionError("it was kept")


def _do(app: CockpitApp, deed: str, first: str) -> bool:
    """Do what is no key."""
    if deed in {"stale", "fresh"}:
        app.main.query_one("#steps", Pane).set_stale("STALE 14s" if deed == "stale" else "")
    elif deed in {"blur", "focus"}:
        app.post_message(AppBlur() if deed == "blur" else AppFocus())
    elif deed in {"theme", "back"}:
        app.theme = "textual-light" if deed == "theme" else first
    return not deed.isdigit() and len(deed) > 1


def _drawn(pane: Pane) -> list[Strip]:
    return pane.render_lines(Region(0, 0, *pane.outer_size)) if pane.display else []


def _forget(pane: Pane) -> None:
    """All that is kept."""
    pane._component_styles.clear()
    pane._worked_out.clear()
    pane.notify_style_update()
    pane.forget_colours()
