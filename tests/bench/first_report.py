"""The first report over all runs: what reading and measuring costs over the bare rows."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from timeit import timeit

from adapters.clock import SystemClock
from adapters.ledger.looking import LookingLedger
from adapters.ledger.open import open_ledger
from factory.operations.measuring import Measuring
from tests.bench.ratio import Benchmark, Budget, Ratio, medians
from tests.unit.rules.forty_tasks import NOW
from tests.unit.rules.stories import tell
from tests.unit.test_measuring import store

WHAT = "the first report over 10,000 runs: read and measured, against the bare rows"
_ABOUT = """\
Runs of two rounds and an approval, read and measured as `cockpit metrics` does it for the first time. Bare: the same
rows fetched with Python's sqlite3, one query a table, and nothing made of them."""
_TABLES = "runs attempts threads messages gates approvals evidence packages costs budgets events"


def measure_first_report(folder: Path, rounds: int = 5, runs: int = 1_000) -> Benchmark:
    """Seconds for every 10,000 runs."""
    file, clock, many = folder / "ledger.db", SystemClock(), 10_000 / runs
    with closing(open_ledger(file, clock)) as whole, closing(LookingLedger(file, clock.now, lambda: whole)) as ledger:
        for n in range(1, runs + 1):
            store(whole, tell("b10 v5=changes b10 v5=pass +", n))
        work = {"ours": lambda: Measuring(ledger).look(NOW), "bare": lambda: _bare(file)}
        found = medians(rounds, {name: partial(_timed, each, many) for name, each in work.items()})
    return Benchmark("Metrics of all runs", _ABOUT, (Ratio(WHAT, found["ours"], found["bare"], "s", Budget("≤", 8)),))


def _timed(work: Callable[[], object], many: float) -> float:
    return many * timeit(work, number=1)


def _bare(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        for table in _TABLES.split():
            connection.execute(f'SELECT * FROM "{table}"').fetchall()
