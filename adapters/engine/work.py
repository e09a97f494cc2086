"""What a worker is told to do, and where."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from adapters.engine.bodies import ChildWorkflows, RunWorkflow
from adapters.engine.host import EngineSettings
from factory.ports.bundle import Ports


@dataclass(frozen=True)
class WorkerSettings:
    """What a worker process needs to know before anything is open."""

    home: Path
    version: str
    """Of the program; clients of another one replace this worker."""
    ledger: Path | str
    """File or URL; brought to the schema of this program before anything else happens."""
    engine: EngineSettings
    idle_exit_s: float = 600.0
    """Without an open run and without a client it ends after so long."""
    look_s: float = 2.0
    """How often it looks for runs that hang, and whether anybody needs it still."""
    lost_s: float = 10.0
    """How long the engine may take a workflow to be running that is not, before it is launched again."""


class Aside(Protocol):
    """Something that goes on in threads of its own as long as the worker does."""

    def start(self) -> None:
        """Begin; again, put a new thread in the place of one that a defect ended."""
        ...

    def ring(self) -> None:
        """The ledger was written to."""
        ...

    def stop(self, patience_s: float) -> None:
        """End, and wait for it no longer than this."""
        ...


@dataclass(frozen=True)
class Work:
    """What the factory gives a worker to do."""

    ports: Ports
    run_workflow: RunWorkflow
    children: ChildWorkflows
    deliver_due: Callable[[Ports, str, str], float]
    """One pass over the outbox at this time, for this target; returns the seconds until there is more to do."""
    on_broken: Callable[[str, str], None]
    """Told of a run that will not go on by itself, and why. May be told the same again."""
    aside: Sequence[Aside] = ()
    """What listens to other systems."""
