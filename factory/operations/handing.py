"""Leaving a wish for the worker, in the transaction that makes it true, and seeing that a worker is there."""

from factory.errors import Unreachable
from factory.model.audit import Command
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction


def wake(tx: Transaction, ports: Ports, run: str) -> None:
    """Let the run's workflow look at the ledger again."""
    tx.leave(Command(id=ports.clock.new_id("cmd"), run=run, verb="wake", actor=ports.actor))


def ensure_worker(ports: Ports, kept: str = "What you asked for is recorded; the next worker does it.") -> None:
    """See that a worker is there, now that a wish was left.

    Args:
        kept: What there is although no worker is.

    Raises:
        Unreachable: none starts; the hint says that the wish is kept.
    """
    try:
        ports.workers.ensure()
    except Unreachable as error:
        raise Unreachable(error.message, f"{kept} {error.hint}", error.code) from error


def launch(tx: Transaction, ports: Ports, run: str) -> None:
    """Hand a new run to the engine."""
    tx.leave(Command(id=ports.clock.new_id("cmd"), run=run, verb="start", actor=ports.actor))


def stop_agents(tx: Transaction, ports: Ports, run: str, reason: str, step: str = "") -> None:
    """End what runs for a run (or one step of it); the workflow sees why as the end reason."""
    command = Command(
        id=ports.clock.new_id("cmd"), run=run, verb="stop_agents", reason=reason, step=step, actor=ports.actor
    )
    tx.leave(command)
