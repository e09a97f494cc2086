"""A run at its QA gate in a real SQLite ledger, and cockpits of two operators on it, each with its own connection."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from adapters.ledger.open import open_ledger
from cockpit.app import CockpitApp
from cockpit.bound_operations import BoundOperations
from cockpit.screens.review import Review
from factory.model.source import Source
from factory.model.status import Status
from factory.model.view import RunView
from factory.ports.bundle import Ports
from factory.rules.status import status
from tests.app.driving import ready, screen_text, until
from tests.app.fakes import Seconds
from tests.app.open_card import BETWEEN_S
from tests.unit.workflow.floor import Floor, says, write


class SqliteFloor(Floor):
    """The factory floor on a ledger that is a file."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.file = home / "ledger.db"
        self.opened = open_ledger(self.file, self.clock)
        self.ledger = self.opened  # type: ignore[assignment]
        self.ports = replace(self.ports, ledger=self.opened)
        self.forget()

    @property
    def view(self) -> RunView:
        """The run as the file says."""
        return self.opened.view(self.run_id)


@dataclass
class Operator:
    """Somebody at a cockpit."""

    ports: Ports
    app: CockpitApp
    seconds: Seconds
    pilot: Pilot[Any]

    @property
    def text(self) -> str:
        """What is on the screen."""
        return screen_text(self.app)

    async def open_card(self) -> None:
        """Open the review card and wait until it takes keys."""
        await self.pilot.press("a")
        await until(self.pilot, lambda: isinstance(self.app.screen, Review) and self._is_armed)
        self.seconds.now += 1

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, as a hand does."""
        for key in keys:
            self.seconds.now += BETWEEN_S
            await self.pilot.press(key)

    async def look(self) -> None:
        """One turn of the ledger's feed, no waiting for the next one."""
        await self.app.ledger_feed.refresh()
        await self.pilot.pause()

    @property
    def _is_armed(self) -> bool:
        screen = self.app.screen
        return isinstance(screen, Review) and screen._guard is not None and not screen._guard.unseen


@asynccontextmanager
async def operator(floor: SqliteFloor, name: str) -> AsyncIterator[Operator]:
    """A cockpit of one operator, with the run on screen."""
    with closing(open_ledger(floor.file, floor.clock)) as ledger:
        ports = replace(floor.ports, ledger=ledger, actor=f"operator:{name}")
        seconds = Seconds()

        def read(view: RunView, sources: Mapping[str, Source]) -> Status:
            return status(view, str(ports.evidence.root(view.run.id)), sources, ports.clock.now())

        app = CockpitApp(ports, BoundOperations(ports), read, Path("/nowhere/evidence"), monotonic=seconds)
        app._clock_watch._steady = lambda: 0.0  # the floor's clock stands still: a slow machine is no jump
        async with app.run_test(size=(100, 30)) as pilot:
            await ready(pilot, floor.run_id)
            yield Operator(ports, app, seconds, pilot)


async def at_the_gate(home: Path) -> SqliteFloor:
    """A run whose QA gate is open."""
    floor = SqliteFloor(home)
    floor.agents.coder = [write("right")]
    floor.agents.verifier = [says("pass", ["has calc.py right"])]
    floor.on_wait = [floor.press_v]
    floor.launch()
    view = await floor.go()
    assert view.run.state == "awaiting_qa"
    return floor


__all__ = ["Operator", "SqliteFloor", "at_the_gate", "operator"]
