"""How the launch form helps: a sentence at each field, goals of before, folders, lines of acceptance, tasks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from cockpit.app import CockpitApp
from cockpit.screens.launch import LaunchForm
from cockpit.screens.launch_fields import LaunchFields
from factory.model.launch import Launch, Recent
from factory.model.request import Request
from tests.app.driving import ready, screen_text, settled, until
from tests.app.fakes import PREVIEW, NotedOperations, cockpit

BEFORE = Recent(
    "run_00000000000000000000008t0a", "done",
    Launch(goal="Fix split()", repo=Path("/src/bill"), accept=("A1: adds up :: pytest",), budget_micros=2_000_000),
)  # fmt: skip
BAD = replace(PREVIEW, problems=("No such folder. Choose another one.",), about=("repo",))


@dataclass
class Form:
    """A cockpit with the launch form open."""

    app: CockpitApp
    pilot: Pilot[Any]
    operations: NotedOperations

    @property
    def text(self) -> str:
        """What is on screen."""
        return screen_text(self.app)

    def value(self, name: str) -> str:
        """What stands in a field."""
        field = self.app.screen.query_one(f"#{name}")
        return field.value if isinstance(field, Input) else field.text  # type: ignore[attr-defined]

    async def press(self, *keys: str) -> None:
        """Press keys and wait until everything has come back."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def settled(self) -> None:
        """Wait until everything has come back."""
        await self.pilot.pause()
        await settled(self.pilot)


@asynccontextmanager
async def form(**more: Any) -> AsyncIterator[Form]:
    """The form, empty."""
    operations = NotedOperations(**more)
    app = cockpit(operations=operations)
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("n")
        await settled(pilot)
        yield Form(app, pilot, operations)


async def test_the_sentence_of_a_field_stands_below_it_once_something_is_typed() -> None:
    async with form(shown=BAD) as opened:
        assert opened.text.count("No such folder") == 1, "in the preview only: nothing was typed yet"
        await opened.press("F")
        await opened.settled()
        lines = [line[:42] for line in opened.text.splitlines()]
    field = next(number for number, line in enumerate(lines) if line.strip().startswith("repo"))
    assert "✕ No such folder" in lines[field + 1]


async def test_a_sentence_goes_when_the_field_is_right() -> None:
    async with form() as opened:
        opened.app.screen.query_one("#budget", Input).value = "NaN"
        await opened.settled()
        assert opened.text.count("'NaN' is not an") == 2
        opened.app.screen.query_one("#budget", Input).value = "2"
        await opened.settled()
        assert "'NaN' is not an" not in opened.text


async def test_one_field_that_cannot_be_read_hides_no_preview_of_the_others() -> None:
    async with form() as opened:
        opened.app.screen.query_one("#priority", Input).value = "X"
        await opened.settled()
        assert "'X' is no priority" in opened.text
        assert "backend: CodeCraft" in opened.text


async def test_a_goal_of_before_fills_the_form_and_starts_nothing() -> None:
    async with form(before_this=(BEFORE,)) as opened:
        await opened.press("ctrl+r")
        await until(opened.pilot, lambda: "Fix split()" in opened.text)
        await opened.press("enter")
        await opened.settled()
        assert isinstance(opened.app.screen, LaunchForm)
        values = [opened.value(name) for name in ("goal", "repo", "accept", "budget")]
        assert values == ["Fix split()", "/src/bill", "A1: adds up :: pytest", "$2.00"]
        assert opened.operations.done("start") == []


async def test_leaving_the_list_of_goals_changes_nothing() -> None:
    async with form(before_this=(BEFORE,)) as opened:
        await opened.press(*"mine", "ctrl+r")
        await until(opened.pilot, lambda: "starts nothing" in opened.text)
        await opened.press("escape")
        await opened.settled()
        assert opened.value("goal") == "mine"


async def test_without_goals_of_before_the_form_says_so() -> None:
    async with form() as opened:
        await opened.press("ctrl+r")
        await opened.settled()
        assert "no goal was launched yet" in opened.text


