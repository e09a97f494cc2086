"""How soon the cockpit is there: without goals, with many, with very many, and with a ledger that somebody holds."""

import os
import re
import sqlite3
import statistics
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from cockpit.settings import Settings
from cockpit.wiring import make_home
from factory.ports.ledger import Transaction
from tests.bench import floor_app
from tests.bench.ratio import Benchmark, Budget, Part, Ratio
from tests.bench.sample_run import move_step, new_ledger
from tests.bench.seed import Seeded, seeded
from tests.tools.tuimeter import Session, usage

GOALS, STEPS, FILES = 50, 100, 20
VERY_MANY = 5_000
EVENTS = 10_000
TOGETHER = 1_000
"""Changes in one transaction, so that the run is there in seconds."""
LONGEST_S = 60.0
FIRST, USEFUL, KEY, LOADED, CPU = "first paint", "useful", "first key answered", "all loaded", "CPU"
BUDGETS = {FIRST: 0.25, USEFUL: 1.6, KEY: 1.6, LOADED: 2.5}
NAME = "{name}"
"""Stands for the name that the newest goal gets before each start."""
FEW = {USEFUL: 1.4}
"""Without goals there is less to do."""

_ABOUT = f"""\
`cockpit` in a pseudo terminal of 200×50 against the smallest Textual app, in turn. *First paint*: the first cell that
is not blank. *Useful*: the newest goal is listed, under the name that it was given just before this start; without
goals, that there are none; of a held ledger, that it is held. *First key answered*: a key that was pressed at first
paint shows on screen. *All loaded*: every goal is counted and the selected one is read. Empty: a home without goals.
Many: {GOALS} goals with {STEPS} steps each and {GOALS * FILES:,} evidence files. Held: another process has the ledger
locked. Replay: `cockpit replay last` of a run with {EVENTS:,} events; useful is its first moment, and the key leads to
the second one. No worker is started meanwhile. All code is compiled, as pip leaves it. CPU is that of the whole
start."""


@dataclass(frozen=True)
class Start:
    """One program to start, and what to wait for: a regular expression for each moment, in their order."""

    name: str
    argv: Sequence[str]
    moments: Mapping[str, str]
    key: str
    home: Seeded | None = None
    """Its newest goal gets another name before each start."""


def measure_start(
    folder: Path, rounds: int = 7, goals: int = GOALS, very_many: int = VERY_MANY, events: int = EVENTS
) -> Benchmark:
    """All five starts, and the floor, in interleaved rounds; the first round only warms the caches."""
    with ExitStack() as open_:
        starts = [_floor(), *_cockpits(folder, open_, goals, very_many), _replay(folder / "replay", events)]
        found: dict[str, list[dict[str, float]]] = {start.name: [] for start in starts}
        for number in range(rounds + 1):
            for start in starts:
                times = _started(start, f"Round {number}", folder)
                if number:
                    found[start.name].append(times)
    medians = {
        name: {moment: statistics.median(one[moment] for one in runs) for moment in runs[0]}
        for name, runs in found.items()
    }
    return Benchmark("Cockpit start", _ABOUT, _ratios(medians), _parts(medians))


def _floor() -> Start:
    return Start("floor", [sys.executable, str(Path(floor_app.__file__))], {USEFUL: "ready", KEY: "ready 1"}, "j")


def _cockpits(folder: Path, open_: ExitStack, goals: int, very_many: int) -> list[Start]:
    empty, many, most, held = (
        open_.enter_context(seeded(folder / name, count, STEPS if count == goals else 2, live=0))
        for name, count in (("empty", 0), ("many", goals), ("most", very_many), ("held", 1))
    )
    for number in range(goals * FILES):
        file = many.home / "evidence" / many.run(1 + number % goals) / f"{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("seen")
    holder = open_.enter_context(closing(sqlite3.connect(held.ledger, isolation_level=None)))
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    counted = r"{:,} goals[\s\S]*NEXT  (?!reading)"
    return [
        _cockpit("empty", empty, "No goals yet", "NEXT  n "),
        _cockpit("many goals", many, NAME, counted.format(goals)),
        _cockpit(f"{very_many:,} goals", most, NAME, counted.format(very_many)),
        _cockpit("ledger held", held, "is held by"),
    ]


