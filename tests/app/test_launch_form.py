"""The launch form: nothing starts before ctrl+j, and nothing typed is lost."""

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from cockpit.draft import Draft, draft_of
from cockpit.screens.launch import LaunchForm
from cockpit.screens.launch_fields import LaunchFields
from factory.errors import Refused, Usage
from factory.model.launch import Launch
from tests.app.driving import ready, screen_text, settled, until
from tests.app.fakes import PREVIEW, NotedOperations, cockpit

DRAFT = Launch(
    goal="Fix split()", repo=Path("/src/bill"), priority="H", accept=("A1: adds up :: pytest",), coder="scripted:c",
    verifier="scripted:v", budget_micros=2_000_000, labels=("demo",),
)  # fmt: skip


async def test_ctrl_j_launches_what_is_typed_and_the_cursor_goes_there() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations, draft=DRAFT)
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, LaunchForm))
        await pilot.press("ctrl+j")
        await settled(pilot)
        assert not isinstance(app.screen, LaunchForm)
        await until(pilot, lambda: app.store.snapshot.wanted[-4:] == "8t0a")
    assert operations.done("start") == [(DRAFT,)]


async def test_a_goal_of_before_fills_the_form_with_nothing_that_a_terminal_obeys() -> None:
    bad = "\x1b]0;title\x07 \x9b31m \u202egnp.exe"
    draft = replace(DRAFT, goal=f"Fix {bad}", accept=(f"A1: {bad} :: pytest",), coder=f"scripted:{bad}")
    app = cockpit(draft=draft)
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, LaunchForm))
        await settled(pilot)
        assert not set("\x1b\x07\x9b\u202e") & set(screen_text(app))
        fields = app.screen.query_one(LaunchFields)
        fields.fill(draft_of(draft))
        assert fields.draft.goal == "Fix ␛]0;title␇ ⟨U+009B⟩31m ⟨U+202E⟩gnp.exe"


async def test_enter_never_launches_in_any_field() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("n")
        for _ in range(12):
            await pilot.press("enter", "tab")
        await settled(pilot)
        assert isinstance(app.screen, LaunchForm)
    assert operations.done("start") == []


async def test_letters_of_a_goal_are_no_keys() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("n", *"Xqn?/")
        assert app.screen.query_one("#goal", TextArea).text == "Xqn?/"
        assert isinstance(app.screen, LaunchForm)


async def test_a_form_that_was_left_takes_nothing_that_comes_late() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("n")
        await settled(pilot)
        form = app.screen
        assert isinstance(form, LaunchForm)
        assert form.is_open
        form.leave_with(None)
        assert form.query("#preview"), "its panes go one by one"
        assert not form.is_open


async def test_the_draft_is_kept_when_the_form_is_left() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("n", *"half", "escape")
        await settled(pilot)
        assert len(app.screen_stack) == 1
        await pilot.press("n")
        await pilot.pause()
        assert app.screen.query_one("#goal", TextArea).text == "half"


async def test_the_preview_shows_route_risk_verifier_and_criteria() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("n")
        await settled(pilot)
        text = screen_text(app)
    for part in (
        "backend: CodeCraft",
        "Proveo verifies",
        "high",
        "required",
        "parts sum to the total",
        "scripted:split",
    ):
        assert part in text


async def test_the_preview_follows_the_typing_and_asks_once_it_is_quiet() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("n")
        await settled(pilot)
        await pilot.press(*"abcdef")
        await settled(pilot)
    asked = [launch.goal for (launch,) in operations.done("preview")]
    assert asked[-1] == "abcdef"
    assert len(asked) < 6


async def test_problems_are_shown_before_anything_starts() -> None:
    shown = replace(PREVIEW, problems=("No acceptance: nothing says when the goal is reached. Add one.",))
    app = cockpit(operations=NotedOperations(shown=shown))
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("n")
        await settled(pilot)
        assert "✕ No acceptance" in screen_text(app)


async def test_a_refused_launch_is_said_and_the_form_stays() -> None:
    operations = NotedOperations()
    app = cockpit(operations=operations, draft=DRAFT)
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, LaunchForm))
        await settled(pilot)
        operations.refuse = Refused("One company.", "Name another verifier.", "same_company")
        await pilot.press("ctrl+j")
        await settled(pilot)
        assert isinstance(app.screen, LaunchForm)
        assert "One company. Name another" in screen_text(app)
        assert app.screen.query_one("#goal", TextArea).text == DRAFT.goal


async def test_a_budget_that_is_no_amount_is_a_sentence() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("n")
        app.screen.query_one("#budget", Input).value = "NaN"
        await pilot.pause()
        await settled(pilot)
        assert "is not an amount" in screen_text(app)


def test_a_launch_survives_the_form() -> None:
    assert draft_of(DRAFT).launch() == DRAFT


@pytest.mark.parametrize(("field", "value"), [("priority", "X"), ("budget", "-1"), ("budget", "10001")])
def test_a_field_that_cannot_be_right_is_refused(field: str, value: str) -> None:
    with pytest.raises(Usage):
        Draft(goal="g", **{field: value}).launch()  # type: ignore[arg-type]


def test_an_empty_budget_means_the_configured_one() -> None:
    assert Draft(goal="g").launch().budget_micros is None
