"""What is written to a terminal is little, and yet the terminal shows what the screen means."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.cache import LRUCache
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip

from cockpit.app import CockpitApp
from tests.app import sample
from tests.app.driving import left_alone, ready, screen_text, until
from tests.app.fakes import cockpit
from tests.tools.tuimeter import Terminal
from widgets.goals import Goals
from widgets.lines import Line, changed_cells, changed_parts, width_of
from widgets.narrow import bands_of
from widgets.pane import Pane

KEYS = ["j", "j", "k", "tab", "j", "z", "z", "slash", "f", "i", "x", "escape", "G", "g", "?", "escape", "e", "escape"]
spans = st.lists(st.tuples(st.text("ab─ 你", max_size=4), st.sampled_from(["", "dim"])), max_size=6).map(tuple)


class Written:
    """A terminal that gets what the app writes."""

    def __init__(self, app: Any, width: int, height: int) -> None:
        self.terminal = Terminal(width, height, lambda _: None)
        self._app, self._display = app, app._display
        app._display = self.display

    def display(self, screen: Screen[Any], update: Any) -> None:
        if update is not None:
            self.terminal.feed(update.render_segments(self._app.console).encode())
        self._display(screen, update)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.terminal.lines())


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_a_terminal_shows_after_every_key_what_the_screen_means(size: tuple[int, int]) -> None:
    app = cockpit()
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        written = Written(app, *size)
        app.screen.refresh()
        for key in KEYS:
            await pilot.press(key)
            await until(pilot, lambda: app.is_drawn)
            meant = "\n".join(line.rstrip() for line in screen_text(app).splitlines())
            assert written.text == meant, key


@given(spans, spans)
def test_the_cells_that_differ_lie_between_the_bounds(before: Line, after: Line) -> None:
    start, end = changed_cells(before, after)
    old, new = _cells(before), _cells(after)
    assert old[:start] == new[:start]
    assert old[end:] == new[end:]
    if before == after:
        assert start == end


@given(spans, spans)
def test_all_cells_that_differ_are_in_one_of_the_parts(before: Line, after: Line) -> None:
    parts = changed_parts(before, after)
    old, new = _cells(before), _cells(after)
    for start, end in parts:
        old[start:end] = new[start:end]
    if parts != [changed_cells(before, after)]:  # which lines of other widths have: from the first cell to the last
        assert old == new
    assert all(one[1] < other[0] for one, other in pairwise(parts))


def test_two_ages_on_a_line_are_two_small_parts() -> None:
    before: Line = (("goal ", ""), ("5s", "dim"), (" $1 ", ""), ("10s", "dim"))
    assert changed_parts(before, (before[0], ("6s", "dim"), before[2], ("11s", "dim"))) == [(5, 7), (11, 14)]
    assert changed_parts(before, before) == []


@given(st.sets(st.integers(0, 30)))
def test_bands_are_runs_of_neighbours(lines: set[int]) -> None:
    bands = bands_of(lines)
    assert [y for band in bands for y in band] == sorted(lines)
    assert all(one.stop < other.start for one, other in pairwise(bands))


def _cells(line: Line) -> list[tuple[str, str]]:
    """What stands in each cell, with its tone; the second cell of a wide character repeats it."""
    return [(char, tone) for text, tone in line for char in text for _ in range(width_of(((char, ""),)))]


async def test_lines_that_were_drawn_are_freed_without_the_garbage_collector() -> None:
    app = cockpit()
    async with app.run_test(size=(200, 50)) as pilot:
        await left_alone(pilot, sample.RUN)  # else what else is drawn is dropped meanwhile, and not line by line
        app.main.query_one(Goals)._framed = LRUCache(2)
        gc.collect()
        with _kept_garbage() as garbage:
            for number in range(10):
                _rename_first(app, f"goal {number}")
                await pilot.pause()
        assert f"goal {number}" in screen_text(app)
        assert not [one for one in garbage if isinstance(one, Strip)]


async def test_a_line_that_changes_is_asked_of_its_own_pane_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    app = cockpit()
    async with app.run_test(size=(200, 50)) as pilot:
        await left_alone(pilot, sample.RUN)
        asked: list[tuple[str | None, int]] = []
        drawn = Pane.render_lines

        def noting(pane: Pane, crop: Region) -> list[Strip]:
            asked.append((pane.id, crop.height))
            return drawn(pane, crop)

        monkeypatch.setattr(Pane, "render_lines", noting)
        app.main.query_one(Goals).refresh_changed([1])
        await until(pilot, lambda: asked)
        assert asked == [("goals", 1)]


def _rename_first(app: CockpitApp, goal: str) -> None:
    first, *rest = app.store.snapshot.rows
    app.store.change(rows=(replace(first, goal=goal), *rest))
    app._paint_now()


@contextmanager
def _kept_garbage() -> Iterator[list[object]]:
    """Everything that only the collector would have freed meanwhile."""
    gc.disable()
    try:
        yield (garbage := [])
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        garbage += gc.garbage
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
