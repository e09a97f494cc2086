"""What the screens may read; everything else they ask an operation for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from factory.ports.clock import Clock
    from factory.ports.ledger import Ledger
    from factory.ports.worker import Workers


class Sight(Protocol):
    """What the cockpit reads; the bundle of all ports fits."""

    @property
    def clock(self) -> Clock:
        """Tells what time it is."""
        ...

    @property
    def ledger(self) -> Ledger:
        """The truth."""
        ...

    @property
    def workers(self) -> Workers:
        """Starts and watches the worker."""
        ...
