"""Reads a recorded run at the moment that is wanted, and puts it into the store as a whole."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from cockpit.burn import Burn
from cockpit.feeds import LedgerFeed
from cockpit.store import FEEDS, Seen
from factory.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.feeds import Found, ReadStatus
    from cockpit.store import Store
    from factory.ports.flight import Flight

RECORDED = {
    "ledger": "Recorded: it is shown as it was, and nothing can be changed here.",
    "worker": "Not watched in a replay.",
    "evidence": "Not watched in a replay; what is opened are the files as they are now.",
}


class ReplayFeed(LedgerFeed):
    """In the place of the ledger's feed: looks when another moment is wanted, and never by itself.

    Args:
        flight: Nobody else moves it.
        store: Gets what was read.
        read_status: Makes the eight fields of the run, at the time of its moment.
        wanted: Tells the `seq` that is to be shown.
    """

    def __init__(
        self, flight: Flight, store: Store, read_status: ReadStatus, wanted: Callable[[], tuple[int, str]]
    ) -> None:
        super().__init__(flight, store, read_status)
        self._flight = flight
        self._wanted = wanted
        self._shown = (0, -1)
        self._is_asked_again = False

    @property
    def shown(self) -> int:
        """`seq` of what the store has; 0 before the first look."""
        return self._shown[0]

    def look_now(self) -> None:
        """Another moment is wanted."""
        self._wake.set()

    def again(self) -> None:
        """Read the same moment again."""
        self._is_asked_again = True
        self._wake.set()

    async def run(self) -> None:
        """Look whenever another moment is wanted, until cancelled."""
        while True:
            self._wake.clear()
            await self.refresh()
            await self._wake.wait()

    async def refresh(self) -> None:
        """Look once; what is another moment than the store has goes there, all of it at once."""
        known, self._is_asked_again = (0, -1) if self._is_asked_again else self._shown, False
        run = self._store.snapshot.wanted
        try:
            look = asyncio.get_running_loop().run_in_executor(self._thread, self._look_at, *self._wanted(), run, known)
            shown, found = await look
        except SourceError as error:
            self._store.saw(self.name, Seen(problem=f"{error.message} {error.hint}".strip()))
            return
        self._shown = shown
        if found is not None:
            self._put(found)

    def _put(self, found: Found) -> None:
        for name in FEEDS:
            self._store.saw(name, Seen(problem=RECORDED[name], is_past=True))
        view, status = found.selected or (None, None)
        self._store.change(  # nothing of the moment before is left
            rows=found.rows, live=found.live, systems=found.systems, requests=found.requests, selected=view,
            status=status, as_of=self._flight.at, burn=Burn(),
        )  # fmt: skip

    def _look_at(self, seq: int, now: str, run: str, known: tuple[int, int]) -> tuple[tuple[int, int], Found | None]:
        """Which moment that is, and what is to be seen there unless it is known. Runs in a thread."""
        self._flight.seek(seq)
        beats = self._beats_until(now)
        if (seq, beats) == known:
            return known, None
        self._flight.seek(seq, beats)
        return (seq, beats), self._look_whole(self._flight.head(), run, {})

    def _beats_until(self, now: str) -> int:
        """How many signs of life agents had given by then; the next moment has none of them."""
        seq = self._flight.seq
        low, high = 0, self._flight.beats
        while low < high:
            middle = (low + high + 1) // 2
            self._flight.seek(seq, middle)
            low, high = (middle, high) if self._flight.at <= now else (low, middle - 1)
        return low
