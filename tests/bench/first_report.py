"""The first report over all runs: what reading and measuring costs over the bare rows."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from adapters.clock import SystemClock
from adapters.ledger.looking import LookingLedger
from adapters.ledger.open import open_ledger
from factory.operations.measuring import Measuring
from tests.bench.ratio import Benchmark, Budget, Ratio, medians
from tests.unit.rules.forty_tasks import NOW
from tests.unit.rules.stories import tell
from tests.unit.test_measuring import store

_ABOUT = """\
Runs of two rounds and an approval, read and measured as `cockpit metrics` does it for the first time. Bare: the same
rows fetched with Python's sqlite3, one query a table, and nothing made of them."""
_TABLES = "runs attempts threads messages gates approvals evidence packages costs budgets events"


def measure_first_report(folder: Path, rounds: int = 5, runs: int = 1_000) -> Benchmark:
    """Seconds for every 10,000 runs."""
    file = folder / "ledger.db"
    with closing(open_ledger(file, SystemClock())) as whole:
        for n in range(1, runs + 1):
            store(whole, tell("b10 v5=changes b10 v5=pass +", n))
        with closing(LookingLedger(file, SystemClock().now, lambda: whole)) as ledger:
            found = medians(
                rounds,
                {
                    "ours": lambda: _timed(lambda: Measuring(ledger).look(NOW)) * 10_000 / runs,
                    "bare": lambda: _timed(lambda: _bare(file)) * 10_000 / runs,
                },
            )
    what = "the first report over 10,000 runs: read and measured, against the bare rows"
    return Benchmark("Metrics of all runs", _ABOUT, (Ratio(what, found["ours"], found["bare"], "s", Budget("≤", 20)),))


def _bare(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        for table in _TABLES.split():
            connection.execute(f'SELECT * FROM "{table}"').fetchall()


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
