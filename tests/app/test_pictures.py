"""How the screens look at the two designed sizes. `pytest --snapshot-update` takes the pictures again; look at them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.pictures import without_font_addresses
from cockpit.screens.review import Review
from cockpit.theme_names import OUR_LIGHT
from factory.model.status import ClaimLine
from tests.app import sample
from tests.app.driving import ready, until
from tests.app.fakes import Desk, NotedOperations, ShelfLedger, cockpit

SIZES = [(80, 24), (200, 50)]
Scene = Callable[[Pilot[Any]], Awaitable[None]]

REFUTED = replace(
    sample.CARD,
    sufficient=False,
    score=0,
    verdict="changes_requested",
    reasons=("A2 is refuted: verify-2-A2.junit.xml has 2 failed of 6.",),
    claims=(ClaimLine("A2", "parts differ by at most one cent", True, "refuted", 0), *sample.CARD.claims[:1]),
)


async def main(pilot: Pilot[Any]) -> None:
    """The main screen on the sample's goal."""
    await ready(pilot, sample.RUN)


def press(*keys: str) -> Scene:
    """The main screen, then these keys."""

    async def scene(pilot: Pilot[Any]) -> None:
        await ready(pilot, sample.RUN)
        await pilot.press(*keys)
        await until(pilot, lambda: not [one for one in pilot.app.workers if one.group in ("preview", "output", "card")])

    return scene


async def card(pilot: Pilot[Any]) -> None:
    """The review card, armed, with half of the code typed."""
    await press("a")(pilot)
    app = pilot.app
    await until(pilot, lambda: isinstance(app.screen, Review) and app.screen._guard and app.screen._guard.seen)
    screen = app.screen
    assert isinstance(screen, Review)
    assert screen._guard
    # The card was drawn a second ago; time itself stands still, or the ages of the sources would show it.
    screen._guard = replace(screen._guard, shown_at=screen._guard.shown_at - 1)
    await pilot.press(*sample.DIGEST[:2])


async def empty(pilot: Pilot[Any]) -> None:
    """A factory without goals."""
    app = pilot.app
    assert isinstance(app, CockpitApp)
    await until(pilot, lambda: "ledger" in app.store.snapshot.sources)


SMALL_ONLY = ("empty", "light", "ascii", "confirm")
"""They say nothing more at the large size."""
SCENES: dict[str, tuple[Scene, Callable[[], CockpitApp]]] = {
    "main": (main, cockpit),
    "empty": (empty, lambda: cockpit(Desk(ledger=ShelfLedger(shelf={}, chain=())))),
    "light": (main, lambda: cockpit(theme=OUR_LIGHT)),
    "ascii": (main, lambda: cockpit(in_ascii="marks")),
    "page": (press("enter"), cockpit),
    "help": (press("question_mark"), cockpit),
    "launch": (press("n", *"Fix"), cockpit),
    "confirm": (press("X"), cockpit),
    "card": (card, cockpit),
    "card_refuted": (card, lambda: cockpit(operations=NotedOperations(card=REFUTED))),
}


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "200x50"])
@pytest.mark.parametrize("name", [name for name in SCENES if name not in SMALL_ONLY])
def test_the_screen_looks_as_it_did(snap_compare: Any, name: str, size: tuple[int, int]) -> None:
    scene, make = SCENES[name]
    assert snap_compare(make(), terminal_size=size, run_before=scene)


@pytest.mark.parametrize("name", SMALL_ONLY)
def test_the_small_screen_looks_as_it_did(snap_compare: Any, name: str) -> None:
    scene, make = SCENES[name]
    assert snap_compare(make(), terminal_size=(80, 24), run_before=scene)


def test_the_layout_of_two_columns(snap_compare: Any) -> None:
    assert snap_compare(cockpit(), terminal_size=(140, 40), run_before=main)


def test_below_the_smallest_size(snap_compare: Any) -> None:
    assert snap_compare(cockpit(), terminal_size=(79, 23), run_before=main)


async def test_pictures_name_no_address_but_that_of_svg() -> None:
    app = cockpit()
    async with app.run_test() as pilot:
        await ready(pilot)
        picture = app.export_screenshot()
    assert picture.count("http") == picture.count("http://www.w3.org/2000/svg") == 1
    assert "@font-face" not in picture
    assert without_font_addresses(picture) == picture
