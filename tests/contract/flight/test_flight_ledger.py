"""A recording gives back exactly what the ledger said, at any moment and whichever way one comes to it."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from adapters.flight.flight_ledger import FlightLedger
from adapters.flight.ledger_reel import LedgerReel
from adapters.ledger.open import open_ledger
from factory.errors import Missing, Refused
from factory.model.audit import Command
from factory.model.request import Request
from factory.model.run import Run
from factory.model.step import Attempt
from tests.contract.flight.script import OTHER, RUN, Seen, played
from tests.contract.ledger.books import put
from tests.fakes.clock import FixedClock

WRITES = 100
FILE = "ledger.db"


@pytest.fixture(scope="module", params=[1, 2])
def recorded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Seen]]:
    """The ledger's file, and what it said after every write."""
    path = tmp_path_factory.mktemp("recorded") / FILE
    return path, played(path, request.param, WRITES)


@pytest.fixture
def flight(recorded: tuple[Path, list[Seen]]) -> Iterator[FlightLedger]:
    """The recording, with keyframes so near that all ways of moving are used."""
    with closing(FlightLedger(LedgerReel(recorded[0], RUN), apart=8)) as opened:
        yield opened


def check(flight: FlightLedger, seen: Seen) -> None:
    flight.seek(seen.seq, seen.beats)
    view = flight.view(RUN)
    assert replace(view, as_of=seen.view.as_of) == seen.view
    assert view.as_of == flight.at <= "2026-01-01T14"
    assert flight.rows() == (seen.row,)
    assert (flight.seq, flight.head()) == (seen.seq, seen.view.head)


ORDERS: dict[str, Callable[[list[Seen]], list[Seen]]] = {
    "forward": list,
    "backward": lambda seen: seen[::-1],
    "at random": lambda seen: Random(7).sample(seen, len(seen)),
}


@pytest.mark.parametrize("order", ORDERS)
def test_every_moment_is_as_it_was(flight: FlightLedger, recorded: tuple[Path, list[Seen]], order: str) -> None:
    for seen in ORDERS[order](recorded[1]):
        check(flight, seen)


def test_reading_ahead_changes_no_moment(flight: FlightLedger, recorded: tuple[Path, list[Seen]]) -> None:
    flight.seek(recorded[1][20].seq)
    for seen in Random(9).sample(recorded[1], 40):
        flight.read_ahead(5)
        check(flight, seen)
    while flight.read_ahead(7):
        pass
    for seen in recorded[1]:
        check(flight, seen)


def test_its_events_are_those_that_the_ledger_had_then(flight: FlightLedger, recorded: tuple[Path, list[Seen]]) -> None:
    middle = recorded[1][WRITES // 3]
    with closing(open_ledger(recorded[0], FixedClock())) as ledger:
        known = list(ledger.events(limit=100_000, run=RUN))
    flight.seek(middle.seq)
    assert flight.events(limit=100_000, run=RUN) == tuple(event for event in known if event.seq <= middle.seq)
    assert flight.events(since=known[2].seq, limit=2, run=RUN) == tuple(known[3:5])
    moments = list(flight.moments)
    assert [event for event in moments if event.run == RUN] == known
    assert {event.object for event in moments if event.run == ""} == {"knowledge", "memory", "bud_ns", "bud_day"}
    assert [event.seq for event in moments] == sorted({event.seq for event in moments})
    assert (flight.first, flight.last) == (moments[0].seq, moments[-1].seq)
    assert flight.moments[flight.place].seq == flight.seq
    assert flight.moments[1:4] == tuple(moments[1:4])
    assert flight.moments[-1] == moments[-1]


def test_nothing_of_other_runs_is_in_it(flight: FlightLedger) -> None:
    flight.seek(flight.last)
    assert flight.find(Run) == (flight.get(Run, RUN),)
    assert flight.find(Request) == ()
    for ask in (lambda: flight.get(Run, OTHER), lambda: flight.view(OTHER), lambda: flight.resolve(OTHER)):
        with pytest.raises(Missing):
            ask()


def test_before_the_first_and_after_the_last_moment_there_is_no_other(flight: FlightLedger) -> None:
    flight.seek(-1)
    assert (flight.seq, flight.place) == (flight.first, 0)
    flight.seek(10**9)
    assert (flight.seq, flight.place) == (flight.last, len(flight.moments) - 1)
    stamp = flight.stamp()
    flight.go(3)
    assert flight.place == 3
    assert flight.stamp() != stamp


@pytest.mark.parametrize("name", [RUN, "last", "1", "run_", "RUN_1"])
def test_its_run_is_known_by_its_names(flight: FlightLedger, name: str) -> None:
    assert flight.resolve(name) == RUN


@pytest.mark.parametrize(
    "write",
    [
        lambda flight: flight.write("a", lambda tx: None),
        lambda flight: flight.beat("att_1", "", ""),
        lambda flight: flight.applied("cmd_1"),
    ],
)
def test_it_cannot_be_changed(flight: FlightLedger, write: Callable[[FlightLedger], Any]) -> None:
    with pytest.raises(Refused, match="A recording cannot be changed") as refused:
        write(flight)
    assert refused.value.code == "not_supported"
    assert flight.pending() == flight.find(Command) == ()


def test_what_happens_after_it_was_opened_is_not_in_it(tmp_path: Path) -> None:
    path = tmp_path / FILE
    with closing(open_ledger(path, FixedClock())) as ledger:
        run = put(ledger, Run(id=RUN, goal="g"))
        put(ledger, Attempt(id="att_1", run=RUN, step="s", n=1))
        with closing(FlightLedger(LedgerReel(path, RUN))) as flight:
            put(ledger, replace(run, state="ready"))
            ledger.beat("att_1", "2026-01-01T13", "")
            flight.seek(10**9)
            assert (flight.seq, flight.beats, flight.get(Run, RUN).state) == (2, 0, "draft")


def test_a_run_from_before_the_history_says_so(tmp_path: Path) -> None:
    path = tmp_path / FILE
    with closing(open_ledger(path, FixedClock())) as ledger:
        run = put(ledger, Run(id=RUN, goal="g"))
        with ledger._database.writing() as connection:
            connection.exec_driver_sql("DELETE FROM history")
        put(ledger, replace(run, state="ready"))
        with pytest.raises(Refused, match="began before its ledger kept a history") as refused:
            LedgerReel(path, RUN)
        assert refused.value.code == "not_recorded"
        with pytest.raises(Missing):
            LedgerReel(path, "run_none")
