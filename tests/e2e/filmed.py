"""The real demo, with copies of its ledger taken while it ran, and two cockpits as cells that can be compared."""

import sqlite3
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from rich.style import Style
from textual.geometry import Region

from adapters.flight.flight_ledger import FlightLedger
from adapters.ledger.open import open_ledger
from cockpit.app import CockpitApp
from cockpit.cli import demo_check
from cockpit.cli.demo import memory_stub
from cockpit.config import load
from cockpit.first_ports import places_of
from cockpit.replay_app import ReplayApp
from cockpit.surroundings import Surroundings
from cockpit.wiring import opened_ports
from factory.model.source import Source
from factory.model.status import Status
from factory.model.step import Attempt
from factory.model.view import RunView
from factory.ports.ledger import Ledger
from factory.rules.status import status
from tests.app.fakes import Desk, NotedOperations, Seconds
from tests.fakes.clock import FixedClock
from widgets.footer import Footer
from widgets.header import Header
from widgets.message_line import MessageLine
from widgets.output import OutputPane
from widgets.sources import Sources

Cell = tuple[str, Style | None]
LONGEST_S = 300.0
EVERY_S = 0.05
"""Between two looks at the ledger that is being written."""


def film_demo(home: Path, copies: Path) -> None:
    """Play the demo in a home with a real worker, and copy its ledger whenever it has another event."""
    copies.mkdir()
    ledger, known = home / "ledger.db", 0
    with ThreadPoolExecutor(1) as beside, pytest.MonkeyPatch.context() as patch:
        patch.setenv("COCKPIT_SPEED", "5")  # not as fast as the check: signs of life are to be seen, too
        patch.setenv("COCKPIT_OUTBOX_FIRST_RETRY_S", "1")
        patch.setattr(demo_check, "LONGEST_S", LONGEST_S)
        played = beside.submit(_play, home)
        while not played.done():
            wait([played], EVERY_S)
            if ledger.exists():
                known = _copy(ledger, copies, known)
        assert played.result().ok
    _copy(ledger, copies, known)


def _play(home: Path) -> demo_check.Report:
    with memory_stub(home) as memory:
        settings = load(home)
        with opened_ports(settings, "operator:film") as ports:
            return demo_check.check_demo(demo_check.make_play(ports, settings, memory))


def _copy(ledger: Path, copies: Path, known: int) -> int:
    """A copy of the ledger if it has an event more than `known`; the newest one it has."""
    made = copies.with_name("copying.db")
    try:
        with closing(sqlite3.connect(f"{ledger.as_uri()}?mode=ro", uri=True)) as connection:
            (newest,) = connection.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()
            if newest > known:
                with closing(sqlite3.connect(made)) as copy:
                    connection.backup(copy)
                made.rename(copies / f"{newest:05}.db")  # only a whole one is among them
    except sqlite3.OperationalError:  # it is only being made
        return known
    return max(known, int(newest))


def stand_at(flight: FlightLedger, copy: Ledger) -> None:
    """Go to the moment of a copy: its newest event, and the signs of life that it has."""
    flight.seek(copy.head().count)
    seen = _signs(copy.find(Attempt))
    for beats in range(flight.beats + 1):
        flight.seek(copy.head().count, beats)
        if _signs(flight.find(Attempt)) == seen:
            return
    raise AssertionError(f"no sign of life of the recording is that of the copy: {seen}")


def _signs(attempts: tuple[Attempt, ...]) -> list[tuple[str, str]]:
    return [(one.last_heartbeat, one.last_progress) for one in attempts]


@contextmanager
def live(file: Path, home: Path, at: str) -> Iterator[CockpitApp]:
    """The ordinary cockpit on a copy, with a clock that stands at its moment."""
    clock = FixedClock(at, step_ms=0)
    with closing(open_ledger(file, clock)) as ledger:
        app = CockpitApp(
            ports=Desk(clock=clock, ledger=ledger),  # type: ignore[arg-type]
            operations=NotedOperations(),
            read_status=lambda view, ages: status_at(home, view, ages, at),
            evidence_root=home / "evidence",
            monotonic=Seconds(),
            surroundings=Surroundings(),
        )
        app._clock_watch._steady = lambda: 0.0
        yield app


def replay(flight: FlightLedger, home: Path) -> ReplayApp:
    """The replay, where the recording stands."""
    return ReplayApp(
        flight=flight,
        evidence=home / "evidence" / flight.run,
        read_status=lambda view, ages, now: status_at(home, view, ages, now),
        monotonic=Seconds(),
        surroundings=Surroundings(),
    )


def status_at(home: Path, view: RunView, ages: Mapping[str, Source], now: str) -> Status:
    """The eight fields, as the command line makes them."""
    evidence, clone = places_of(home, view.run.id, Path(view.run.repo))
    return status(view, evidence, ages, now, clone)


def cells(app: CockpitApp) -> list[list[Cell]]:
    """Every cell on screen with its style, but for what differs by what a replay is (`masked`)."""
    rows = [
        [(char, segment.style) for segment in strip for char in segment.text]
        for strip in app.screen._compositor.render_strips()
    ]
    for region in masked(app):
        for y in range(region.y, region.bottom):
            rows[y][region.x : region.right] = [("·", None)] * region.width
    return rows


def masked(app: CockpitApp) -> Iterator[Region]:
    """What says of a screen that it is live or a replay, and nothing else.

    The end of the header (`LIVE 0.0s` or `REPLAY`); the message line (sources and their ages, or the strip); the
    footer (keys that do something now); the list of sources; and, while an attempt works, the end of its output: the
    cockpit on a copy reads the file as it is now, the replay as much of it as there was.
    """
    for header in app.screen.query(Header):
        text = "".join(char for char, _ in _row(app, header.region.y))
        mark = max(text.find(word) for word in ("LIVE 0.0s", "   REPLAY"))
        yield Region(mark, header.region.y, len("LIVE 0.0s"), 1)
    view = app.store.snapshot.selected_view
    works = bool(view and view.attempts and not view.attempts[-1].ended_at)
    for kind in (MessageLine, Footer, Sources, *((OutputPane,) if works else ())):
        yield from (found.region for found in app.screen.query(kind) if found.region.area)


def _row(app: CockpitApp, y: int) -> list[Cell]:
    strip = app.screen._compositor.render_strips()[y]
    return [(char, segment.style) for segment in strip for char in segment.text]


def text_of(rows: list[list[Cell]]) -> list[str]:
    """The lines without their styles."""
    return ["".join(char for char, _ in row) for row in rows]
