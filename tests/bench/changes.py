"""What changes while somebody looks: from an event to the screen, under a hundred of them a second, and at rest."""

import random
import shlex
import sys
import time
from contextlib import closing
from pathlib import Path

from adapters.clock import SystemClock
from adapters.ledger.open import open_ledger
from tests.bench.busy import change_goal
from tests.bench.ratio import Benchmark, Budget, Part, Ratio
from tests.bench.screens import Numbers, cockpit_session, floor_session, key_latency
from tests.bench.seed import Seeded, seeded
from tests.tools.tuimeter import Session, dist, measure_idle, measure_load

POLL_MS = 100.0
"""How often the cockpit looks at the ledger while a goal is open."""

_ABOUT = """\
The cockpit in a pseudo terminal of 200×50 on a home of 1,000 runs, 20 of them running. *Event to screen*: the newest
goal gets another text in one transaction of another process; from its commit to the first cell of it. The cockpit looks
at the ledger every 100 ms, so half of that is waiting; the budget is 50 ms and five keys of the floor. *Under 100
events a second*: twenty runs change in turn, one transaction each. *At rest*: nothing changes."""


def measure_changes(folder: Path, events: int = 20, loaded_s: float = 30, rest_s: float = 15) -> Benchmark:
    """Events one by one, at rest, then many."""
    with seeded(folder, 1_000, 10) as home, floor_session() as floor, cockpit_session(home) as screen:
        base = key_latency(floor, ["j", "k"], 40)
        event = _events(home, screen, events)
        rest = measure_idle(screen, {"settle": 3, "secs": rest_s})
        floor_rest = measure_idle(floor, {"settle": 0, "secs": min(5, rest_s)})
        load = measure_load(screen, _load(home, loaded_s))
    key = load["key"]["latency_ms"]
    ratios = (
        Ratio("event to screen: median", event["p50"], POLL_MS / 2 + 5 * base["p50"], "ms", Budget("≤", 1.0)),
        Ratio("100 events/s: key, 95 of 100", key["p95"], base["p50"], "ms", Budget("≤", 4.0)),
    )
    parts = (
        Part("event to screen, 95 of 100", event["p95"], "ms"),
        Part("events that never came to the screen", event["missed"], ""),
        Part("100 events/s: CPU", load["cpu_percent"], "%", Budget("≤", 10)),
        Part("100 events/s: written to the terminal", load["bytes_per_s"] / 1000, "kB/s", Budget("≤", 60)),
        Part("100 events/s: frames", load["frames_per_s"], "/s", Budget("≤", 15)),
        Part("at rest, 20 live runs: CPU above the floor", rest["cpu_percent"] - floor_rest["cpu_percent"], "%"),
        Part("at rest: wake-ups", rest["wakeups_per_s"], "/s"),
        Part("at rest: written to the terminal", rest["bytes_per_s"], "B/s", Budget("≤", 300)),
    )
    return Benchmark("Changes on screen", _ABOUT, ratios, parts)


def _events(home: Seeded, screen: Session, count: int) -> Numbers:
    """From the commit to the screen."""
    times, missed = [], 0
    with closing(open_ledger(home.ledger, SystemClock())) as ledger:
        for number in range(count):
            screen.pump(time.perf_counter() + 0.2 + 0.2 * random.random())
            change_goal(ledger, home.run(home.runs), f"marker{number}x")
            committed = time.perf_counter()
            seen = screen.wait(f"marker{number}x", 3)
            missed += seen is None
            times += [(seen - committed) * 1000] if seen else []
    return {**(dist(times) or {}), "missed": missed}


def _load(home: Seeded, seconds: float) -> Numbers:
    busy = [sys.executable, "-m", "tests.bench.busy", str(home.home), str(home.runs), "100"]
    key = {"send": ["j", "k"], "n": 30, "expect": "cells", "gap": seconds / 60}
    return {"run": shlex.join(busy), "settle": 2.0, "secs": seconds, "key": key}
