"""What a card shows of the thing that is decided on it."""

from collections.abc import Callable
from dataclasses import dataclass

from widgets.pane import Draw
from widgets.review import CardText


@dataclass(frozen=True)
class Shown:
    """What a decision is about, as it was read."""

    digest: str
    """The decision is about this and nothing else."""
    is_sufficient: bool
    """Whether it may be approved at all."""
    required: frozenset[str]
    """What must have been on screen before the code opens."""
    head: Draw
    """Four lines."""
    body: Callable[[int], CardText]
