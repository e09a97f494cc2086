"""Letters in the filter of a list: how soon each is echoed, and how soon the list shows what fits."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

from tests.bench.ratio import Benchmark, Budget, Part, Ratio
from tests.bench.screens import Numbers, cockpit_session, floor_session, key_latency
from tests.bench.seed import WORDS, seeded
from tests.tools.tuimeter import Session, dist

TYPED = "uploader"
"""Eight letters; up to the seventh, other goals fit too."""
FIELD = [0, 47, 200, 2]
"""Where the filter is typed, above the footer."""
LONGEST_S = 5.0
GAP_S = 0.12
"""Between two letters of somebody who types fast."""

_ABOUT = """\
The cockpit in a pseudo terminal of 200×50 with 100,000 goals. Eight letters are typed into the filter, one each 120 ms;
every goal fits the first one, a seventh of them all eight. *Letter*: from the key to the letter in the field. *Result*:
from the last letter to the number of goals that fit it. *Sort*: from the key that turns the order of all goals around
to the other end of the list. The floor is the smallest Textual app, asked before and after."""


def measure_typing(folder: Path, runs: int = 100_000, rounds: int = 6) -> Benchmark:
    """The same word again and again, beside the floor."""
    with seeded(folder, runs, 1) as home, floor_session() as floor, cockpit_session(home) as screen:
        before = key_latency(floor, ["j", "k"], 30)
        _typed(screen, runs)  # the first time is not counted
        found = [_typed(screen, runs) for _ in range(rounds)]
        turned = [one for _ in range(rounds) for one in _turned(screen, runs)]
        after = key_latency(floor, ["j", "k"], 30)
    base = (before["p50"] + after["p50"]) / 2
    letters = _all([one for letters, _ in found for one in letters])
    results = _all([result for _, result in found])
    turns = _all(turned)
    return Benchmark(
        f"Typing into the filter of {runs:,} goals",
        _ABOUT,
        (
            Ratio("letter in the filter: median", letters["p50"], base, "ms"),
            Ratio("letter in the filter: 95 of 100", letters["p95"], base, "ms", Budget("≤", 5)),
        ),
        (
            Part("last letter to the result: median", results["p50"], "ms", Budget("≤", 150)),
            Part("last letter to the result: longest", results["max"], "ms"),
            Part("all goals sorted the other way: median", turns["p50"], "ms"),
            Part(
                "letters, results and orders that never came",
                letters["missed"] + results["missed"] + turns["missed"],
                "",
            ),
        ),
    )


def _typed(screen: Session, runs: int) -> tuple[list[float | None], float | None]:
    """Milliseconds of each letter, and of the result."""
    screen.send("/")
    screen.quiet(0.3, 2)
    letters: list[float | None] = []
    at = 0.0
    for number in range(len(TYPED)):
        at = screen.send(TYPED[number])
        seen = screen.wait(rf"\b{re.escape(TYPED[: number + 1])}\b", LONGEST_S, FIELD)
        letters.append(seen and (seen - at) * 1000)
        if number < len(TYPED) - 1:
            screen.pump(at + GAP_S * (0.75 + random.random() / 2))
    seen = screen.wait(rf"\b{fitting(runs):,} of {runs:,}\b", LONGEST_S)
    screen.send("<esc>")
    screen.quiet(0.5, 3)
    screen.send("g")  # the cursor stayed on its goal
    screen.wait(rf"^. . \d+ Goal {runs}:", LONGEST_S)
    screen.quiet(0.3, 3)
    return letters, seen and (seen - at) * 1000


def _turned(screen: Session, runs: int) -> Iterator[float | None]:
    """Milliseconds until the newest goal, on which the cursor is, is the last one of the list, and the first again."""
    listed = [y for y, line in enumerate(screen.terminal.lines()) if re.match(r"│ . \d+ Goal \d", line)]
    for y in listed[-1], listed[0]:
        at = screen.send("S")
        seen = screen.wait(rf"Goal {runs}:", LONGEST_S, [0, y, 80, 1])
        yield seen and (seen - at) * 1000
        screen.quiet(0.3, 3)


def fitting(runs: int) -> int:
    """How many goals hold the whole word."""
    return sum(TYPED in WORDS[number % len(WORDS)] for number in range(1, runs + 1))


def _all(times: list[float | None]) -> Numbers:
    """What never came counts with all the time it was given."""
    return {**(dist([LONGEST_S * 1000 if one is None else one for one in times]) or {}), "missed": times.count(None)}
