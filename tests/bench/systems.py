"""A whole run while every system around the factory hangs, against the same run with none configured."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cockpit.cli.demo_scene import demo_launch, make_repository
from cockpit.config import load
from cockpit.wiring import opened_ports
from factory.model.outbox import OutboxItem
from factory.model.view import RunView
from factory.operations.decide import approve, review
from factory.operations.start import start
from factory.operations.verify import verify
from factory.ports.bundle import Ports
from factory.rules.moves import awaits_request
from tests.bench.ratio import Benchmark, Budget, Part, Ratio, medians
from tests.support.town import SYSTEMS, Town, configuration

SPEED = "10"
"""Scripted agents that hardly pretend to think: what is left is the factory's own time."""
LONGEST_S = 120.0
_LOOK_S = 0.02
_ABOUT = """\
The demo with its scripted agents, from `start` to `done` (two attempts, two verdicts, approved at once), by a live
worker: in a home with a Mission Control, a BookStack, a LightRAG and a webhook, all of which take every connection and
never answer, against a home with none of them. Agents think a tenth of their time. The systems hang since before the
worker began; what the run writes for them waits in the outbox, whose items are counted below."""


def measure_systems(folder: Path, rounds: int = 3) -> Benchmark:
    """The ratio of the two times, and what waits for the systems at the end."""
    town, before = Town(), os.environ.get("COCKPIT_SPEED")
    town.fail(mission="hang", bookstack="hang", lightrag="hang", hive="hang")
    os.environ["COCKPIT_SPEED"] = SPEED  # for the workers, which inherit it
    try:
        with town.urls() as urls, _home(folder / "none", "") as none, _home(folder / "all", configuration(urls)) as all:
            for home in (none, all):
                home.play()  # the first run of a repository makes its clone
            found = medians(rounds, {"none": none.play, "all": all.play})
            waiting = all.waiting()
    finally:
        os.environ.update({"COCKPIT_SPEED": before} if before is not None else {})
        if before is None:
            os.environ.pop("COCKPIT_SPEED")
    ratio = Ratio("a run while all systems hang", found["all"], found["none"], "s", Budget("≤", 1.1))
    parts = [Part(f"waiting for {name} at the end", waiting[name], "items") for name in SYSTEMS]
    return Benchmark("A run beside systems that hang", _ABOUT, (ratio,), parts)


@dataclass(frozen=True)
class _Home:
    """A home with a live worker."""

    ports: Ports
    repository: Path

    def play(self) -> float:
        """Seconds that a run takes."""
        began = time.monotonic()
        run = start(self.ports, demo_launch(self.repository)).run
        self._until(run, awaits_request)
        verify(self.ports, run)
        self._until(run, lambda view: view.run.state == "awaiting_qa")
        approve(self.ports, run, review(self.ports, run).digest)
        self._until(run, lambda view: view.run.state == "done")
        return time.monotonic() - began

    def waiting(self) -> dict[str, int]:
        """How many items have not arrived, by system."""
        items = [item for item in self.ports.ledger.find(OutboxItem) if item.state != "delivered"]
        return {name: sum(item.target == name for item in items) for name in SYSTEMS}

    def _until(self, run: str, holds: Callable[[RunView], bool]) -> None:
        deadline = time.monotonic() + LONGEST_S
        while not holds(view := self.ports.ledger.view(run)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{run} is {view.run.state} after {LONGEST_S:.0f} s.")
            time.sleep(_LOOK_S)


@contextmanager
def _home(folder: Path, config: str) -> Iterator[_Home]:
    """A home that is configured like this; its worker lives as long as a block."""
    folder.mkdir(mode=0o700)
    Town().keys.write(folder)
    (folder / "config.toml").write_text(config)
    with opened_ports(load(folder, {}), "operator:bench") as ports:
        ports.workers.ensure()
        try:
            yield _Home(ports, make_repository(folder / "demo-repository"))
        finally:
            ports.workers.stop()
