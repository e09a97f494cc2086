"""Asking memory, which may be down: guidance is worth having, never worth waiting for."""

from factory.errors import SourceError
from factory.ports.bundle import Ports
from factory.ports.knowledge import Hint


def recall(ports: Ports, goal: str) -> tuple[Hint, ...]:
    """What memory offers for a goal; nothing when memory does not answer."""
    try:
        return ports.memory.recall(goal)
    except SourceError:
        return ()
