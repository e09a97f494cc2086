"""The first picture of the screen: painted once, when its panes have found their places."""

from typing import Any

import pytest

from cockpit.app import CockpitApp
from cockpit.on_terminal import FirstScreen
from tests.app.driving import ready, screen_text
from tests.app.fakes import cockpit
from widgets.narrow import NarrowCompositor


async def test_the_whole_screen_is_painted_once_at_a_start(monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[str] = []
    paint = NarrowCompositor.render_full_update

    def noting(compositor: NarrowCompositor, simplify: bool = False) -> Any:
        painted.append("whole screen")
        return paint(compositor, simplify)

    monkeypatch.setattr(NarrowCompositor, "render_full_update", noting)
    monkeypatch.setattr(CockpitApp, "get_default_screen", lambda _: FirstScreen())
    app = cockpit()
    async with app.run_test(size=(200, 50)) as pilot:
        await ready(pilot)
        assert "NEXT" in screen_text(app)
    assert painted == ["whole screen"]
