"""One run as the ledger had it at any moment: the reading half of `Ledger`, fed from a recording."""

import threading
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NoReturn, TypeVar

from adapters.flight.books import States
from adapters.flight.frame import Reel
from adapters.flight.moments import Moments
from adapters.flight.recorded_row import recorded_row
from adapters.flight.tape import APART, Tape
from adapters.ledger.view import read_view
from factory.errors import Missing, Refused
from factory.model.audit import ChainHead, Command, Event
from factory.model.identity import Entity
from factory.model.step import Gauge
from factory.model.view import RunRow, RunView
from factory.ports.ledger import Transaction

E = TypeVar("E", bound=Entity)
T = TypeVar("T")

_SHORT = 4
"""Letters of the short name of a run, as the screen shows it."""


class FlightLedger:
    """`Ledger` of one run, and of what belongs to none, right after one event. Threads may share it.

    It stands at the first event until somebody seeks. Every method may raise what its reel raises; `Malformed` when
    a frame of a file cannot be read.

    Args:
        reel: Where the frames come from; closed with this.
        apart: Lines between two keyframes, at least.
    """

    def __init__(self, reel: Reel, apart: int = APART) -> None:
        self._reel = reel
        self._turn = threading.RLock()
        self._tape = Tape(reel, apart)
        self._moves = 1
        self.run = reel.run
        """Id of the run."""
        self.moments: Sequence[Event] = Moments(reel, self._turn)
        """What happened, oldest first: the events of the run, and those that change what belongs to no run."""
        self.first, self.last = reel.seqs[0], reel.seqs[-1]
        """The `seq` of the first and of the last moment."""

    @property
    def seq(self) -> int:
        """Of the event that was the newest."""
        return self._tape.frame.event.seq

    @property
    def place(self) -> int:
        """Where that event stands in `moments`."""
        return self._tape.place

    @property
    def beats(self) -> int:
        """How many signs of life agents gave between that event and the next moment."""
        return len(self._tape.frame.beats)

    @property
    def at(self) -> str:
        """The time of that event, or of the last sign of life that is in the picture."""
        with self._turn:
            frame = self._tape.frame
            beats = [str(line.values.get("last_heartbeat", "")) for line in frame.beats[: self._tape.beats]]
            return max([frame.event.at, *beats])

    def seek(self, seq: int, beats: int = 0) -> None:
        """Go to how everything was right after an event.

        Args:
            seq: Of the event; between two moments it is the one before, and nothing leads out at the ends.
            beats: Go on by so many signs of life that agents gave after it; they have no event.
        """
        self.go(bisect_right(self._reel.seqs, seq) - 1, beats)

    def go(self, place: int, beats: int = 0) -> None:
        """The same by the place in `moments`."""
        with self._turn:
            self._tape.go(min(max(place, 0), len(self._reel.seqs) - 1), beats)
            self._moves += 1

    def read_ahead(self, frames: int = 500) -> bool:
        """Read so many more moments, so that jumps are short; False when all are read. To be called in a thread."""
        with self._turn:
            return self._tape.read_ahead(frames)

    def get(self, kind: type[E], id: str) -> E:
        """One entity. Raises `Missing`."""
        with self._turn:
            return self._tape.states.get(kind, id)

    def find(self, kind: type[E], /, **equal: Any) -> tuple[E, ...]:
        """All entities of a kind with these values, oldest first."""
        with self._turn:
            return self._tape.states.find(kind, **equal)

    def run_ids(self) -> tuple[str, ...]:
        """The run alone."""
        return (self.run,)

    def resolve(self, text: str) -> str:
        """The id of the run, from all that may stand for it. Raises `Missing`."""
        word = text.strip().lower()
        start = word if word.startswith("run_") else f"run_{word}"
        if word and (word == "last" or self.run.startswith(start) or self.run[-_SHORT:] == word):
            return self.run
        raise Missing(f"There is no run {text!r} in this recording of {self.run}.")

    def view(self, run: str) -> RunView:
        """Everything about the run, as of the time of the event. Raises `Missing`."""
        with self._turn:
            return read_view(_Books(self._tape.states, self.last_events, self.head()), run, self.at)

    def rows(
        self, limit: int = 50, state: str = "", ids: Sequence[str] | None = None, skip: int = 0
    ) -> tuple[RunRow, ...]:
        """The run as the only line of a list."""
        with self._turn:
            newest = self.last_events(self.run, 1)
            row = recorded_row(self._tape.states, self.run, newest[-1].at if newest else "")
            is_asked = self.run in ids if ids is not None else limit > 0 and not skip
            return (row,) if is_asked and state in ("", row.state) else ()

    def events(
        self, since: int = 0, limit: int = 1000, run: str = "", actions: Sequence[str] = ()
    ) -> tuple[Event, ...]:
        """Events with `seq > since`, up to this moment, oldest first; only of these actions, when any are named."""
        with self._turn:
            start = bisect_right(self._reel.seqs, since)
            found = (self.moments[place] for place in range(start, self._tape.place + 1))
            mine = (event for event in found if run in ("", event.run))
            return tuple(islice((event for event in mine if not actions or event.action in actions), limit))

    def last_events(self, run: str, limit: int) -> tuple[Event, ...]:
        """The newest events of one run, oldest first."""
        with self._turn:
            found = (self.moments[place] for place in range(self._tape.place, -1, -1))
            return tuple(islice((event for event in found if event.run == run), limit))[::-1]

    def head(self) -> ChainHead:
        """Count and hash of the newest event."""
        with self._turn:
            event = self._tape.frame.event
            return ChainHead(event.seq, event.hash)

    def stamp(self) -> int:
        """Another number after every move."""
        return self._moves

    def pending(self) -> tuple[Command, ...]:
        """No wish waits in a recording."""
        return ()

    def write(self, actor: str, work: Callable[[Transaction], T], key: str = "") -> NoReturn:
        """Raises `Refused`: `not_supported`."""
        raise _unchangeable()

    def beat(
        self, attempt: str, heartbeat: str, progress: str, gauge: Gauge | None = None, session: str = ""
    ) -> NoReturn:
        """Raises `Refused`: `not_supported`."""
        raise _unchangeable()

    def applied(self, command: str, error: str = "") -> NoReturn:
        """Raises `Refused`: `not_supported`."""
        raise _unchangeable()

    def close(self) -> None:
        """Let go of where the recording lies."""
        with self._turn:
            self._reel.close()


@dataclass(frozen=True)
class _Books:
    """`view.Books` at one moment."""

    states: States
    last_events: Callable[[str, int], tuple[Event, ...]]
    now: ChainHead

    def get(self, kind: type[E], id: str) -> E:
        return self.states.get(kind, id)

    def find(self, kind: type[E], /, **equal: Any) -> tuple[E, ...]:
        return self.states.find(kind, **equal)

    def head(self) -> ChainHead:
        return self.now


def _unchangeable() -> Refused:
    return Refused("A recording cannot be changed.", "Leave it to act on the run itself.", "not_supported")
