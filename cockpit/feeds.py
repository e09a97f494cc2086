"""Loops that keep the store fresh: the ledger by its cursor, the evidence folder by watching, each with an age."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from cockpit.pacing import PACE_S, Flood, Pace
from cockpit.store import Seen, Snapshot, Store
from factory.errors import Missing, SourceError
from factory.rules.changed import with_changed

if TYPE_CHECKING:
    from factory.model.audit import ChainHead, Event
    from factory.model.outbox import PortHealth
    from factory.model.source import Source
    from factory.model.status import Status
    from factory.model.view import RunRow, RunView
    from factory.ports.ledger import Ledger

POLL_S = 0.1
IDLE_POLL_S = 0.5
"""Between two looks while no goal is open."""
TOLD_POLL_S = 1.0
"""Between two looks while the file is watched: only for what the watch may miss."""
TOLD_S = 0.003
"""From the first write of a change to the look at it: by then it is whole, on a disk that is fast."""
PATIENCE_S = 0.01
"""To the next look when nothing was to be seen yet, then twice as long each time."""
MOST_PATIENCE_S = 0.4
BEAT_S = 5.0
"""Agents note their heartbeats without an event: so often goals that work are read again."""
BEAT_ROWS = 500
"""How many of them, newest first."""
RETRY_S = 2.0
LIVE_KEPT = 200
ROWS_READ = 200_000
FIRST_ROWS = 200
"""Enough for any screen: they are there at once, all older ones follow."""
MORE_ROWS = 2_000
"""How many a turn reads then, so that nothing else waits long."""

Ages = Mapping[str, "Source"]
ReadStatus = Callable[["RunView", Ages], "Status"]
"""The eight fields of a run, from its view and the ages of the sources. Called in a thread."""


@dataclass(frozen=True)
class Found:
    """What one look at the ledger brought."""

    head: ChainHead
    rows: tuple[RunRow, ...]
    live: tuple[Event, ...]
    selected: tuple[RunView, Status] | None
    """The selected goal and its eight fields, if it had to be read."""
    systems: tuple[PortHealth, ...]
    requests: int
    """How many wait."""
    is_all: bool
    """Whether there are no older goals than these."""
    stamp: int = 0
    """Of the ledger when the look began."""


class LedgerFeed:
    """Follows the ledger by its cursor and re-reads only what changed.

    Args:
        ledger: Read in a thread; it may be slow or away.
        store: Gets what was read.
        read_status: Makes the eight fields of the selected goal.
        monotonic: Seconds that only grow.
    """

    name = "ledger"

    def __init__(
        self, ledger: Ledger, store: Store, read_status: ReadStatus, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._read_status = read_status
        self._monotonic = monotonic
        self._head: ChainHead | None = None
        self._read_at = 0.0
        self._beat_at = 0.0
        self._reread = False
        self._is_asked = True
        self._may_be_more = False
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()
        # Of its own: what a look takes and gives back stays in the heap of its thread, once and not in six of them.
        self._thread = ThreadPoolExecutor(1, "ledger")
        self._stamp = 0
        self._is_announced = False
        self._patience_s = 0.0
        self.is_told = False
        """Whether somebody says when the ledger changes."""
        self._flood = Flood()
        self._told = Pace(self._wake_soon, asyncio.get_running_loop, PACE_S - TOLD_S)

    def changed(self) -> None:
        """The file was written: look at once, and at most ten times a second; less often in a flood."""
        self.is_told = True
        self._told.wish()

    def _wake_soon(self) -> None:
        asyncio.get_running_loop().call_later(TOLD_S, self._announce)

    def _announce(self) -> None:
        self._is_announced = True
        self._wake.set()

    def look_now(self) -> None:
        """Do not wait for the next turn: the operator rests on another goal, or something was just done."""
        self._is_asked = True
        self._wake.set()

    async def run(self) -> None:
        """Look again and again until cancelled; an error is noted as the source's problem and tried again."""
        while True:
            self._wake.clear()
            await self.refresh()
            try:
                await asyncio.wait_for(self._wake.wait(), self._pause_s())
            except TimeoutError:
                continue

    async def refresh(self) -> None:
        """Look once, and put what was found into the store; never two at a time, for each goes on from the last."""
        async with self._turn:
            before = self._store.snapshot
            wanted = before.wanted
            if self._is_announced:
                self._is_announced, self._patience_s = False, PATIENCE_S
            ages = before.ages(self._monotonic())
            try:
                loop = asyncio.get_running_loop()
                found = await loop.run_in_executor(self._thread, self._look, before, self._must_reread(wanted), ages)
            except SourceError as error:
                seen = before.sources.get(self.name, Seen())
                self._store.saw(self.name, Seen(seen.at, seen.answered, _sentence(error)))
                return
            now = self._monotonic()
            self._store.saw(self.name, Seen(now, True))
            self._flood.take(found.head.count - (self._head or found.head).count)
            self._told.pause_s = self._flood.pace_s - TOLD_S
            self._head = found.head
            self._note_stamp(found.stamp)
            self._take(found, wanted, now)

    def _note_stamp(self, stamp: int) -> None:
        """Writers are seen before their commit is, on a slow disk long before: who was told of one looks again."""
        is_seen = stamp != self._stamp or not stamp
        self._stamp = stamp
        self._patience_s = 0.0 if is_seen or self._patience_s > MOST_PATIENCE_S else 2 * self._patience_s

    def again(self) -> None:
        """Read the selected goal again at once, whether the ledger changed or not: its evidence folder did."""
        self._reread = True
        self._wake.set()

    def _take(self, found: Found, wanted: str, now: float) -> None:
        before = self._store.snapshot
        changes: dict[str, Any] = {
            name: getattr(found, name)
            for name in ("rows", "live", "systems", "requests", "is_all")
            if getattr(found, name) is not getattr(before, name)
        }
        if found.selected is not None and wanted == self._store.snapshot.wanted:
            self._read_at, self._reread, self._is_asked = now, False, False
            view, status = found.selected
            changes |= {"selected": view, "status": status, "as_of": view.as_of}
        if changes:
            self._store.change(**changes)

    def _must_reread(self, wanted: str) -> bool:
        selected = self._store.snapshot.selected
        if selected is None or selected.run.id != wanted:
            return bool(wanted) and self._is_asked
        works = selected.run.state in {"running", "closing"}
        return self._reread or (works and self._monotonic() - self._read_at >= BEAT_S)

    def _look(self, before: Snapshot, reread: bool, ages: Ages) -> Found:
        """Runs in a thread."""
        stamp = self._ledger.stamp()  # first: what is committed meanwhile is seen by the next look
        return replace(self._looked(before, reread, ages), stamp=stamp)

    def _looked(self, before: Snapshot, reread: bool, ages: Ages) -> Found:
        if self._may_be_more:
            before = replace(before, rows=self._with_older(before.rows), places={})
        head, known = self._ledger.head(), self._head
        if known is None or head.count < known.count:
            return self._look_whole(head, before.wanted, ages)
        if head == known:
            selected = self._read(before.wanted, ages) if reread else None
            known_rows, others = self._beaten(before.rows), (before.systems, before.requests)
            return Found(head, known_rows, before.live, selected, *others, not self._may_be_more)
        # The last known event comes along: where it is another one, another ledger was put in the place of ours.
        events = self._ledger.events(since=max(0, known.count - 1))
        if known.count and (not events or events[0].hash != known.hash):
            return self._look_whole(head, before.wanted, ages)
        return self._look_on(head, events[1 if known.count else 0 :], before, reread, ages)

    def _look_whole(self, head: ChainHead, wanted: str, ages: Ages) -> Found:
        self._beat_at = self._monotonic()
        rows = self._ledger.rows(limit=FIRST_ROWS)
        self._may_be_more = len(rows) == FIRST_ROWS
        live = self._ledger.events(since=max(0, head.count - LIVE_KEPT), limit=LIVE_KEPT)
        others = self._systems(), self._requests()
        return Found(head, rows, live, self._read(wanted, ages), *others, not self._may_be_more)

    def _look_on(self, head: ChainHead, events: tuple[Event, ...], before: Snapshot, reread: bool, ages: Ages) -> Found:
        changed = {event.run for event in events if event.run}
        rows = before.rows
        if changed:
            rows = merged(rows, self._ledger.rows(ids=sorted(changed)), before.places or None)
        selected = self._read(before.wanted, ages) if reread or before.wanted in changed else None
        reached = replace(head, count=events[-1].seq, hash=events[-1].hash) if events else head
        is_about_systems = any(not event.run for event in events)
        systems = self._systems() if is_about_systems else before.systems
        is_about_requests = any(event.action.startswith("request.") for event in events)
        requests = self._requests() if is_about_requests else before.requests
        live = (*before.live, *events)[-LIVE_KEPT:]
        return Found(reached, rows, live, selected, systems, requests, not self._may_be_more)

    def _systems(self) -> tuple[PortHealth, ...]:
        from factory.model.outbox import PortHealth  # here in a thread, after the first picture

        return self._ledger.find(PortHealth)

    def _requests(self) -> int:
        from factory.model.request import Request

        return len(self._ledger.find(Request, state="open"))

    def _beaten(self, rows: tuple[RunRow, ...]) -> tuple[RunRow, ...]:
        """The list with the last progress of whatever works; the same tuple when nothing moved."""
        now = self._monotonic()
        if now - self._beat_at < BEAT_S:
            return rows
        self._beat_at = now
        running = (row for row in rows if row.state == "running")
        known = {row.id: row for row in islice(running, BEAT_ROWS)}
        moved = tuple(row for row in self._ledger.rows(ids=list(known)) if row != known[row.id]) if known else ()
        return merged(rows, moved) if moved else rows

    def _with_older(self, rows: tuple[RunRow, ...]) -> tuple[RunRow, ...]:
        """The list with the next older goals at its end."""
        room = min(MORE_ROWS, ROWS_READ - len(rows))
        older = self._ledger.rows(limit=room, skip=len(rows)) if room > 0 else ()
        self._may_be_more = len(older) == room > 0
        known = {row.id for row in rows[-room:]}  # what was launched meanwhile moves all places down
        return (*rows, *(row for row in older if row.id not in known))

    def _read(self, run: str, ages: Ages) -> tuple[RunView, Status] | None:
        from factory.rules.blinding import blinded

        try:
            view = blinded(self._ledger.view(run)) if run else None
        except Missing:
            return None
        return (view, self._read_status(view, ages)) if view else None

    def _pause_s(self) -> float:
        snapshot = self._store.snapshot
        seen = snapshot.sources.get(self.name)
        if seen is not None and seen.problem:
            return RETRY_S
        if self._may_be_more:
            return 0.0
        if self.is_told:
            return self._patience_s or TOLD_POLL_S
        return max(POLL_S, self._flood.pace_s) if snapshot.totals.active else IDLE_POLL_S


def merged(
    rows: tuple[RunRow, ...], changed: tuple[RunRow, ...], places: Mapping[str, int] | None = None
) -> tuple[RunRow, ...]:
    """The list with changed rows in their places and new ones in front; all others stay the same objects.

    Args:
        places: Where each goal stands in `rows`, when that is known; then nothing has to be searched.
    """
    if places is None:
        places = {row.id: place for place, row in enumerate(rows)}
    new = tuple(row for row in changed if row.id not in places)
    kept = with_changed(rows, {places[row.id]: row for row in changed if row.id in places})
    return (*new, *kept) if new else kept


def _sentence(error: SourceError) -> str:
    return f"{error.message} {error.hint}".strip()
