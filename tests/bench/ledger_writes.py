"""Ledger transactions a second against bare SQLite transactions of the same rows."""

import shutil
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.clock import SystemClock
from adapters.ledger.open import open_ledger
from factory.ports.ledger import Transaction
from tests.bench.bare_sqlite import BareWriter, Statement, recorded
from tests.bench.ratio import Benchmark, Budget, Ratio, medians
from tests.bench.sample_run import move_step, new_ledger, put_run

_ABOUT = """\
Ours: `Ledger.write` with an idempotency key: takes the head of the chain, looks for the key, reads the entity, checks
its version, digests it before and after, chains the event. Bare: the INSERT and UPDATE statements that ours made,
recorded with their values, in one `BEGIN IMMEDIATE` … `COMMIT` of Python's sqlite3 on a copy of the file, so with the
same schema and indexes, WAL, `synchronous=FULL` and foreign keys. A move is one row, one event, the head; a launch is
a run with six steps: seven rows, seven events, the head."""

Work = Callable[[int], Callable[[Transaction], None]]
"""The work of the n-th transaction."""


def measure_writes(folder: Path, rounds: int = 7, writes: int = 200) -> Benchmark:
    """Both kinds of transactions."""
    budget = Budget("≥", 0.5)
    ratios = [
        _ratio("ledger transactions: a move of a step", folder, _moves, rounds, writes, budget),
        _ratio("ledger transactions: a launch, 7 rows and 7 events", folder, _launches, rounds, writes // 2, budget),
    ]
    return Benchmark("Ledger transactions per second", _ABOUT, ratios)


def _moves(_: int) -> Callable[[Transaction], None]:
    return move_step


def _launches(number: int) -> Callable[[Transaction], None]:
    steps = tuple(f"stp_{number:08d}{order:018d}" for order in range(6))
    return lambda tx: put_run(tx, f"run_{number:026d}", steps)


def _ratio(what: str, folder: Path, work: Work, rounds: int, writes: int, budget: Budget) -> Ratio:
    with TemporaryDirectory(dir=folder) as name:
        base = Path(name) / "base"
        new_ledger(base).close()
        rows = _rows(base, work, writes)
        found = medians(rounds, {"ours": lambda: _per_s(base, work, writes), "bare": lambda: _bare_per_s(base, rows)})
    return Ratio(what, found["ours"], found["bare"], "/s", budget)


def _rows(base: Path, work: Work, writes: int) -> list[list[Statement]]:
    """What each transaction of a round writes."""
    found = []
    with closing(open_ledger(_copy(base), SystemClock())) as ledger:
        for number in range(writes):
            with recorded() as statements:
                ledger.write("bench", work(number), f"key {number}")
            found.append(statements)
    return found


def _per_s(base: Path, work: Work, writes: int) -> float:
    with closing(open_ledger(_copy(base), SystemClock())) as ledger:
        ledger.head()  # the connection is open, as in a worker
        began = time.perf_counter()
        for number in range(writes):
            ledger.write("bench", work(number), f"key {number}")
        return writes / (time.perf_counter() - began)


def _bare_per_s(base: Path, rows: list[list[Statement]]) -> float:
    with closing(BareWriter(_copy(base))) as writer:
        began = time.perf_counter()
        for statements in rows:
            writer.write(statements)
        return len(rows) / (time.perf_counter() - began)


def _copy(base: Path) -> Path:
    """A fresh copy of the ledger, so that every round begins with the same file."""
    place = base.parent / "round"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(base, place)
    return place / "ledger.db"