async def test_tasks_of_mission_control_are_offered_only_when_there_are_some() -> None:
    async with form() as opened:
        assert "ctrl+t" not in opened.text
        await opened.press("ctrl+t")
        await opened.settled()
        assert "no task is waiting" in opened.text


async def test_a_run_launched_from_a_task_carries_its_reference() -> None:
    async with form(tasks=(Request(id="req_1", ref="MC-481", goal="Build an invoice app", priority="H"),)) as opened:
        await opened.press("ctrl+t")
        await until(opened.pilot, lambda: "Build an invoice app" in opened.text)
        await opened.press("enter")
        await opened.settled()
        await opened.press("ctrl+j")
        await opened.settled()
    ((launch,),) = opened.operations.done("start")
    assert (launch.goal, launch.priority, launch.from_mission) == ("Build an invoice app", "H", "MC-481")


async def test_a_task_that_did_not_start_by_itself_says_why() -> None:
    problem = "/src/report has changes that are not committed."
    async with form(tasks=(Request(id="req_1", ref="mission:4", goal="Fix it", problem=problem),)) as opened:
        await opened.press("ctrl+t")
        await until(opened.pilot, lambda: "did not start: /src/report has changes" in opened.text)


async def test_a_line_of_acceptance_brings_a_number_and_a_command() -> None:
    async with form() as opened:
        await opened.press("ctrl+n", *"adds_up", "ctrl+n", *"is_fair")
        assert opened.value("accept") == "A1: adds_up :: python -m pytest\nA2: is_fair :: python -m pytest"


async def _in_repo(opened: Form, text: str) -> None:
    field = opened.app.screen.query_one("#repo", Input)
    field.focus()
    await opened.pilot.pause()
    field.value = text
    await opened.settled()
    await opened.pilot.pause()


def _repositories(root: Path) -> None:
    for name in ("shop/.git", "shop-old/.git", "notes"):
        (root / name).mkdir(parents=True)


async def test_tab_completes_a_folder_and_goes_on_when_there_is_nothing_to_add(tmp_path: Path) -> None:
    _repositories(tmp_path)
    async with form() as opened:
        await _in_repo(opened, f"{tmp_path}/s")
        assert "tab completes" in opened.text
        await opened.press("tab")
        assert opened.value("repo") == f"{tmp_path}/shop"
        await opened.settled()
        await opened.press("tab")
        await opened.settled()
        assert opened.app.focused is opened.app.screen.query_one("#domain")
        assert "tab completes" not in opened.text


async def test_a_folder_is_chosen_with_down_and_tab(tmp_path: Path) -> None:
    _repositories(tmp_path)
    async with form() as opened:
        await _in_repo(opened, f"{tmp_path}/s")
        await opened.press("down", "down", "tab")
        assert opened.value("repo") == f"{tmp_path}/shop-old"


async def test_esc_hides_the_folders_first_and_leaves_the_form_then(tmp_path: Path) -> None:
    _repositories(tmp_path)
    async with form() as opened:
        await _in_repo(opened, f"{tmp_path}/")
        await opened.press("escape")
        assert "tab completes" not in opened.text
        assert isinstance(opened.app.screen, LaunchForm)
        await opened.press("escape")
        await opened.settled()
        assert not isinstance(opened.app.screen, LaunchForm)


async def test_a_default_folder_is_not_changed_by_walking_through_the_fields(tmp_path: Path) -> None:
    _repositories(tmp_path)
    known = replace(BEFORE, launch=replace(BEFORE.launch, repo=tmp_path / "shop"))
    async with form(before_this=(known,)) as opened:
        await opened.press("tab", "tab")
        await opened.settled()
        await opened.press("tab")
        assert opened.value("repo") == "."


async def test_what_is_filled_in_is_kept_when_the_form_is_left() -> None:
    async with form(before_this=(BEFORE,)) as opened:
        await opened.press("ctrl+r")
        await until(opened.pilot, lambda: "Fix split()" in opened.text)
        await opened.press("enter", "escape")
        await opened.settled()
        await opened.press("n")
        assert opened.app.screen.query_one(LaunchFields).draft.launch() == BEFORE.launch
        assert opened.app.screen.query_one("#goal", TextArea).text == "Fix split()"
