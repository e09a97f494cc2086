"""The first picture of the screen: painted once, when its panes have found their places."""

from collections import Counter
from typing import Any

import pytest
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.geometry import Size
from textual.widget import Widget

from cockpit.app import CockpitApp
from cockpit.on_terminal import FirstScreen
from tests.app.driving import ready, screen_text
from tests.app.fakes import cockpit
from widgets.narrow import NarrowCompositor


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A word for each time that the whole screen is rendered."""
    painted: list[str] = []
    paint = NarrowCompositor.render_full_update

    def noting(compositor: NarrowCompositor, simplify: bool = False) -> Any:
        painted.append("whole screen")
        return paint(compositor, simplify)

    monkeypatch.setattr(NarrowCompositor, "render_full_update", noting)
    monkeypatch.setattr(CockpitApp, "get_default_screen", lambda app: FirstScreen(app.size))
    return painted


async def test_the_whole_screen_is_painted_once_at_a_start(painted: list[str]) -> None:
    app = cockpit()
    async with app.run_test(size=(200, 50)) as pilot:
        await ready(pilot)
        assert "NEXT" in screen_text(app)
    assert painted == ["whole screen"]


async def test_a_first_picture_that_comes_in_a_batch_waits_for_its_end(painted: list[str]) -> None:
    """The app mounts its screen in a batch: what is rendered meanwhile is never written."""
    app = cockpit()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        screen = app.main
        assert isinstance(screen, FirstScreen)
        screen.is_held = True
        painted.clear()
        with app.batch_update():
            screen._on_timer_update()
            assert screen.is_held
            screen._compositor_refresh()
            screen._compositor._dirty_regions.clear()
        screen._on_timer_update()
        assert painted == ["whole screen"]


async def test_styles_are_worked_out_once_at_a_start_and_places_twice(
    painted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Panes know what they have to say when they have a width; then they get their places."""
    styled, placed = Counter[str](), Counter[str]()
    apply, reflow = Stylesheet.apply, NarrowCompositor.reflow

    def noting_styles(sheet: Stylesheet, node: DOMNode, **how: Any) -> None:
        styled[type(node).__name__] += not painted
        apply(sheet, node, **how)

    def noting_places(compositor: NarrowCompositor, parent: Widget, size: Size) -> Any:
        placed["whole screen"] += not painted
        return reflow(compositor, parent, size)

    monkeypatch.setattr(Stylesheet, "apply", noting_styles)
    monkeypatch.setattr(NarrowCompositor, "reflow", noting_places)
    async with cockpit().run_test(size=(200, 50)) as pilot:
        await ready(pilot)
    assert (styled["Header"], styled["Footer"], styled["MessageLine"]) == (1, 1, 1)
    assert placed["whole screen"] <= 2
