"""`make bench`: measures, prints, and writes docs/benchmarks.md."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.agent_start import measure_agent_start
from tests.bench.cockpit_screen import measure_screen
from tests.bench.evidence_capture import measure_capture
from tests.bench.ledger_writes import measure_writes
from tests.bench.machine import load_now, this_machine
from tests.bench.ratio import Benchmark
from tests.bench.report import page, text
from tests.bench.stage import stage
from tests.bench.step_overhead import measure_steps

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def measured(folder: Path) -> Iterator[Benchmark]:
    """One benchmark after the other, each on the disk of this folder."""
    for name, measure in ALONE.items():
        place = folder / name
        place.mkdir()
        yield measure(place)
    with stage(folder / "stage") as live:
        yield measure_agent_start(live, folder)
        yield measure_screen(live)


ALONE: dict[str, Callable[[Path], Benchmark]] = {
    "steps": measure_steps,
    "ledger": measure_writes,
    "evidence": measure_capture,
}
"""Those that need no worker."""


def main() -> int:
    """Measure all; 1 when a budget is not kept."""
    began, load, found = time.monotonic(), load_now(), list[Benchmark]()
    with TemporaryDirectory(prefix="cockpit-bench-") as folder:
        for benchmark in measured(Path(folder)):
            found.append(benchmark)
            print(text(benchmark), flush=True)
    machine = this_machine(load)
    PAGE.write_text(page(found, machine), encoding="utf-8")
    print(f"{time.monotonic() - began:.0f} s, load average {machine.load[1]} on {machine.cores} cores.")
    if machine.is_busy:
        print("Others used this machine too much for these numbers: run it again when it is quiet.")
    broken = [ratio.what for benchmark in found for ratio in benchmark.ratios if ratio.is_broken]
    for what in broken:
        print(f"Its budget is not kept: {what}.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
