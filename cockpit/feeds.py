"""Loops that keep the store fresh: the ledger by its cursor, the evidence folder by watching, each with an age."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cockpit.store import Seen, Snapshot, Store
from factory.errors import Missing, SourceError
from factory.model.audit import ChainHead, Event
from factory.model.status import Source, Status
from factory.model.view import RunRow, RunView
from factory.ports.ledger import Ledger

POLL_S = 0.1
IDLE_POLL_S = 0.5
"""Between two looks while no goal is open."""
BEAT_S = 5.0
"""Agents note their heartbeats without an event: so often the selected goal is read again while it works."""
RETRY_S = 2.0
LIVE_KEPT = 200
ROWS_READ = 10_000

Ages = Mapping[str, Source]
ReadStatus = Callable[[RunView, Ages], Status]
"""The eight fields of a run, from its view and the ages of the sources. Called in a thread."""


@dataclass(frozen=True)
class Found:
    """What one look at the ledger brought."""

    head: ChainHead
    rows: tuple[RunRow, ...]
    live: tuple[Event, ...]
    selected: tuple[RunView, Status] | None
    """The selected goal and its eight fields, if it had to be read."""
    is_new: bool = True
    """Whether anything had changed at all."""


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
        self._reread = False
        self._wake = asyncio.Event()

    def look_now(self) -> None:
        """Do not wait for the next turn: the operator selected another goal, or something was just done."""
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
        """Look once, and put what was found into the store."""
        before = self._store.snapshot
        wanted = before.wanted
        ages = before.ages(self._monotonic())
        try:
            found = await asyncio.to_thread(self._look, before, self._must_reread(wanted), ages)
        except SourceError as error:
            seen = before.sources.get(self.name, Seen())
            self._store.saw(self.name, Seen(seen.at, seen.answered, _sentence(error)))
            return
        now = self._monotonic()
        self._store.saw(self.name, Seen(now, True))
        self._head = found.head
        self._take(found, wanted, now)

    def again(self) -> None:
        """Read the selected goal again at once, whether the ledger changed or not: its evidence folder did."""
        self._reread = True
        self._wake.set()

    def _take(self, found: Found, wanted: str, now: float) -> None:
        changes: dict[str, Any] = {"rows": found.rows, "live": found.live} if found.is_new else {}
        if found.selected is not None and wanted == self._store.snapshot.wanted:
            self._read_at, self._reread = now, False
            view, status = found.selected
            changes |= {"selected": view, "status": status, "as_of": view.as_of}
        if changes:
            self._store.change(**changes)

    def _must_reread(self, wanted: str) -> bool:
        selected = self._store.snapshot.selected
        if selected is None or selected.run.id != wanted:
            return bool(wanted)
        works = selected.run.state in {"running", "closing"}
        return self._reread or (works and self._monotonic() - self._read_at >= BEAT_S)

    def _look(self, before: Snapshot, reread: bool, ages: Ages) -> Found:
        """Runs in a thread."""
        rows, live, wanted = before.rows, before.live, before.wanted
        head = self._ledger.head()
        known = self._head
        if known is None or head.count < known.count or (head.count == known.count and head.hash != known.hash):
            rows = self._ledger.rows(limit=ROWS_READ)
            live = self._ledger.events(since=max(0, head.count - LIVE_KEPT), limit=LIVE_KEPT)
            return Found(head, rows, live, self._read(wanted, ages))
        if head.count == known.count:
            return Found(head, rows, live, self._read(wanted, ages) if reread else None, is_new=False)
        events = self._ledger.events(since=known.count)
        changed = {event.run for event in events if event.run}
        rows = merged(rows, self._ledger.rows(ids=sorted(changed))) if changed else rows
        selected = self._read(wanted, ages) if reread or wanted in changed else None
        reached = ChainHead(events[-1].seq, events[-1].hash) if events else head
        return Found(reached, rows, (*live, *events)[-LIVE_KEPT:], selected)

    def _read(self, run: str, ages: Ages) -> tuple[RunView, Status] | None:
        try:
            view = self._ledger.view(run) if run else None
        except Missing:
            return None
        return (view, self._read_status(view, ages)) if view else None

    def _pause_s(self) -> float:
        snapshot = self._store.snapshot
        seen = snapshot.sources.get(self.name)
        if seen is not None and seen.problem:
            return RETRY_S
        is_open = any(row.state in {"running", "closing", "ready"} for row in snapshot.rows)
        return POLL_S if is_open else IDLE_POLL_S


def merged(rows: tuple[RunRow, ...], changed: tuple[RunRow, ...]) -> tuple[RunRow, ...]:
    """The list with changed rows in their places and new ones in front; all others stay the same objects."""
    fresh = {row.id: row for row in changed}
    kept = [fresh.pop(row.id, row) for row in rows]
    return (*(row for row in changed if row.id in fresh), *kept)


def _sentence(error: SourceError) -> str:
    return f"{error.message} {error.hint}".strip()
