"""How soon the cockpit is there: empty, with many goals, and with a ledger that somebody holds."""

import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from cockpit.last_screen import NAME
from cockpit.settings import Settings
from cockpit.wiring import opened_ports
from tests.bench import floor_app
from tests.bench.ratio import Benchmark, Budget, Ratio
from tests.bench.sample_run import launching
from tests.tools.tuimeter import run_suite

GOALS, STEPS, FILES = 50, 100, 20
FIRST_GOAL = "Fix split"

_ABOUT = f"""\
`cockpit` in a pseudo terminal of 200×50 against the smallest Textual app, in turn. First paint: the first cell that is
not blank; ready: the header says LIVE and, where there are goals, one of them is listed; all loaded: the screen is
quiet. Never with a kept screen of an earlier start. Empty: a home without goals. Many: {GOALS} goals with {STEPS} steps
each and {GOALS * FILES:,} evidence files. Held: another process has the ledger locked, and ready is its notice."""


def measure_start(folder: Path, rounds: int = 5, goals: int = GOALS, steps: int = STEPS) -> Benchmark:
    """All three starts, and the floor, in interleaved rounds."""
    homes = {"empty": 0, "many": goals, "held": 1}
    for name, count in homes.items():
        seed(folder / name, count, steps)
    with closing(sqlite3.connect(folder / "held" / "ledger.db", isolation_level=None)) as holder:
        holder.execute("PRAGMA locking_mode=EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        report = run_suite(
            {
                "rounds": rounds,
                "startup_only": True,
                "defaults": {"size": "200x50", "quit": ["q"], "cwd": str(folder)},
                "targets": [
                    {"name": "floor", "cmd": [sys.executable, str(Path(floor_app.__file__))], "ready": "ready"},
                    _target(folder / "empty", "LIVE"),
                    _target(folder / "many", rf"LIVE[\s\S]*{FIRST_GOAL}"),
                    _target(folder / "held", "is held by"),
                ],
            },
            None,
            _heard_by_nobody,
        )
    floor, *ours = (target["startup"] for target in report["targets"])
    return Benchmark("Cockpit start", _ABOUT, _ratios(ours, floor))


def seed(home: Path, goals: int, steps: int = STEPS) -> None:
    """A home with so many goals; the last screen is never kept there."""
    with opened_ports(Settings(home), "operator:bench") as ports:
        for goal in range(goals):
            run = f"run_{goal:026d}"
            ports.ledger.write("bench", launching(run, tuple(f"stp_{goal:010d}{step:016d}" for step in range(steps))))
            evidence = home / "evidence" / run
            evidence.mkdir(parents=True)
            for number in range(FILES):
                (evidence / f"{number}.txt").write_text("seen")
    (home / NAME).mkdir()  # a folder of that name: nothing can be kept, nothing is shown from before


def _target(home: Path, ready: str) -> dict[str, Any]:
    return {"name": home.name, "cmd": [sys.executable, "-P", "-m", "cockpit", "--home", str(home)], "ready": ready}


def _ratios(ours: Sequence[dict[str, Any]], floor: dict[str, Any]) -> tuple[Ratio, ...]:
    empty, many, held = ours

    def ratio(what: str, start: dict[str, Any], name: str, limit: float) -> Ratio:
        return Ratio(what, start[name]["p50"], floor["ready"]["p50"], "ms", Budget("≤", limit))

    return (
        ratio("start, empty: first paint", empty, "first_paint", 0.25),
        ratio("start, empty: ready", empty, "ready", 1.4),
        ratio("start, many goals: first paint", many, "first_paint", 0.25),
        ratio("start, many goals: ready", many, "ready", 1.6),
        ratio("start, many goals: all loaded", many, "settled", 2.5),
        ratio("start, ledger held: first paint", held, "first_paint", 0.25),
        ratio("start, ledger held: ready", held, "ready", 1.4),
    )


def _heard_by_nobody(_: str) -> None:
    """Progress is not printed."""