def _cockpit(name: str, home: Seeded, useful: str, loaded: str = "") -> Start:
    argv = [sys.executable, "-P", "-m", "cockpit", "--home", str(home.home)]
    moments = {USEFUL: useful, KEY: "The mouse is", **({LOADED: loaded} if loaded else {})}
    return Start(name, argv, moments, "M", home if useful == NAME else None)


def _replay(home: Path, events: int) -> Start:
    make_home(Settings(home))
    with closing(new_ledger(home)) as ledger:
        for _ in range(events // TOGETHER):
            ledger.write("bench", _moves)
    argv = [sys.executable, "-P", "-m", "cockpit", "--home", str(home), "replay", "last"]
    return Start("replay", argv, {USEFUL: r"REPLAY.* event [12]/", KEY: r"REPLAY.* event 2/"}, ".")


def _moves(tx: Transaction) -> None:
    for _ in range(TOGETHER):
        move_step(tx)


def _started(start: Start, name: str, folder: Path) -> dict[str, float]:
    """When each moment came, in ms since the start; and the CPU time until the last one."""
    if start.home:
        with closing(sqlite3.connect(start.home.ledger)) as ledger, ledger:
            ledger.execute("UPDATE runs SET goal = ? WHERE id = ?", (name, start.home.run(start.home.runs)))
    session = Session(list(start.argv), (200, 50), str(folder), _installed(folder))
    try:
        times = _times(session, start, name)
        times[CPU] = usage(session.process.pid)["cpu_s"] * 1000
    finally:
        session.close(["q"])
    return times


def _installed(folder: Path) -> dict[str, str]:
    """An environment in which Python keeps what it compiled, as an installation does; the first round writes it."""
    kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    return {"PYTHONPATH": os.pathsep.join(sys.path), **kept}


def _times(session: Session, start: Start, name: str) -> dict[str, float]:
    waited = {FIRST: r"\S", **{moment: text.replace(NAME, name) for moment, text in start.moments.items()}}
    times: dict[str, float] = {}
    while waited:
        at = session.pump(session.started + LONGEST_S, lambda: bool(_come(session, waited)))
        if at is None:
            raise TimeoutError(f"{start.name}: never seen: {waited}\n{session.terminal.visible()}")
        for moment in _come(session, waited):
            del waited[moment]
            times[moment] = (at - session.started) * 1000
            if moment == FIRST:
                session.send(start.key)
    return times


def _come(session: Session, waited: Mapping[str, str]) -> list[str]:
    """The moments that are there now."""
    text = session.terminal.visible()
    return [moment for moment, sought in waited.items() if re.search(sought, text)]


def _ratios(found: Mapping[str, Mapping[str, float]]) -> tuple[Ratio, ...]:
    floor = found["floor"]
    bare = {FIRST: floor[USEFUL], USEFUL: floor[USEFUL], KEY: floor[USEFUL], LOADED: floor[USEFUL], CPU: floor[CPU]}
    return tuple(
        Ratio(f"start, {name}: {moment}", value, bare[moment], "ms", _budget(name, moment))
        for name, times in found.items()
        if name != "floor"
        for moment, value in times.items()
    )


def _budget(name: str, moment: str) -> Budget | None:
    if name == "replay":  # its words are parsed first, and every key waits for the screen library
        return Budget("≤", BUDGETS[USEFUL]) if moment == USEFUL else None
    limits = BUDGETS | (FEW if name in ("empty", "ledger held") else {})
    return Budget("≤", limits[moment]) if moment in limits else None


def _parts(found: Mapping[str, Mapping[str, float]]) -> tuple[Part, ...]:
    return (Part("floor: first key answered", found["floor"][KEY], "ms"),)
