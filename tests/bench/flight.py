"""Opening recorded runs: is the time linear, is the first moment there at once, and what it costs over plain SQLite."""

import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from adapters.clock import SystemClock
from adapters.flight.export import Exporter
from adapters.flight.opening import open_flight, open_run
from adapters.ledger.open import open_ledger
from factory.model.cost import CostEntry
from factory.model.step import Step
from factory.model.thread import Message
from factory.ports.ledger import Transaction
from tests.bench.ratio import Benchmark, Budget, Part, Ratio, medians
from tests.bench.sample_run import RUN, STEP, new_ledger

SMALL, LARGE = 10_000, 100_000
_TOGETHER = 1000
"""Changes in one transaction, so that the run is there in seconds."""
_ABOUT = """\
A run of which every event changes something: half move a step, the others add a message or a cost. *All of it*: opened,
every line read forward, keyframes made, as it is done in a thread behind the screen. Plain: the same rows of `history`
and `events` fetched with Python's sqlite3 in one go, their JSON decoded, and nothing made of them. The first moment is
opening and the view and row that are drawn first. A file is unpacked and indexed first; checking every digest comes
after the picture."""


def measure_flight(folder: Path, rounds: int = 5, small: int = SMALL, large: int = LARGE) -> Benchmark:
    """Seconds and milliseconds of a small and a large run."""
    short, long = (_recorded(folder / f"{events}", events) for events in (small, large))
    file = _exported(long)
    found = medians(
        rounds,
        {
            "short": lambda: _per_event(short, small),
            "long": lambda: _per_event(long, large),
            "plain": lambda: _timed(lambda: _plain(long)) / large * 1e6,
            "first of short": lambda: _timed(lambda: _first(short)) * 1e3,
            "first": lambda: _timed(lambda: _first(long)) * 1e3,
            "first of file": lambda: _timed(lambda: _first_of(file)) * 1e3,
            "jump": lambda: _jump(long) * 1e3,
        },
    )
    linear = f"a recorded run of {large:,} events against one of {small:,}: all of it, for each event"
    ratios = (
        Ratio(linear, found["long"], found["short"], "µs", Budget("≤", 1.5)),
        Ratio(f"a recorded run of {large:,} events against plain SQLite, for each event", found["long"],
              found["plain"], "µs", Budget("≤", 10)),
    )  # fmt: skip
    parts = (
        Part(f"first moment of {small:,} events", found["first of short"], "ms"),
        Part(f"first moment of {large:,} events", found["first"], "ms", Budget("≤", 150)),
        Part(f"first moment of a file of {large:,} events", found["first of file"], "ms"),
        Part(f"a jump from the last to the first and back among {large:,} events", found["jump"], "ms"),
        Part("history of one event in the ledger", _bytes_of_history(long) / large, "bytes"),
    )
    return Benchmark("Recorded runs", _ABOUT, ratios, parts)


def _recorded(folder: Path, events: int) -> Path:
    """A ledger with a run of about so many events."""
    with closing(new_ledger(folder)):
        pass
    with closing(open_ledger(folder / "ledger.db", SystemClock())) as ledger:
        for start in range(0, events, _TOGETHER):
            ledger.write("bench", _changing(start, min(_TOGETHER, events - start)))
    return folder / "ledger.db"


def _changing(start: int, changes: int) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        for n in range(start, start + changes):
            if n % 4 == 0:
                body = f"Round {n}: parts differ by more than one cent for (10, 4) and (-10, 4)."
                tx.put(Message(id=f"msg_{n:026d}", run=RUN, thread="thr_1", seq=n, sender="v", recipient="c",
                               kind="note", body=body), "message.put")  # fmt: skip
            elif n % 4 == 2:
                cost = CostEntry(id=f"cst_{n:026d}", run=RUN, step=STEP, attempt="a", role="coder", agent="x", micros=n)
                tx.put(cost, "cost.put")
            else:
                step = tx.get(Step, STEP)
                tx.put(replace(step, attempt_no=step.attempt_no + 1, assigned=f"command:{n}"), "step.begin")

    return work


def _exported(ledger: Path) -> Path:
    with closing(open_run(ledger, RUN, ledger.parent)) as flight:
        return Exporter(flight.reel, ledger.parent / "none", "0").write(ledger.with_name("run.flight")).path


def _per_event(ledger: Path, events: int) -> float:
    return _timed(lambda: _all_of(ledger)) / events * 1e6


def _all_of(ledger: Path) -> None:
    with closing(open_run(ledger, RUN, ledger.parent)) as flight:
        while flight.ledger.read_ahead():
            pass


def _plain(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as connection:
        for (values,) in connection.execute(
            'SELECT "values" FROM history WHERE run = ? ORDER BY seq', (RUN,)
        ).fetchall():
            json.loads(values)
        for row in connection.execute("SELECT * FROM events WHERE run = ? ORDER BY seq", (RUN,)).fetchall():
            json.loads(row[-1])


def _first(ledger: Path) -> None:
    with closing(open_run(ledger, RUN, ledger.parent)) as flight:
        flight.ledger.view(RUN)
        flight.ledger.rows()


def _first_of(file: Path) -> None:
    with closing(open_flight(file)) as flight:
        flight.ledger.view(RUN)
        flight.ledger.rows()


def _jump(ledger: Path) -> float:
    with closing(open_run(ledger, RUN, ledger.parent)) as flight:
        while flight.ledger.read_ahead():
            pass
        flight.ledger.seek(flight.ledger.last)
        began = time.perf_counter()
        flight.ledger.seek(flight.ledger.first)
        flight.ledger.seek(flight.ledger.last)
        return time.perf_counter() - began


def _bytes_of_history(ledger: Path) -> int:
    with closing(sqlite3.connect(ledger)) as connection:
        words = "SELECT sum(pgsize) FROM dbstat WHERE name IN ('history', 'ix_history_run_seq')"
        try:
            return int(connection.execute(words).fetchone()[0])
        except sqlite3.OperationalError:  # a SQLite without dbstat
            return int(connection.execute('SELECT sum(length("values") + 100) FROM history').fetchone()[0])


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
