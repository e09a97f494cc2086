"""Homes with as many runs as one likes, made in seconds: one run is written as ever, the database multiplies it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.clock import SystemClock
from adapters.engine.lock import Holder, WorkerLock
from adapters.ledger.open import open_ledger
from cockpit.settings import Settings
from cockpit.version import program_version
from cockpit.wiring import make_home
from factory.model.cost import Budget
from factory.model.step import Attempt, Step
from factory.model.thread import Thread
from factory.ports.ledger import Transaction
from tests.bench.sample_run import sample_run

PATTERN = "run_{:026d}"
_TEMPLATE = PATTERN.format(0)
_OWNED = {"steps": "stp", "attempts": "att", "threads": "thr", "budgets": "bud"}
_KINDS = ("plan", "build", "verify", "qa", "docs", "writeback")
WORDS = (
    "split totals",
    "crawler fetches twice",
    "uploader fails",
    "uploaded twice",
    "flaky login",
    "export as CSV",
    "dark mode",
)


@dataclass(frozen=True)
class Seeded:
    """A home with runs in it; the newest has the highest number."""

    home: Path
    runs: int
    live: int
    """The newest so many are running; all others are done."""

    @property
    def ledger(self) -> Path:
        """The file."""
        return self.home / "ledger.db"

    def run(self, number: int) -> str:
        """Id of a run; the oldest is 1."""
        return PATTERN.format(number)


@contextmanager
def seeded(folder: Path, runs: int, steps: int, live: int = 20) -> Iterator[Seeded]:
    """A home with runs of so many steps each. Its worker's lock is held, so that no real one starts and meddles."""
    home = folder / f"home-{runs}"
    make_home(Settings(home))
    made = Seeded(home, runs, min(live, runs))
    with closing(open_ledger(made.ledger, SystemClock())) as ledger:
        ledger.write("bench", lambda tx: _template(tx, steps))
    with closing(sqlite3.connect(made.ledger)) as database, database:
        _multiply(database, made)
    lock = WorkerLock(home)
    lock.take(Holder(pid=0, version=program_version(), ready=True, agents=1))
    try:
        yield made
    finally:
        lock.release()


def _template(tx: Transaction, steps: int) -> None:
    """One run in the middle of its work."""
    run = replace(sample_run(_TEMPLATE), state="running")
    tx.put(run, "run.create")
    made = [_step(order) for order in range(steps)]
    for step in made:
        tx.put(step, "step.create")
    build = made[min(1, steps - 1)]
    now = SystemClock().now()
    tx.put(
        Attempt(
            id="att_0", run=run.id, step=build.id, n=1, agent=run.coder.name, company=run.coder.company,
            started_at=now, last_heartbeat=now, last_progress=now, state="running",
        ),
        "attempt.create",
    )  # fmt: skip
    tx.put(Thread(id="thr_0", run=run.id, step=build.id, verifier=run.verifier.name), "thread.create")
    tx.put(Budget(id="bud_0", run=run.id, scope="run", subject=run.id, limit_micros=5_000_000), "budget.create")


def _step(order: int) -> Step:
    state = "passed" if order == 0 else "running" if order == 1 else "pending"
    kind = _KINDS[order % len(_KINDS)]
    return Step(
        id=f"stp_{order}", run=_TEMPLATE, kind=kind, order=order, state=state,  # type: ignore[arg-type]
        attempt_no=int(order < 2), assigned="command:agent",
    )  # fmt: skip


def _multiply(database: sqlite3.Connection, made: Seeded) -> None:
    """Every row of the template once for each run, under other ids; the template itself goes."""
    database.execute("PRAGMA foreign_keys = OFF")
    database.execute("CREATE TEMP TABLE numbers AS " + _COUNT, (made.runs,))
    ids = "'run_' || printf('%026d', i)"
    first = database.execute("SELECT count FROM chain").fetchone()[0]
    phrases = " ".join(f"WHEN {i} THEN '{word}'" for i, word in enumerate(WORDS))
    goal = f"'Goal ' || i || ': ' || CASE i % {len(WORDS)} {phrases} END"
    state = f"CASE WHEN i > {made.runs - made.live} THEN 'running' ELSE 'done' END"
    changes = {"id": ids, "born": f"{first} + i", "goal": goal, "state": state}
    _copy(database, "runs", changes)
    for table, prefix in _OWNED.items():
        _copy(database, table, {"id": f"'{prefix}_' || i || '_' || t.id", "run": ids, **_links(table, ids)})
    event = {"seq": f"{first} + i", "run": ids, "object": ids, "key": "NULL", "hash": "hex(i)"}
    _copy(database, "events", event, "t.action = 'run.create'")
    for table in _OWNED:
        database.execute(f'DELETE FROM "{table}" WHERE run = ?', (_TEMPLATE,))
    database.execute("DELETE FROM runs WHERE id = ?", (_TEMPLATE,))
    database.execute("UPDATE chain SET count = count + ?, hash = hex(?)", (made.runs, made.runs))


_COUNT = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n WHERE i"


def _links(table: str, ids: str) -> dict[str, str]:
    """Columns that name another row of the same run."""
    if table == "budgets":
        return {"subject": ids}
    return {"step": "'stp_' || i || '_' || t.step"} if table in {"attempts", "threads"} else {}


def _copy(database: sqlite3.Connection, table: str, changes: dict[str, str], where: str = "1") -> None:
    names = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
    values = ", ".join(changes.get(name, f't."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    own = "" if table == "events" else f" AND t.{'id' if table == 'runs' else 'run'} = '{_TEMPLATE}'"
    database.execute(f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "{table}" t, numbers WHERE {where}{own}')
