"""A long log that is followed while an agent writes to it."""

import shlex
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from cockpit.output import LOG
from tests.bench.ratio import Benchmark, Budget, Part, Ratio
from tests.bench.screens import cockpit_session, floor_session, key_latency
from tests.bench.seed import Seeded, seeded
from tests.tools.tuimeter import measure_load

RATE = 100
SAID = [0, 48, 200, 1]
"""Where the cockpit says what a key did; no line of the log comes there."""

_ABOUT = """\
The output page of an agent in a pseudo terminal of 200×50: a log of 100,000 lines, whose end is followed while another
process appends a hundred lines a second. The key marks the goal and takes the mark away; it is answered on the message
line. The floor is the smallest Textual app, asked before and after."""


def measure_tail(folder: Path, lines: int = 100_000, loaded_s: float = 15) -> Benchmark:
    """The end of the log, beside the floor."""
    with seeded(folder, 100, 10) as home:
        log = _with_log(home, folder / "attempt", lines)
        with floor_session() as floor, cockpit_session(home) as screen:
            before = key_latency(floor, ["j", "k"], 30)
            screen.send("o")
            shown = screen.wait(f"said {lines - 1:,}", 10)
            load = measure_load(screen, _load(log, loaded_s))
            followed = screen.wait("appended", 1, [0, 44, 200, 4])
            after = key_latency(floor, ["j", "k"], 30)
    base = (before["p50"] + after["p50"]) / 2
    key = load["key"]
    name = f"{RATE} lines/s into a log of {lines:,}"
    return Benchmark(
        "The end of a log",
        _ABOUT,
        (
            Ratio(f"{name}: key, median", key["latency_ms"]["p50"], base, "ms"),
            Ratio(f"{name}: key, 95 of 100", key["latency_ms"]["p95"], base, "ms", Budget("≤", 8)),
        ),
        (
            Part(f"{name}: CPU", load["cpu_percent"], "%", Budget("≤", 20)),
            Part(f"{name}: written to the terminal", load["bytes_per_s"] / 1000, "kB/s", Budget("≤", 400)),
            Part(f"{name}: frames", load["frames_per_s"], "/s"),
            Part("keys that were never answered", key["missed"], ""),
            Part("logs whose end was not on screen", (shown is None) + (followed is None), ""),
        ),
    )


def _with_log(home: Seeded, attempt: Path, lines: int) -> Path:
    """Give the newest goal's attempt a folder with a log in it."""
    attempt.mkdir()
    log = attempt / LOG
    log.write_text("".join(f"said {number:,}\n" for number in range(lines)), encoding="utf-8")
    with closing(sqlite3.connect(home.ledger)) as database, database:
        database.execute("UPDATE attempts SET folder = ? WHERE run = ?", (str(attempt), home.run(home.runs)))
    return log


def _load(log: Path, seconds: float) -> dict[str, object]:
    appending = [sys.executable, "-m", "tests.bench.appending", str(log), str(RATE)]
    key = {"send": "x", "n": max(4, int(seconds * 2)), "expect": "cells", "region": SAID, "gap": 0.4}
    return {"run": shlex.join(appending), "settle": 2.0, "secs": seconds, "key": key}
