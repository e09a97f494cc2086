"""A factory in trouble: what is old stays on screen, dim and with its age, and the trouble has a name."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.moment import Said
from cockpit.store import Seen
from factory.errors import Unreachable
from tests.app import sample
from tests.app.driving import drawn, ready, screen_text, until
from tests.app.fakes import Desk, Seconds, ShelfLedger, cockpit
from widgets.pane import Pane
from widgets.summary import Summary

SIZES = [(80, 24), (200, 50)]
LOCKED = Unreachable("The ledger is locked by another program.", "It is tried again by itself.")
Scene = Callable[[Pilot[Any]], Awaitable[None]]


class Trouble:
    """A cockpit that worked, and what happens to it then."""

    def __init__(self, name: str) -> None:
        self.seconds = Seconds()
        self.desk = Desk(ledger=ShelfLedger())
        self.app: CockpitApp = cockpit(self.desk, seconds=self.seconds)
        self.name = name

    async def happen(self, pilot: Pilot[Any]) -> None:
        """Let it work, then break it, then let time pass."""
        await ready(pilot, sample.RUN)
        for feed in [worker for worker in pilot.app.workers if worker.group == "feed"]:
            feed.cancel()
        await pilot.pause()
        self.app._tick()  # a clock that jumps has been looked at before
        await getattr(self, f"_{self.name}")()
        await drawn(pilot)
        self.app._tick()
        self.app.said = Said()  # the sources have their line back
        await drawn(pilot)

    async def _worker_gone(self) -> None:
        self.app.store.saw("worker", Seen(self.seconds.now, True, "No worker runs; cockpit worker start"))
        self.seconds.now += 41
        self.app.store.saw("ledger", Seen(self.seconds.now, True))

    async def _ledger_locked(self) -> None:
        self.desk.ledger.problem = LOCKED
        await self.app.ledger_feed.refresh()
        self.seconds.now += 14

    async def _evidence_gone(self) -> None:
        gone = "/home/ana/.local/state/cockpit/evidence is gone: no evidence can be shown or proven. Bring it back."
        self.app.store.saw("evidence", Seen(self.seconds.now, True, gone))
        self.seconds.now += 75
        self.app.store.saw("ledger", Seen(self.seconds.now, True))

    async def _clock_jumped(self) -> None:
        self.app._clock = type(self.desk.clock)("2026-03-02T13:02:11.000Z", step_ms=0)


TROUBLES = {
    "worker_gone": ("worker stale 41s", "worker STALE 41s", {"steps", "live"}),
    "ledger_locked": ("ledger stale 14s", "ledger STALE 14s",
                      {"needs", "goals", "summary", "steps", "thread", "output", "evidence", "cost", "blockers",
                       "live"}),
    "evidence_gone": ("evidence stale 1m", "evidence STALE 1m", {"evidence"}),
    "clock_jumped": ("! clock      STALE", "? $0.31/$5", set()),
}  # fmt: skip


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "200x50"])
@pytest.mark.parametrize("name", TROUBLES)
def test_each_trouble_looks_as_it_did(snap_compare: Any, name: str, size: tuple[int, int]) -> None:
    trouble = Trouble(name)
    assert snap_compare(trouble.app, terminal_size=size, run_before=trouble.happen)


@pytest.mark.parametrize("name", TROUBLES)
async def test_each_trouble_is_named_and_what_rests_on_it_is_dim(name: str) -> None:
    trouble = Trouble(name)
    said, on_pane, dim = TROUBLES[name]
    async with trouble.app.run_test(size=(200, 50)) as pilot:
        await trouble.happen(pilot)
        text = screen_text(trouble.app)
        stale = {pane.id for pane in trouble.app.screen.query(Pane) if pane.has_class("-stale")}
    assert said in text
    assert on_pane in " ".join(text.split()) or on_pane in text
    assert stale == dim
    assert sample.GOAL in text


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "200x50"])
async def test_what_was_proven_is_dim_in_the_field_too_while_the_evidence_is_gone(size: tuple[int, int]) -> None:
    trouble = Trouble("evidence_gone")
    async with trouble.app.run_test(size=size) as pilot:
        await ready(pilot, sample.RUN)
        assert "good" in _tones(trouble.app, "proof")
        await trouble.happen(pilot)
        assert "evidence STALE 1m" in _proof(trouble.app)
        assert _tones(trouble.app, "proof") == {"dim", "warn"}
        assert _tones(trouble.app, "evidence") == {"dim"}


def _proof(app: CockpitApp) -> str:
    (line,) = [line for line in screen_text(app).splitlines() if "│ proof " in line]
    return line


def _tones(app: CockpitApp, field: str) -> set[str]:
    """In which tones the value of a field is drawn; what says since when it is old is amber."""
    (line,) = [line for line in app.main.query_one(Summary).lines if line[0][0].strip() == field]
    return {tone for text, tone in line[1:] if text.strip()}


async def test_the_values_are_bright_again_when_the_source_is_back() -> None:
    trouble = Trouble("ledger_locked")
    async with trouble.app.run_test(size=(200, 50)) as pilot:
        await trouble.happen(pilot)
        trouble.desk.ledger.problem = None
        await trouble.app.ledger_feed.refresh()
        await until(pilot, lambda: not trouble.app.screen.query(".-stale"))
        assert "STALE" not in screen_text(trouble.app)
