"""Memory of the cockpit: with lists of any length, and after a long time under load."""

import statistics
import sys
import time
from pathlib import Path
from subprocess import DEVNULL, Popen

from tests.bench.ratio import Benchmark, Budget, Part, Ratio
from tests.bench.screens import cockpit_session, floor_session
from tests.bench.seed import Seeded, seeded
from tests.tools.tuimeter import Session, usage

SIZES = (1_000, 10_000, 100_000)
RATE = 100
LOADED_S = 120.0
HOUR_S = 3600.0
SAMPLES = 60

_ABOUT = """\
Resident memory (RSS) of the cockpit in a pseudo terminal of 200×50, all goals loaded, beside that of the smallest
Textual app; the budget is 25 MB above it and 1 kB a goal. *Growth*: from before a hundred events a second to the median
of the last tenth of them, with 1,000 goals, 20 of them running, and the cursor on one that changes;
`make bench HOUR=1` takes an hour for it."""


def measure_memory(folder: Path, sizes: tuple[int, ...] = SIZES, loaded_s: float = LOADED_S) -> Benchmark:
    """Every size, then the load on the smallest."""
    with floor_session() as floor:
        floor_mb = _mb(floor)
    sizes_mb = {}
    for runs in sizes:
        with seeded(folder, runs, 1) as home, cockpit_session(home) as screen:
            sizes_mb[runs] = _mb(screen)
            if runs == sizes[0]:
                begin_mb, samples = sizes_mb[runs], _loaded(screen, home, loaded_s)
    end_mb = statistics.median(samples[-max(1, len(samples) // 10) :])
    return Benchmark(
        "Memory",
        _ABOUT,
        [Ratio(f"memory, {runs:,} goals", mb, floor_mb, "MB") for runs, mb in sizes_mb.items()],
        [
            *(
                Part(f"above the floor, {runs:,} goals", mb - floor_mb, "MB", Budget("≤", 25 + runs / 1000))
                for runs, mb in sizes_mb.items()
            ),
            Part(f"growth in {loaded_s:.0f} s of {RATE} events/s", 100 * (end_mb / begin_mb - 1), "%", Budget("≤", 5)),
            Part("at the end of it", end_mb, "MB"),
            Part("most that was seen meanwhile", max(samples), "MB"),
        ],
    )


def _loaded(screen: Session, home: Seeded, seconds: float) -> list[float]:
    """MB at equal times under load."""
    busy = [sys.executable, "-m", "tests.bench.busy", str(home.home), str(home.runs), str(RATE)]
    job = Popen(busy, stdout=DEVNULL, stderr=DEVNULL)
    try:
        samples = []
        for _ in range(SAMPLES):
            screen.pump(time.perf_counter() + seconds / SAMPLES)
            samples.append(_mb(screen))
        return samples
    finally:
        job.terminate()
        job.wait()


def _mb(session: Session) -> float:
    return usage(session.process.pid)["rss"] / 1e6
