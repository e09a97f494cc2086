"""What a step of a run costs, against a bare DBOS step on the same disk."""

import time
from collections import deque
from contextlib import closing
from pathlib import Path

from dbos import DBOS

from factory.ports.bundle import Ports
from factory.ports.engine import Durable
from factory.workflow.flow import Flow
from tests.bench.bare_sqlite import BareWriter, Statement, recorded
from tests.bench.engine_home import Body, engine_home, milliseconds_each
from tests.bench.ratio import Benchmark, Budget, Part, Ratio, medians
from tests.bench.sample_run import RUN, move_step, new_ledger

_ABOUT = """\
All in one process and one engine.db (WAL, `synchronous=FULL`), in workflows of many steps. *Empty step*: `Durable.step`
of an empty function against a function with `@DBOS.step()` called in a `@DBOS.workflow()`, both plain `def`, which is
the least that DBOS can do; ours comes from an async workflow and a thread. *Step that moves the run*: a step of the
workflow that writes the ledger with its key, as nearly all of ours do, against a bare DBOS step around a bare SQLite
transaction of the same rows (recorded from ours, plain sqlite3, same PRAGMAs)."""


def measure_steps(folder: Path, rounds: int = 40, steps: int = 10) -> Benchmark:
    """Empty steps, and steps that write the ledger, in many short turns."""
    ledger = new_ledger(folder / "ours")
    with closing(ledger), engine_home(folder / "engine", ledger) as home, closing(_Bare(folder / "bare")) as bare:
        found = medians(
            rounds,
            {
                "empty": lambda: home.run(_empty(steps)),
                "bare empty": lambda: bare.empty(steps),
                "move": lambda: home.run(_moves(steps)),
                "bare move": lambda: bare.moves(steps),
            },
        )
    budget = Budget("≤", 2.0)
    ratios = (
        Ratio("step overhead: an empty step", found["empty"], found["bare empty"], "ms", budget),
        Ratio("step overhead: a step that moves the run", found["move"], found["bare move"], "ms", budget),
    )
    per_s = Part("steps of a run per second, each with its ledger write", 1000 / found["move"], "/s")
    return Benchmark("Step overhead of a run", _ABOUT, ratios, (per_s,))


def _nothing() -> None:
    """What an empty step does."""


def _empty(steps: int) -> Body:
    async def body(durable: Durable, _: Ports) -> float:
        began = time.perf_counter()
        for number in range(steps):
            await durable.step(f"step {number}", _nothing)
        return milliseconds_each(steps, began)

    return body


def _moves(steps: int) -> Body:
    mark = time.time_ns()  # keys are new in each round

    async def body(durable: Durable, ports: Ports) -> float:
        flow = Flow(durable, ports, RUN)
        began = time.perf_counter()
        for number in range(steps):
            await flow.step(f"begin:{mark}:{number}", _move)
        return milliseconds_each(steps, began)

    return body


def _move(flow: Flow, key: str) -> None:
    flow.write(key, move_step)


class _Bare:
    """Workflows of plain DBOS in the engine that is launched, and the file that they write."""

    def __init__(self, folder: Path) -> None:
        self._recorder = new_ledger(folder / "recorded")
        new_ledger(folder / "written").close()
        self._writer = BareWriter(folder / "written" / "ledger.db")
        rows: deque[list[Statement]] = deque()

        @DBOS.step(name="bare empty")
        def empty() -> None:
            return

        @DBOS.step(name="bare write")
        def write() -> None:
            self._writer.write(rows.popleft())

        @DBOS.workflow(name="bare steps")
        def bare_steps(steps: int, writes: bool) -> float:
            step = write if writes else empty
            began = time.perf_counter()
            for _ in range(steps):
                step()
            return milliseconds_each(steps, began)

        self._rows, self._steps = rows, bare_steps

    def empty(self, steps: int) -> float:
        """Milliseconds each of so many empty steps took."""
        return self._steps(steps, False)

    def moves(self, steps: int) -> float:
        """Milliseconds each of so many steps took that write what a move of ours writes."""
        for _ in range(steps):
            with recorded() as statements:
                self._recorder.write("worker", move_step, f"{RUN}:begin:{time.time_ns()}")
            self._rows.append(statements)
        return self._steps(steps, True)

    def close(self) -> None:
        """Close both files."""
        self._writer.close()
        self._recorder.close()
