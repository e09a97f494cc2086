"""Makes work: so many changes a second to the newest runs of a seeded home, until it is ended."""

import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from adapters.clock import SystemClock
from adapters.ledger.ledger import SqlLedger
from adapters.ledger.open import open_ledger
from factory.model.run import Run
from tests.bench.seed import Seeded


def change_goal(ledger: SqlLedger, run: str, goal: str) -> None:
    """Another goal for a run: one row, one event."""
    ledger.write("bench", lambda tx: tx.put(replace(tx.get(Run, run), goal=goal), "run.change"))


def main(home: Path, runs: int, rate: float) -> None:
    """Change twenty runs in turn."""
    seeded = Seeded(home, runs, 20)
    with closing(open_ledger(seeded.ledger, SystemClock())) as ledger:
        began, count = time.monotonic(), 0
        while True:
            change_goal(ledger, seeded.run(max(1, runs - count % 20)), f"Changed {count} times")
            count += 1
            time.sleep(max(0.0, began + count / rate - time.monotonic()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
