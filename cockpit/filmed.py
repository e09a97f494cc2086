"""The ordinary cockpit, with nothing in it that moves by itself: whoever films it says what time it is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.film.frames import Row, row_of
from cockpit.film.stage import FilmDesk
from cockpit.store import Seen

LONGEST_S = 30.0
"""A picture that is not there by then never will be."""
STILL_S = 0.03
"""A picture is finished when it is the same twice, so far apart."""


class FilmedApp(CockpitApp):
    """The cockpit of the film.

    Args:
        desk: Whose clock counts.
        arguments: Those of every cockpit.
    """

    def __init__(self, desk: FilmDesk, **arguments: Any) -> None:
        super().__init__(ports=desk, monotonic=desk.clock.monotonic, notify="off", **arguments)  # type: ignore[arg-type]
        self._desk = desk
        self._clock_watch._steady = desk.clock.monotonic  # the film's clock is no jump of the machine's

    def start_feeds(self) -> None:
        """None: `look` reads."""

    async def look(self) -> None:
        """Read what is to be read now, and let every age be as old as it is by the film's clock."""
        now = self._desk.clock.monotonic()
        self.store.saw("worker", Seen(now, True, is_quiet=True))
        self.store.saw("evidence", Seen(now, True, is_quiet=True))
        self.look_now()
        await self.ledger_feed.refresh()
        if self.store.snapshot.wanted and not self.store.snapshot.selected_view:
            self.look_now()
            await self.ledger_feed.refresh()
        self._tick()
        self.mutate_reactive(CockpitApp.moment)  # also when it is the same one: the ages of sources are others
        self._files_changed({self.store.snapshot.wanted})  # a page that is live draws again


class Camera:
    """Presses the keys of a cockpit, and takes pictures of it.

    Args:
        pilot: Of a `FilmedApp`.
    """

    def __init__(self, pilot: Pilot[None], app: FilmedApp) -> None:
        self._pilot = pilot
        self._app = app

    async def press(self, key: str) -> None:
        """Press one key."""
        await self._pilot.press(key)

    async def picture(self) -> tuple[Row, ...]:
        """The screen, as soon as all that is going on has come to its end. Raises `TimeoutError`."""
        async with asyncio.timeout(LONGEST_S):
            before: tuple[Row, ...] | None = None
            while True:
                await self._rest()
                await self._app.look()
                await self._rest()
                drawn = tuple(row_of(line) for line in self._app.screen._compositor.render_strips(self._app.size))
                if drawn == before:
                    return drawn
                before = drawn
                await asyncio.sleep(STILL_S)

    async def _rest(self) -> None:
        """Until nothing is asked of the factory any more, and what came of it is drawn."""
        while self._is_busy:
            await self._pilot.pause()
            await asyncio.sleep(0)
        await self._pilot.pause()

    @property
    def _is_busy(self) -> bool:
        waits = (
            {"feed", "verb"} if self._app.screen.is_modal else {"feed"}
        )  # a verb waits for the answer to its question
        asked = [worker for worker in self._app.workers if worker.group not in waits and worker.is_running]
        return bool(asked) or not self._app.is_drawn


@asynccontextmanager
async def filming(app: FilmedApp, size: tuple[int, int]) -> AsyncIterator[Camera]:
    """A cockpit of this size (columns, lines), without a terminal, for as long as a block runs."""
    async with app.run_test(size=size) as pilot:
        yield Camera(pilot, app)
