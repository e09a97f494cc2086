"""Applies what clients left in the ledger. Applying a command twice is harmless, so a kill in between costs nothing."""

from collections.abc import Callable, Mapping
from typing import Protocol

from adapters.engine.open_runs import is_open
from adapters.engine.runs import Workflow
from factory.errors import SourceError
from factory.model.audit import Command
from factory.ports.bundle import Ports


class Engine(Protocol):
    """What commands need of the engine (`Runs`). Every call may raise `Unreachable`."""

    def newest(self, run: str) -> Workflow | None:
        """The newest workflow of a run."""
        ...

    def start(self, run: str) -> None:
        """Hand a run to the engine; one that it has already is left as it is."""
        ...

    def start_again(self, run: str) -> None:
        """Start a new workflow for a run whose last one ended."""
        ...

    def wake(self, workflow: Workflow, key: str) -> None:
        """Let a workflow look at the ledger; the same key wakes once."""
        ...


def apply_pending(ports: Ports, engine: Engine) -> int:
    """Apply every command that waits, oldest first; how many there were.

    Raises:
        Unreachable: the ledger or the engine; what is not marked as applied stays and is tried again.
    """
    commands = ports.ledger.pending()
    for command in commands:
        ports.ledger.applied(command.id, error=_VERBS[command.verb](command, ports, engine))
    return len(commands)


def _start(command: Command, ports: Ports, engine: Engine) -> str:
    engine.start(command.run)
    return ""


def _wake(command: Command, ports: Ports, engine: Engine) -> str:
    """Wake the run's workflow; where there is none that could be woken, start one that goes on from the ledger."""
    workflow = engine.newest(command.run)
    if workflow is not None and not workflow.is_over:
        engine.wake(workflow, command.id)
    elif (workflow is not None and workflow.has_failed) or is_open(ports.ledger, command.run):
        engine.start_again(command.run)
    return ""


def _stop_agents(command: Command, ports: Ports, engine: Engine) -> str:
    try:
        ports.agents.stop(command.run, command.step, command.reason)
    except SourceError as error:
        _wake(command, ports, engine)
        return error.message
    return _wake(command, ports, engine)


_VERBS: Mapping[str, Callable[[Command, Ports, Engine], str]] = {
    "start": _start,
    "wake": _wake,
    "stop_agents": _stop_agents,
}
