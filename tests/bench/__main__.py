"""`make bench`: measures, prints, and writes docs/benchmarks.md."""

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from subprocess import SubprocessError
from tempfile import TemporaryDirectory

from tests.bench.agent_meter import measure_meter
from tests.bench.agent_start import measure_agent_start
from tests.bench.changes import measure_changes
from tests.bench.cockpit_screen import measure_screen
from tests.bench.cockpit_start import measure_start
from tests.bench.evidence_capture import measure_capture
from tests.bench.files import measure_files
from tests.bench.first_report import measure_first_report
from tests.bench.flight import measure_flight
from tests.bench.ledger_writes import measure_writes
from tests.bench.machine import load_now, this_machine
from tests.bench.memory import HOUR_S, measure_memory
from tests.bench.mission import measure_mission
from tests.bench.nav import measure_nav
from tests.bench.panes import measure_panes
from tests.bench.ratio import Benchmark, Budget, Part, Ratio
from tests.bench.report import page, text
from tests.bench.stage import Stage, stage
from tests.bench.step_overhead import measure_steps
from tests.bench.systems import measure_systems
from tests.bench.tail import measure_tail
from tests.bench.type_filter import measure_typing

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
PLOT = PAGE.with_name("latency.svg")


ALONE: dict[str, Callable[[Path], Benchmark]] = {
    "steps": measure_steps,
    "ledger": measure_writes,
    "evidence": measure_capture,
    "keys": measure_nav,
    "filter": measure_typing,
    "panes": measure_panes,
    "changes": measure_changes,
    "files": measure_files,
    "tail": measure_tail,
    "memory": measure_memory,
    "meter": measure_meter,
    "mission": measure_mission,
    "cockpit-start": measure_start,
    "systems": measure_systems,
    "flight": measure_flight,
    "first-report": measure_first_report,
}
"""Those that need no worker, or have their own."""
LIVE: dict[str, Callable[[Stage, Path], Benchmark]] = {
    "start": measure_agent_start,
    "screen": lambda live, _: measure_screen(live),
}
"""Those that share a home with a live worker."""
ALL = (*ALONE, *LIVE)
UNMEASURED = Part("benchmarks that ended before they were through", 1, "", Budget("≤", 0))


def measured(folder: Path, names: Sequence[str]) -> Iterator[Benchmark]:
    """One benchmark after the other, each on the disk of this folder."""
    for name in names:
        (folder / name).mkdir()
        if name in ALONE:
            yield _measured(name, partial(ALONE[name], folder / name))
    if any(name in LIVE for name in names):
        with stage(folder / "stage") as live:
            for name in LIVE:
                if name in names:
                    yield _measured(name, partial(LIVE[name], live, folder / name))


def _measured(name: str, measure: Callable[[], Benchmark]) -> Benchmark:
    """What was found; one that ended half way says so, and takes nothing from the others."""
    try:
        return measure()
    except (TimeoutError, AssertionError, OSError, SubprocessError) as error:
        traceback.print_exc()
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        return Benchmark(f"{name}: not measured", f"It ended before it was through: {why}", (), (UNMEASURED,))


def main(arguments: Sequence[str]) -> int:
    """Measure; 1 when a budget is not kept. The page is written when everything was measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"only these, and only printed: {', '.join(ALL)}")
    parser.add_argument("--hour", action="store_true", help="let the growth of memory take an hour")
    wanted = parser.parse_args(arguments)
    names = tuple(dict.fromkeys(wanted.name)) or ALL
    if set(names) == set(ALL):  # the plot belongs to the page
        ALONE["keys"] = partial(measure_nav, plot=PLOT)
    if wanted.hour:
        ALONE["memory"] = partial(measure_memory, loaded_s=HOUR_S)
    if unknown := set(names) - set(ALL):
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(ALL)}")
    began, load = time.monotonic(), load_now()
    found = _run(names)
    machine = this_machine(load)
    if set(names) == set(ALL):
        PAGE.write_text(page(found, machine), encoding="utf-8")
    print(f"{time.monotonic() - began:.0f} s, load average {machine.load[1]} on {machine.cores} cores.")
    if machine.is_busy:
        print("Others used this machine too much for these numbers: run it again when it is quiet.")
    broken = [one.what for benchmark in found for one in checked(benchmark) if one.is_broken]
    for what in broken:
        print(f"Its budget is not kept: {what}.")
    return 1 if broken else 0


def checked(benchmark: Benchmark) -> list[Ratio | Part]:
    """All that may have a budget."""
    return [*benchmark.ratios, *benchmark.parts]


def _run(names: Sequence[str]) -> list[Benchmark]:
    """Measure, and print each as soon as it is there."""
    found = []
    with TemporaryDirectory(prefix="cockpit-bench-") as folder:
        for benchmark in measured(Path(folder), names):
            print(text(benchmark), flush=True)
            found.append(benchmark)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
