"""The screens above the main one: each is imported when it first opens, because the first picture waits for none."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cockpit.commands import CockpitCommands, Palette
    from cockpit.screens.ask import Answers, Ask
    from cockpit.screens.batch import Batch
    from cockpit.screens.confirm import Confirm
    from cockpit.screens.cost_review import CostReview
    from cockpit.screens.help import Help
    from cockpit.screens.launch import LaunchForm
    from cockpit.screens.menu import Menu
    from cockpit.screens.page import Page
    from cockpit.screens.peek import Peek
    from cockpit.screens.permission import PermissionCard
    from cockpit.screens.review import Review
    from factory.model.permission import Permission
    from factory.model.view import RunRow, RunView

SCREENS = ("confirm", "ask", "review", "page", "peek", "menu", "batch", "help", "launch", "permission", "cost_review")
"""The modules, those first that somebody is most likely to open soon."""


def import_screens() -> None:
    """Import all of them, so that the first key finds them there. For a thread: it takes its time."""
    for name in SCREENS:
        import_module(f"cockpit.screens.{name}")


def ask(title: str, labels: Sequence[str], check: "Callable[[Answers], object]") -> "Ask":
    """Some lines to fill in."""
    from cockpit.screens.ask import Ask

    return Ask(title, labels, check)


def batch(verb: str, detail: str, items: "Sequence[tuple[RunRow, str, str]]") -> "Batch":
    """The card of all marked goals: each with why it is left out, and what it has spent."""
    from cockpit.screens.batch import Batch, Item

    return Batch(verb, detail, tuple(Item(*item) for item in items))


def batch_told(title: str, outcomes: "Sequence[tuple[RunRow, str, str]]") -> "Batch":
    """What came of a batch: each goal with why it was refused, and why it was left out."""
    from cockpit.screens.batch import BatchTold, Item

    told = (
        Item(row, refused or left_out, "done", "refused" if refused else "left out")
        for row, refused, left_out in outcomes
    )
    return BatchTold(title, tuple(told))


def confirm(question: str, detail: str, verb: str) -> "Confirm":
    """A question before something is done."""
    from cockpit.screens.confirm import Confirm

    return Confirm(question, detail, verb)


def cost_review(run: str, goal: str) -> "CostReview":
    """The card of a cap that was asked for."""
    from cockpit.screens.cost_review import CostReview

    return CostReview(run, goal)


def keys_help() -> "Help":
    """The keys."""
    from cockpit.screens.help import Help

    return Help()


def launch_form() -> "LaunchForm":
    """The form for a new goal."""
    from cockpit.screens.launch import LaunchForm

    return LaunchForm()


def menu(title: str, choices: Sequence[tuple[str, str, str]], current: str) -> "Menu":
    """A short list to choose one of: id, label and what it says."""
    from cockpit.screens.menu import Choice, Menu

    return Menu(title, tuple(Choice(*choice) for choice in choices), current)


def palette() -> "Palette":
    """Everything, found by words."""
    from cockpit.commands import Palette

    return Palette(id="--command-palette")


def palette_commands() -> "type[CockpitCommands]":
    """What the palette finds."""
    from cockpit.commands import CockpitCommands

    return CockpitCommands


def page(part: str) -> "Page":
    """One part of the selected goal, or all of it."""
    from cockpit.screens.page import Page

    return Page(part)


def peek() -> "Peek":
    """A small look at the selected goal."""
    from cockpit.screens.peek import Peek

    return Peek()


def permission(view: "RunView", request: "Permission") -> "PermissionCard":
    """The card of what an agent asks for."""
    from cockpit.screens.permission import PermissionCard

    return PermissionCard(view, request)


def review(run: str, goal: str) -> "Review":
    """The review card of a goal."""
    from cockpit.screens.review import Review

    return Review(run, goal)
