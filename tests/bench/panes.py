"""The main screen under the hands: from pane to pane, and while the window is dragged to another size."""

import time
from pathlib import Path

from tests.bench.ratio import Benchmark, Budget, Part, Ratio
from tests.bench.screens import FLOOR, cockpit_session, floor_session, key_latency
from tests.bench.seed import seeded
from tests.tools.tuimeter import Session, dist, measure_startup

DIGITS = ["2", "3", "4", "6", "7", "8", "9", "1"]
"""The key of each pane that has a place."""
PAGE = ["5", "q"]
"""What has none, as nothing was spent, opens as a page."""
SIZES = ((180, 48), (150, 44), (120, 40), (100, 34), (80, 24), (96, 30), (130, 38), (160, 44), (190, 48), (200, 50))
STILL = [75, 22, 120, 24]
"""A part of the last size in which nothing changes by itself, across three panes."""

_ABOUT = """\
The cockpit in a pseudo terminal of 200×50 with 1,000 goals. *Pane*: the digit of each pane in turn, answered when
any cell looks different. *Page*: the digit of the costs, which have no pane while nothing is spent, and the key back.
*Resize*: ten sizes in one second, from the largest layout to the smallest and back; from the last one to the last
change of what does not change by itself. The floor is the smallest Textual app: a key of it, and its start until it is
ready."""


def measure_panes(folder: Path, keys: int = 54, storms: int = 5) -> Benchmark:
    """Both, beside the floor."""
    with seeded(folder, 1_000, 10) as home, floor_session() as floor, cockpit_session(home) as screen:
        before = key_latency(floor, ["j", "k"], keys // 2)
        pane = key_latency(screen, DIGITS, keys)
        page = key_latency(screen, PAGE, keys // 3)
        after = key_latency(floor, ["j", "k"], keys // 2)
        starts = [run["ready"] for run in measure_startup(FLOOR, storms)]
        found = [_storm(screen) for _ in range(storms)]
        starts += [run["ready"] for run in measure_startup(FLOOR, storms)]
    base = (before["p50"] + after["p50"]) / 2
    settled, start = (dist([one for one in times if one is not None]) or {} for times in (found, starts))
    return Benchmark(
        "Panes and sizes",
        _ABOUT,
        (
            Ratio("key of a pane: median", pane["p50"], base, "ms"),
            Ratio("key of a pane: 95 of 100", pane["p95"], base, "ms", Budget("≤", 8)),
            Ratio("key of a page, and back: median", page["p50"], base, "ms"),
            Ratio("key of a page, and back: 95 of 100", page["p95"], base, "ms"),
            Ratio(
                "ten sizes in a second: last one to settled",
                settled.get("p50", 0.0),
                start["p50"],
                "ms",
                Budget("≤", 1),
            ),
        ),
        (
            Part("longest, last size to settled", settled.get("max", 0.0), "ms"),
            Part("keys that were never answered", pane["missed"] + page["missed"], ""),
            Part("sizes that were never drawn", found.count(None), ""),
        ),
    )


def _storm(screen: Session) -> float | None:
    """Milliseconds from the last size to the last change; None when nothing changed."""
    began = time.perf_counter()
    last = began
    for number, (width, height) in enumerate(SIZES, 1):
        last = screen.resize(width, height)
        if number < len(SIZES):
            screen.pump(began + number / len(SIZES))
    changed = screen.last_change(0.5, 5, STILL)
    return changed and (changed - last) * 1000
