"""How the pages look at the two designed sizes. `pytest --snapshot-update` takes the pictures again; look at them."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.app.driving import settled
from tests.app.pages_driving import open_part, shows
from tests.app.pages_sample import FILES, planted
from tests.app.test_pages import open_item

SIZES = [pytest.param((80, 24), id="80x24"), pytest.param((200, 50), id="200x50", marks=pytest.mark.slow)]
PARTS = ("evidence", "diff", "output", "thread", "cost", "timeline", "audit", "knowledge")
READY = {"audit": "the chain verifies"}
"""Words that come from a thread after the first picture."""
ITEMS = tuple(name for name in FILES if not name.endswith(".patch"))


def part_scene(part: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """A page, settled."""

    async def scene(pilot: Pilot[Any]) -> None:
        await open_part(pilot, part)
        if words := READY.get(part):
            await shows(pilot, words)
        await settled(pilot)

    return scene


def item_scene(name: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """One piece of evidence, settled."""

    async def scene(pilot: Pilot[Any]) -> None:
        await open_item(pilot, name)
        await settled(pilot)

    return scene


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("part", PARTS)
def test_the_page_looks_as_it_did(snap_compare: Any, tmp_path: Path, part: str, size: tuple[int, int]) -> None:
    assert snap_compare(planted(tmp_path), terminal_size=size, run_before=part_scene(part))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ITEMS)
def test_the_view_of_a_file_looks_as_it_did(
    snap_compare: Any, tmp_path: Path, name: str, size: tuple[int, int]
) -> None:
    assert snap_compare(planted(tmp_path), terminal_size=size, run_before=item_scene(name))
