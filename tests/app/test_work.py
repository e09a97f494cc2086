"""What a change costs, counted in calls: as much as what changed, whatever is loaded."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.widget import Widget

from cockpit.app import CockpitApp
from tests.app import sample
from tests.app.driving import drawn, left_alone, until
from tests.app.fakes import Desk, Seconds, cockpit
from widgets import goals, live
from widgets.footer import Footer
from widgets.goals import Goals
from widgets.header import Header
from widgets.line_list import LineList
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
        await left_alone(pilot)
        calls = counted(goals, "goal_line")
        renamed(pilot.app, 3, "another text")  # type: ignore[arg-type]
        await until(pilot, lambda: calls["goal_line"])
    assert calls["goal_line"] == 1


async def test_one_event_more_is_one_line_to_format(counted: Any) -> None:
    async with cockpit().run_test(size=(200, 50)) as pilot:
        await left_alone(pilot)
        store = pilot.app.store  # type: ignore[attr-defined]
        calls = counted(live, "live_line")
        store.change(live=(*store.snapshot.live, replace(store.snapshot.live[-1], seq=9999)))
        await until(pilot, lambda: calls["live_line"])
    assert calls["live_line"] == 1


async def test_a_change_asks_no_widget_beside_it_and_none_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with cockpit().run_test(size=(200, 50)) as pilot:
        await left_alone(pilot)
        renamed(pilot.app, 3, "a first text")  # type: ignore[arg-type]  # what is left of the first layout goes with it
        await drawn(pilot)
        asked: set[str] = set()
        for widget in pilot.app.screen.walk_children(Widget):

            def render(crop: Any, widget: Any = widget, real: Any = widget.render_lines) -> Any:
                asked.add(type(widget).__name__)
                return real(crop)

            monkeypatch.setattr(widget, "render_lines", render)
        renamed(pilot.app, 3, "another text")  # type: ignore[arg-type]
        await until(pilot, lambda: asked)
    assert asked == {"Goals"}


async def test_a_goal_that_is_not_selected_leaves_all_other_panes_alone(counted: Any) -> None:
    async with cockpit().run_test(size=(200, 50)) as pilot:
        await left_alone(pilot)
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
        await left_alone(pilot)
        panes = pilot.app.screen.query_one(Goals)
        calls = counted(goals, "ages")
        panes.show_now(panes.now)
    assert calls["ages"] == 0


async def test_events_that_shift_are_drawn_from_what_was_drawn(counted: Any) -> None:
    async with cockpit().run_test(size=(200, 50)) as pilot:
        await left_alone(pilot)
        pane = pilot.app.screen.query_one(Live)
        calls = counted(pane, "render_line")
        events = pilot.app.store.snapshot.live  # type: ignore[attr-defined]
        pilot.app.store.change(live=(*events, replace(events[-1], seq=9999)))  # type: ignore[attr-defined]
        await until(pilot, lambda: calls["render_line"])
    assert calls["render_line"] == 1


def drawing(app: CockpitApp) -> Counter[str]:
    """Counts from now on what each pane draws."""
    calls: Counter[str] = Counter()
    for pane in app.screen.query(LineList):
        real = pane.render_line

        def render(y: int, pane: LineList = pane, real: Any = real) -> Any:
            calls[type(pane).__name__] += 1
            return real(y)

        pane.render_line = render  # type: ignore[method-assign]
    return calls


async def test_at_rest_a_second_costs_no_line_of_any_pane() -> None:
    seconds, desk = Seconds(), Desk()
    app = cockpit(desk, seconds=seconds)
    async with app.run_test(size=(200, 50)) as pilot:
        await left_alone(pilot)
        app._tick()
        await pilot.pause()
        calls = drawing(app)
        desk.clock.advance(1)
        seconds.now += 1
        app._tick()
        await pilot.pause()
    assert calls.keys() <= {"Header", "Sources"}  # the evidence folder is not there: trouble counts its seconds


async def test_ages_of_goals_grow_in_steps() -> None:
    seconds, desk = Seconds(), Desk()
    app = cockpit(desk, seconds=seconds)
    async with app.run_test(size=(200, 50)) as pilot:
        await left_alone(pilot)
        event = replace(sample.ROWS[0], goal="not drawn before", last_event_at=sample.NOW, last_progress_at="")
        app.store.change(rows=(event,))
        await drawn(pilot)
        drawn_at = []
        for second in range(1, 31):
            calls = drawing(app)
            desk.clock.advance(1)
            app._tick()
            await pilot.pause()
            drawn_at += [second] if calls["Goals"] else []
    assert drawn_at == [5, 10, 20, 30]


async def test_a_key_that_comes_before_a_picture_is_drawn_first(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = Seconds()
    app = cockpit(seconds=seconds)
    async with app.run_test() as pilot:
        await left_alone(pilot)
        waits: list[Any] = []
        monkeypatch.setattr(app, "set_timer", lambda _, then: waits.append(then))
        seconds.now += 1
        app._paint_soon()
        app.last_key_at = seconds.now
        waits.pop()()
        assert waits == [app._paint_now]
