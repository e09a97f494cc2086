"""What a change costs, counted in calls: as much as what changed, whatever is loaded."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.widget import Widget

from cockpit.app import CockpitApp
from tests.app import sample
from tests.app.driving import drawn, ready
from tests.app.fakes import cockpit
from widgets import goals, live
from widgets.footer import Footer
from widgets.goals import Goals
from widgets.header import Header
from widgets.live import Live
from widgets.needs_you import NeedsYou
from widgets.sources import Sources
from widgets.steps import Steps
from widgets.summary import Summary


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], Counter[str]]:
    """Counts the calls of functions from now on."""
    calls: Counter[str] = Counter()

    def count(owner: Any, name: str) -> Counter[str]:
        real = getattr(owner, name)

        def one(*args: Any, **kwargs: Any) -> Any:
            calls[name] += 1
            return real(*args, **kwargs)

        monkeypatch.setattr(owner, name, one)
        return calls

    return count


def renamed(app: CockpitApp, place: int, goal: str) -> None:
    rows = app.store.snapshot.rows
    app.store.change(rows=(*rows[:place], replace(rows[place], goal=goal), *rows[place + 1 :]))


async def test_one_goal_that_changed_is_one_line_to_format(counted: Any) -> None:
    async with cockpit().run_test(size=(200, 50)) as pilot:
        await ready(pilot)
        calls = counted(goals, "goal_line")
        renamed(pilot.app, 3, "another text")  # type: ignore[arg-type]
        await drawn(pilot)
    assert calls["goal_line"] == 1


async def test_one_event_more_is_one_line_to_format(counted: Any) -> None:
    async with cockpit().run_test(size=(200, 50)) as pilot:
        await ready(pilot)
        store = pilot.app.store  # type: ignore[attr-defined]
        calls = counted(live, "live_line")
        store.change(live=(*store.snapshot.live, replace(store.snapshot.live[-1], seq=9999)))
        await drawn(pilot)
    assert calls["live_line"] == 1


async def test_a_change_asks_no_widget_beside_it_and_none_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with cockpit().run_test(size=(200, 50)) as pilot:
        await ready(pilot)
        asked: set[str] = set()
        for widget in pilot.app.screen.walk_children(Widget):

            def render(crop: Any, widget: Any = widget, real: Any = widget.render_lines) -> Any:
                asked.add(type(widget).__name__)
                return real(crop)

            monkeypatch.setattr(widget, "render_lines", render)
        renamed(pilot.app, 3, "another text")  # type: ignore[arg-type]
        await drawn(pilot)
    assert asked == {"Goals"}


async def test_a_goal_that_is_not_selected_leaves_all_other_panes_alone(counted: Any) -> None:
    async with cockpit().run_test(size=(200, 50)) as pilot:
        await ready(pilot)
        selected = pilot.app.store.snapshot.wanted  # type: ignore[attr-defined]
        place = next(place for place, row in enumerate(sample.ROWS) if row.id != selected and not row.needs_person)
        calls: Counter[str] = Counter()
        for pane in (Footer, Header, NeedsYou, Sources, Steps, Summary):
            calls = counted(pane, "_format")
        renamed(pilot.app, place, "another text")  # type: ignore[arg-type]
        await drawn(pilot)
    assert calls["_format"] == 0


async def test_the_same_second_again_is_no_work_for_the_list(counted: Any) -> None:
    async with cockpit().run_test(size=(200, 50)) as pilot:
        await ready(pilot)
        panes = pilot.app.screen.query_one(Goals)
        calls = counted(goals, "ages")
        panes.show_now(panes.now)
    assert calls["ages"] == 0


async def test_events_that_shift_are_drawn_from_what_was_drawn(counted: Any) -> None:
    async with cockpit().run_test(size=(200, 50)) as pilot:
        await ready(pilot)
        pane = pilot.app.screen.query_one(Live)
        calls = counted(pane, "render_line")
        events = pilot.app.store.snapshot.live  # type: ignore[attr-defined]
        pilot.app.store.change(live=(*events, replace(events[-1], seq=9999)))  # type: ignore[attr-defined]
        await drawn(pilot)
    assert calls["render_line"] == 1
