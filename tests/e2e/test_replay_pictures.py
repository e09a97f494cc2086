"""A replay of the real demo draws exactly the picture that was live then: every copy of its ledger is the witness."""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from textual.pilot import Pilot

from adapters.flight.opening import open_run
from adapters.ledger.open import open_ledger
from cockpit.app import CockpitApp
from cockpit.replay_app import ReplayApp
from cockpit.screens.output_tail import OutputTail
from tests.app.driving import screen_text, settled, until
from tests.e2e.filmed import Cell, cells, film_demo, live, replay, stand_at, text_of
from tests.e2e.terminal import terminal
from tests.fakes.clock import FixedClock

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(900)]

MOMENTS = 14
"""Copies that are compared, from the first to the last one."""
PAGES = ("run", "steps", "thread", "evidence", "cost", "timeline", "blockers")
"""Pages that are drawn from the ledger alone."""
Picture = list[list[Cell]]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path]]:
    """The home of the demo, and the copies of its ledger, oldest first."""
    folder = Path(tmp_path_factory.mktemp("film"))
    film_demo(folder / "home", folder / "copies")
    copies = sorted((folder / "copies").iterdir())
    assert len(copies) >= MOMENTS, "too few moments were copied to say anything"
    apart = (len(copies) - 1) / (MOMENTS - 1)
    return folder / "home", [copies[round(number * apart)] for number in range(MOMENTS)]


@pytest.mark.parametrize("size", [(80, 24), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_replay_at_any_moment_is_the_picture_of_then(
    film: tuple[Path, list[Path]], size: tuple[int, int]
) -> None:
    home, copies = film
    for copy in copies:
        then, now = await _pictures(home, copy, size, ())
        _compare(then, now, copy.name)


async def test_so_are_its_pages(film: tuple[Path, list[Path]]) -> None:
    home, copies = film
    for copy in copies[:: MOMENTS // 4]:
        then, now = await _pictures(home, copy, (100, 40), PAGES)
        _compare(then, now, copy.name)


def test_the_command_opens_it_and_a_stranger_opens_the_file(film: tuple[Path, list[Path]], tmp_path: Path) -> None:
    home, _ = film
    environment = {**os.environ, "COCKPIT_HOME": str(home)}
    argv = (sys.executable, "-P", "-m", "cockpit", "replay")
    with terminal((*argv, "last", "--speed", "0.5"), tmp_path, environment) as window:
        window.shows("REPLAY", "event 1/", "run created")
        window.keys(")")
        window.shows("‖ end", "done")
        window.keys("X")
        window.shows("This is a recording: nothing can be changed here.")
        window.keys("\\;")
        window.shows("▶ 0.5×")  # slow, so that a busy machine sees it
        window.keys("q")
        window.until(lambda _: window.ended(), "its end")
    file = tmp_path / "demo.flight"
    done = subprocess.run([*argv, "last", "--export", str(file)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    stranger = {**os.environ, "COCKPIT_HOME": str(tmp_path / "nowhere")}
    with terminal((*argv, str(file)), tmp_path, stranger) as window:
        window.shows("REPLAY", "event 1/", "run created")
        window.keys(")")
        window.shows("‖ end", "done")
        window.keys("e")
        window.shows("junit.xml")
        window.keys("q", "q")
        window.until(lambda _: window.ended(), "its end")
    assert not (tmp_path / "nowhere" / "ledger.db").exists()


def _compare(then: list[Picture], now: list[Picture], name: str) -> None:
    for before, again in zip(then, now, strict=True):
        assert text_of(again) == text_of(before), name
        assert again == before, f"{name}: another style"


async def _pictures(
    home: Path, copy: Path, size: tuple[int, int], pages: Sequence[str]
) -> tuple[list[Picture], list[Picture]]:
    """The main screen and these pages: of the cockpit on the copy, and of the replay at its moment."""
    with closing(open_ledger(copy, FixedClock())) as ledger:
        run = ledger.resolve("last")
        with closing(open_run(home / "ledger.db", run, home / "evidence" / run)) as flight:
            stand_at(flight.ledger, ledger)
            with live(copy, home, flight.ledger.at) as app:
                async with app.run_test(size=size) as pilot:
                    then = await _drawn(pilot, app, pages)
            again = replay(flight.ledger, home)
            async with again.run_test(size=size) as pilot:
                return then, await _drawn(pilot, again, pages)


async def _drawn(pilot: Pilot[None], app: CockpitApp, pages: Sequence[str]) -> list[Picture]:
    """The screens, each as soon as everything on it was read."""
    await until(pilot, lambda: app.store.snapshot.selected_status and "evidence" in app.store.snapshot.sources)
    if isinstance(app, ReplayApp):
        await until(pilot, lambda: app.is_shown)
    await until(pilot, lambda: app.main.query_one(OutputTail).is_read)
    drawn = [cells(app)]
    for page in pages:
        await app.screen.run_action(f"page_of('{page}')")
        await settled(pilot)
        await until(pilot, lambda: _is_headed(app))
        drawn.append(cells(app))
    return drawn


def _is_headed(app: CockpitApp) -> bool:
    """Whether the page has been drawn: its border says whose it is."""
    return any(letter.isalpha() for letter in screen_text(app).partition("\n")[0])
