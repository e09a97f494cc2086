"""The real engine in this process, for benchmarks: our host, and beside it workflows of plain DBOS on the same file."""

import logging
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from adapters.clock import SystemClock
from adapters.engine.host import EngineSettings, Host
from adapters.ledger.ledger import SqlLedger
from factory.ports.bundle import Ports
from factory.ports.engine import Durable, Json

LONGEST_S = 120.0

Body = Callable[[Durable, Ports], Awaitable[float]]
"""A workflow of ours; what it returns is the measured number."""


class EngineHome:
    """An engine that runs one workflow after the other."""

    def __init__(self, folder: Path, ledger: SqlLedger | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._bodies: dict[str, Body] = {}
        self._found: dict[str, float] = {}
        self._ended = threading.Event()
        nothing: Any = None
        ports = Ports(
            clock=SystemClock(), ledger=ledger or nothing, workspace=nothing, agents=nothing, checks=nothing,
            evidence=nothing, memory=nothing, pages=nothing, prompts=nothing, router=nothing, workers=nothing,
            inside_agent=str,
        )  # fmt: skip
        settings = EngineSettings(url=f"sqlite:///{folder}/engine.db")
        self.host = Host(ports, self._workflow, {}, settings, logging.NullHandler())

    def run(self, body: Body) -> float:
        """Run a workflow of ours to its end; what it measured."""
        run = f"run_{len(self._bodies)}"
        self._bodies[run] = body
        self._ended.clear()
        self.host.runs.start(run)
        if not self._ended.wait(LONGEST_S):
            raise TimeoutError(f"Workflow {run} did not end within {LONGEST_S:.0f} s.")
        return self._found[run]

    async def _workflow(self, durable: Durable, ports: Ports, run: str) -> Json:
        try:
            self._found[run] = await self._bodies[run](durable, ports)
        finally:
            self._ended.set()
        return {"run": run}


@contextmanager
def engine_home(folder: Path, ledger: SqlLedger | None = None) -> Iterator[EngineHome]:
    """An engine for as long as a block runs."""
    home = EngineHome(folder, ledger)
    home.host.launch()
    try:
        yield home
    finally:
        home.host.destroy()


def milliseconds_each(count: int, began: float) -> float:
    """Milliseconds each of `count` things took, when they began at `began` (perf_counter)."""
    return (time.perf_counter() - began) / count * 1000
