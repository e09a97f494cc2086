"""Keys in a list of any length: the cursor, pages, a key that is held down."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.bench.plot import Point, write_plot
from tests.bench.ratio import Benchmark, Budget, Part, Ratio
from tests.bench.screens import PEERS, Numbers, cockpit_session, floor_session, key_latency, peers
from tests.bench.seed import seeded
from tests.tools.tuimeter import Session, measure_flood

SIZES = ((10, 10), (1_000, 10), (10_000, 10), (100_000, 1))
"""Runs, and steps of each: the two largest have 100,000 steps and 100,000 lines."""
FAST_RATE = 30
LIST_WIDTH = 45
"""Columns of the list without stages and ages."""

_ABOUT = """\
The cockpit in a pseudo terminal of 200×50 on homes of 10 to 100,000 runs, the newest 20 of them running; the homes of
10,000 and 100,000 runs hold 100,000 steps. The floor is the smallest Textual app, in a terminal of its own, asked
right before and after each. A key is answered when any cell looks different. *Hold*: `j` 30 times a second; the lag is
how much longer the list takes after the last one. What is beside the list waits 0.12 s for the hand to rest, so that
goals that are only passed by are not read; until all of that is drawn is a line of its own.

![Key to screen against the number of goals](latency.svg)
"""

_SHOWN = {"median": "p50", "95 of 100": "p95"}


@dataclass(frozen=True)
class Found:
    """What was measured at one size."""

    runs: int
    floor: Numbers
    move: Numbers
    page: Numbers
    hold: Numbers


def measure_nav(
    folder: Path, sizes: tuple[tuple[int, int], ...] = SIZES, keys: int = 60, held: int = 90, plot: Path | None = None
) -> Benchmark:
    """Every size in turn, each beside the floor."""
    with floor_session() as floor:
        found = [_at(folder, runs, steps, floor, keys, held) for runs, steps in sizes]
    if plot:
        write_plot(plot, [Point(one.runs, one.move["p50"], one.page["p50"], one.floor["p50"]) for one in found])
    beside = peers(keys)
    parts = [part for one in found for part in _parts(one)]
    for name, latency in beside.items():
        parts += [Part(f"{name}, key to screen: {what}", latency[at], "ms") for what, at in _SHOWN.items()]
    missing = ", ".join(name for name in PEERS if name not in beside)
    about = f"{_ABOUT}\nPeers that are not on the PATH, or do not start here: {missing}." if missing else _ABOUT
    return Benchmark("Keys against the length of the list", about, _ratios(found), parts)


def _at(folder: Path, runs: int, steps: int, floor: Session, keys: int, held: int) -> Found:
    with seeded(folder, runs, steps) as home, cockpit_session(home) as screen:
        before = key_latency(floor, ["j", "k"], keys // 2)
        move = key_latency(screen, ["j", "k"], keys)
        after = key_latency(floor, ["j", "k"], keys // 2)
        page = key_latency(screen, ["<pagedown>", "<pageup>"], keys // 2)
        hold = measure_flood(screen, {"send": "j", "n": held, "rate": FAST_RATE, "region": _list_on(screen)})
    return Found(runs, _mean(before, after), move, page, hold)


def _list_on(screen: Session) -> list[int]:
    """Where marks, ids and goals stand: nothing changes there by itself."""
    listed = [y for y, line in enumerate(screen.terminal.lines()) if re.match(r"│ . \d+ Goal \d", line)]
    return [0, listed[0], LIST_WIDTH, listed[-1] - listed[0] + 1]


def _mean(one: Numbers, other: Numbers) -> Numbers:
    return {name: (one[name] + other[name]) / 2 for name in ("p50", "p95", "cpu")}


def _ratios(found: list[Found]) -> tuple[Ratio, ...]:
    ratios = []
    for one in found:
        name = f"{one.runs:,} run{'' if one.runs == 1 else 's'}"
        ratios += [
            Ratio(f"cursor key, {name}: median", one.move["p50"], one.floor["p50"], "ms", Budget("≤", 1.5)),
            Ratio(f"cursor key, {name}: 95 of 100", one.move["p95"], one.floor["p95"], "ms", Budget("≤", 3.0)),
            Ratio(f"page down, {name}: median", one.page["p50"], one.floor["p50"], "ms"),
        ]
    thousand = next((one for one in found if one.runs == 1_000), found[0])
    last = found[-1]
    longest = f"cursor key, {last.runs:,} runs against {thousand.runs:,}: median"
    return (*ratios, Ratio(longest, last.move["p50"], thousand.move["p50"], "ms", Budget("≤", 1.2)))


def _parts(one: Found) -> list[Part]:
    name = f"{one.runs:,} runs"
    return [
        Part(f"hold, {name}: lag of the list after the last key", one.hold["region_lag_ms"], "ms", Budget("≤", 50)),
        Part(f"hold, {name}: until everything beside it is drawn", one.hold["lag_ms"], "ms"),
        Part(f"hold, {name}: CPU", one.hold["cpu_percent"], "%", Budget("≤", 30)),
        Part(f"CPU of a cursor key, {name} (floor {one.floor['cpu']:.1f})", one.move["cpu"], "ms"),
        Part(f"keys that were never answered, {name}", one.move["missed"], ""),
    ]
