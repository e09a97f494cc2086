"""Ports and an engine for tests that need only a part of them."""

from typing import Any

from adapters.engine.runs import Workflow
from factory.errors import Unreachable
from factory.model.audit import Command
from factory.model.run import Run, RunState
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from tests.fakes.clock import FixedClock
from tests.fakes.ledger import MemoryLedger


class ToyAgents:
    """Notes who was asked to stop."""

    def __init__(self) -> None:
        self.stopped: list[tuple[str, str, str]] = []

    def stop(self, run: str, step: str, reason: str) -> None:
        self.stopped.append((run, step, reason))


class ToyEngine:
    """`Engine` in memory. What was done to it is in `done`."""

    def __init__(self) -> None:
        self.workflows: dict[str, Workflow] = {}
        self.done: list[tuple[str, str]] = []
        self.is_reachable = True

    def newest(self, run: str) -> Workflow | None:
        return self.workflows.get(run)

    def start(self, run: str) -> None:
        self._do("start", run)
        self.workflows.setdefault(run, Workflow(run, "PENDING", "1"))

    def start_again(self, run: str) -> None:
        self._do("again", run)
        self.workflows[run] = Workflow(f"{run}#2", "PENDING", "1")

    def wake(self, workflow: Workflow, key: str) -> None:
        self._do(key, workflow.id)

    def ends(self, run: str, state: str, error: str = "") -> None:
        """Its workflow has ended so."""
        self.workflows[run] = Workflow(run, state, "1", error)

    def _do(self, what: str, to: str) -> None:
        if not self.is_reachable:
            raise Unreachable("No engine.", code="engine")
        self.done.append((what, to))


def toy_ports() -> Ports:
    """A ledger in memory, agents that note who was stopped, and nothing else."""
    nothing: Any = None
    agents: Any = ToyAgents()
    return Ports(
        clock=FixedClock(), ledger=MemoryLedger(), agents=agents, workspace=nothing, checks=nothing, evidence=nothing,
        memory=nothing, pages=nothing, prompts=nothing, router=nothing, workers=nothing, inside_agent=str,
    )  # fmt: skip


def put_run(ports: Ports, run: str, state: RunState = "running") -> None:
    """A run in the ledger."""
    ports.ledger.write("operator", lambda tx: tx.put(Run(id=run, goal="a goal", state=state), "run.start"))


def leave(ports: Ports, command: Command) -> None:
    """A command that waits."""

    def work(tx: Transaction) -> None:
        tx.leave(command)

    ports.ledger.write("operator", work)
