"""A cockpit with the review card open, and hands that press its keys."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.screens.review import Review
from factory.model.status import ReviewCard
from tests.app import sample
from tests.app.driving import ready, screen_text, settled, until
from tests.app.fakes import Desk, NotedOperations, Seconds, cockpit

CODE = tuple(sample.DIGEST[:4])
BETWEEN_S = 0.2
"""Between two keys of a hand."""


@dataclass
class Opened:
    """A cockpit with the card of the sample open on it."""

    app: CockpitApp
    pilot: Pilot[Any]
    seconds: Seconds
    desk: Desk
    operations: NotedOperations = field(default_factory=NotedOperations)

    async def press(self, *keys: str) -> None:
        """Press keys as a hand does: half a second after what was before, and then one after the other."""
        self.seconds.now += 0.5 - BETWEEN_S
        for key in keys:
            self.seconds.now += BETWEEN_S
            await self.pilot.press(key)
        await self.pilot.pause()

    async def burst(self, *keys: str) -> None:
        """All keys in one moment, as they come from a terminal that marks no paste; half a second after the rest."""
        self.seconds.now += 0.5
        await self.pilot.press(*keys)
        await self.pilot.pause()

    @property
    def is_open(self) -> bool:
        """Whether the card is still there."""
        return isinstance(self.app.screen, Review)

    @property
    def text(self) -> str:
        """What is on screen."""
        return screen_text(self.app)

    async def settled(self) -> None:
        """Wait until every operation has come back."""
        await settled(self.pilot)


@asynccontextmanager
async def card(shown: ReviewCard = sample.CARD, size: tuple[int, int] = (80, 24), **more: Any) -> AsyncIterator[Opened]:
    """The card, drawn, not yet armed."""
    desk, seconds, operations = Desk(), Seconds(), NotedOperations(card=shown, **more)
    app = cockpit(desk, operations, seconds)
    async with app.run_test(size=size) as pilot:
        await ready(pilot, sample.RUN)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, Review) and app.screen._guard and app.screen._guard.seen)
        yield Opened(app, pilot, seconds, desk, operations)
