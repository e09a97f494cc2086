"""However long a recording is: what is read and kept grows with its lines, and a key finds its moment near by."""

from collections.abc import Iterator, Sequence
from threading import Thread

import pytest

from adapters.flight.flight_ledger import FlightLedger
from adapters.flight.frame import Frame, Line
from adapters.flight.tape import SHARE, Tape
from factory.errors import Malformed
from factory.model.audit import Event
from factory.model.blocker import Blocker
from factory.model.run import Run

APART = 16


class CountingReel:
    """A run whose every event adds a blocker, and how many frames were read of it."""

    run = "run_1"
    before: Sequence[Line] = ()

    def __init__(self, length: int, broken: int = -1) -> None:
        self.seqs = range(1, length + 1)
        self.broken = broken
        self.read = 0

    def frames(self, start: int, stop: int) -> Iterator[Frame]:
        for place in range(start, min(stop, len(self.seqs))):
            self.read += 1
            if place == self.broken:
                raise Malformed("broken")
            yield self.frame(place)

    def frame(self, place: int) -> Frame:
        seq = place + 1
        event = Event(seq, f"2026-01-01T12:00:{place % 60:02d}", "default", "a", "put", "x", self.run, hash=f"h{seq}")
        if place == 0:
            return Frame(event, (Line(1, self.run, "runs", self.run, {"id": self.run, "goal": "g", "version": 1}),))
        values = {"id": f"blk_{seq}", "run": self.run, "code": "c", "severity": "warn", "message": "m", "version": 1}
        return Frame(event, (Line(seq, self.run, "blockers", f"blk_{seq}", values),))

    def close(self) -> None:
        """Nothing is open."""


def test_the_first_moment_reads_one_frame_however_long_the_run_is() -> None:
    reel = CountingReel(1_000_000)
    flight = FlightLedger(reel, APART)
    assert flight.get(Run, "run_1").goal == "g"
    assert flight.view("run_1").run.goal == "g"
    assert reel.read < 200, "the page of the events that the view shows"


@pytest.mark.parametrize("length", [500, 5000])
def test_keyframes_hold_no_more_than_so_many_times_what_there_is(length: int) -> None:
    reel = CountingReel(length)
    tape = Tape(reel, APART)
    while tape.read_ahead(100):
        pass
    assert reel.read < 1.2 * length + 10
    held = sum(len(one.states) for one in tape._keyframes)
    assert len(tape._keyframes) > 10
    assert held < (SHARE + 2) * length


def test_going_back_event_by_event_reads_little_each_time() -> None:
    reel = CountingReel(5000)
    flight = FlightLedger(reel, APART)
    while flight.read_ahead():
        pass
    flight.seek(4999)
    flight.go(flight.place - 1)
    steps = 60
    before = reel.read
    for _ in range(steps):
        flight.go(flight.place - 1)
    assert (reel.read - before) / steps < 3 * APART
    assert len(flight.find(Blocker)) == flight.place == 4998 - 1 - steps


def test_a_broken_frame_leaves_the_moment_as_it_is() -> None:
    flight = FlightLedger(CountingReel(100, broken=50), APART)
    flight.seek(40)
    with pytest.raises(Malformed):
        flight.seek(80)
    assert (flight.seq, len(flight.find(Blocker))) == (40, 39)
    flight.seek(45)
    assert len(flight.find(Blocker)) == 44


def test_who_reads_ahead_disturbs_nobody_who_looks() -> None:
    flight = FlightLedger(CountingReel(3000), APART)

    def read() -> None:
        while flight.read_ahead(10):
            pass

    reading = Thread(target=read)
    reading.start()
    for seq in range(2900, 0, -97):
        flight.seek(seq)
        assert (flight.seq, flight.head().hash, len(flight.find(Blocker))) == (seq, f"h{seq}", seq - 1)
    reading.join()
