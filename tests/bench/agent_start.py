"""From the transaction of `start` to the agent's first instruction, against what it cannot do without."""

import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dbos import DBOS

from tests.bench.engine_home import LONGEST_S, engine_home
from tests.bench.ratio import Benchmark, Budget, Part, Ratio, in_turn
from tests.bench.stage import Stage
from tests.bench.timeline import PARTS, timeline

POLL_S = 0.1

_ABOUT = f"""\
A run on a repository of one file, with a live worker: from the return of `start`'s transaction (operations.start, in
this process) to the first instruction of the agent, a Python program that reads the clock. In between lies all that a
run needs first: the worker sees the command, the engine picks the run up, the clone is made or brought up to date, the
acceptance command runs at the base in a fresh checkout and fails, the attempt is leased, the build is picked up as a
child, its worktree is made, the shim and the interpreter start. Bare: `python -c pass` from start to end, plus the
engine's pick-up: plain DBOS on a queue that is looked at every {POLL_S:g} s, from before `enqueue` to the first line of
the workflow. The parts are medians of their own and need not add up."""


def measure_agent_start(stage: Stage, folder: Path, rounds: int = 15) -> Benchmark:
    """The ratio, and where the time goes."""
    parts: dict[str, list[float]] = {name: [] for name in PARTS}

    def agent() -> float:
        found = stage.launch()
        for name, milliseconds in timeline(stage.home, found.run, found.committed_ns, found.agent_ns).items():
            parts[name].append(milliseconds)
        stage.end(found.run)
        return (found.agent_ns - found.committed_ns) / 1e6

    agent()  # the first run of a repository makes its clone; measured are all the others
    for numbers in parts.values():
        numbers.clear()
    with _bare_queue(folder / "bare") as queue:
        found = in_turn(rounds, {"agent": agent, "python": _python, "pick-up": queue.pick_up, "again": queue.pick_up})
    python, pick_up = statistics.median(found["python"]), statistics.median(found["pick-up"] + found["again"])
    ratio = Ratio(
        "start to agent process started", statistics.median(found["agent"]), python + pick_up, "ms", Budget("≤", 3.0)
    )
    shown = [Part(name, statistics.median(numbers), "ms") for name, numbers in parts.items()]
    shown += [Part("bare: `python -c pass`", python, "ms"), Part("bare: engine pick-up", pick_up, "ms")]
    return Benchmark("Start to agent process started", _ABOUT, (ratio,), shown)


def _python() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return (time.perf_counter() - began) * 1000


class _BareQueue:
    """One queue of plain DBOS and one workflow that notes when its body begins."""

    def __init__(self) -> None:
        self._began = threading.Event()
        self._began_at = 0.0
        DBOS.register_queue("bare", polling_interval_sec=POLL_S)

        @DBOS.workflow(name="bare pick-up")
        def body() -> None:
            self._began_at = time.perf_counter()
            self._began.set()

        self._body = body

    def pick_up(self) -> float:
        """Milliseconds from before `enqueue` to the body."""
        self._began.clear()
        time.sleep(random.uniform(0, POLL_S))  # at any moment between two looks, as an operator is
        enqueued = time.perf_counter()
        DBOS.enqueue_workflow("bare", self._body)
        if not self._began.wait(LONGEST_S):
            raise TimeoutError("The bare engine did not pick up its workflow.")
        return (self._began_at - enqueued) * 1000


@contextmanager
def _bare_queue(folder: Path) -> Iterator[_BareQueue]:
    with engine_home(folder):
        queue = _BareQueue()
        time.sleep(1.5)  # the library notices a new queue once a second
        queue.pick_up()
        yield queue
