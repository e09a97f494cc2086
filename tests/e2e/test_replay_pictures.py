"""A replay of the real demo draws exactly the picture that was live then: every copy of its ledger is the witness."""

from contextlib import closing
from pathlib import Path

import pytest
from textual.pilot import Pilot

from adapters.flight.opening import open_run
from adapters.ledger.open import open_ledger
from cockpit.app import CockpitApp
from cockpit.replay_app import ReplayApp
from cockpit.screens.output_tail import OutputTail
from tests.app.driving import until
from tests.e2e.filmed import Cell, cells, film_demo, live, replay, stand_at, text_of
from tests.fakes.clock import FixedClock

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(900)]

MOMENTS = 14
"""Copies that are compared, from the first to the last one."""
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
        then, now = await _pictures(home, copy, size)
        assert text_of(now) == text_of(then), copy.name
        assert now == then, f"{copy.name}: another style"


async def _pictures(home: Path, copy: Path, size: tuple[int, int]) -> tuple[Picture, Picture]:
    """The cockpit on the copy, and the replay at its moment."""
    with closing(open_ledger(copy, FixedClock())) as ledger:
        run = ledger.resolve("last")
        flight = open_run(home / "ledger.db", run, home / "evidence" / run)
        try:
            stand_at(flight.ledger, ledger)
            with live(copy, home, flight.ledger.at) as app:
                async with app.run_test(size=size) as pilot:
                    then = await _drawn(pilot, app)
            again = replay(flight.ledger, home)
            async with again.run_test(size=size) as pilot:
                return then, await _drawn(pilot, again)
        finally:
            flight.close()


async def _drawn(pilot: Pilot[None], app: CockpitApp) -> Picture:
    """The screen, as soon as everything on it was read."""
    await until(pilot, lambda: app.store.snapshot.selected_status and "evidence" in app.store.snapshot.sources)
    if isinstance(app, ReplayApp):
        await until(pilot, lambda: app.is_shown)
    await until(pilot, lambda: app.main.query_one(OutputTail).is_read)
    return cells(app)
