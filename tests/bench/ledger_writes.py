"""Ledger transactions a second against bare SQLite transactions of the same rows."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from adapters.clock import SystemClock
from adapters.ledger.ledger import SqlLedger
from adapters.ledger.open import open_ledger
from factory.ports.ledger import Transaction
from tests.bench.bare_sqlite import BareWriter, Statement, recorded
from tests.bench.ratio import Benchmark, Budget, Ratio, medians
from tests.bench.sample_run import launching, move_step, new_ledger

_ABOUT = """\
Ours: `Ledger.write` with an idempotency key: takes the head of the chain, looks for the key, reads the entity, checks
its version, digests it before and after, chains the event. Bare: the INSERT and UPDATE statements that ours made,
recorded with their values, in one `BEGIN IMMEDIATE` … `COMMIT` of Python's sqlite3 on a copy of the file, so with the
same schema and indexes, WAL, `synchronous=FULL` and foreign keys. A move is one row, one event, the head; a launch is
a run with six steps: seven rows, seven events, the head."""

Work = Callable[[int], Callable[[Transaction], None]]
"""The work of the n-th transaction."""


def measure_writes(folder: Path, rounds: int = 60, writes: int = 10) -> Benchmark:
    """Both kinds of transactions, in many short turns: what disturbs a disk for a second disturbs both."""
    budget = Budget("≥", 0.5)
    ratios = [
        _ratio("ledger transactions: a move of a step", folder / "moves", _moves, rounds, writes, budget),
        _ratio(
            "ledger transactions: a launch, 7 rows, 7 events", folder / "launches", _launches, rounds, writes, budget
        ),
    ]
    return Benchmark("Ledger transactions per second", _ABOUT, ratios)


def _moves(_: int) -> Callable[[Transaction], None]:
    return move_step


def _launches(number: int) -> Callable[[Transaction], None]:
    steps = tuple(f"stp_{number:08d}{order:018d}" for order in range(6))
    return launching(f"run_{number:026d}", steps)


def _ratio(what: str, folder: Path, work: Work, rounds: int, writes: int, budget: Budget) -> Ratio:
    new_ledger(folder / "base").close()
    rows = _rows(_copy(folder, "recorded"), work, rounds * writes)
    works = enumerate([work(number) for number in range(rounds * writes)])  # both sides have their values ready
    with closing(_opened(_copy(folder, "ours"))) as ledger, closing(BareWriter(_copy(folder, "bare"))) as writer:

        def write() -> None:
            number, ready = next(works)
            ledger.write("bench", ready, f"key {number}")

        found = medians(
            rounds,
            {"ours": lambda: _per_s(writes, write), "bare": lambda: _per_s(writes, lambda: writer.write(next(rows)))},
        )
    return Ratio(what, found["ours"], found["bare"], "/s", budget)


def _rows(path: Path, work: Work, writes: int) -> Iterator[list[Statement]]:
    """What each of so many transactions writes."""
    found = []
    with closing(_opened(path)) as ledger:
        for number in range(writes):
            with recorded() as statements:
                ledger.write("bench", work(number), f"key {number}")
            found.append(statements)
    return iter(found)


def _per_s(writes: int, write: Callable[[], None]) -> float:
    began = time.perf_counter()
    for _ in range(writes):
        write()
    return writes / (time.perf_counter() - began)


def _opened(path: Path) -> SqlLedger:
    return open_ledger(path, SystemClock())


def _copy(folder: Path, name: str) -> Path:
    """A copy of the base, so that all begin with the same file."""
    shutil.copytree(folder / "base", folder / name)
    return folder / name / "ledger.db"
