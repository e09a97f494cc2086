"""Runs as the engine knows them: start one, wake one, tell what became of its workflow."""

from dataclasses import dataclass

from dbos import DBOS
from dbos._dbos import _get_dbos_instance

from adapters.engine.durable import FAILED, OVER, WAKE
from adapters.engine.queue_bell import BELL
from adapters.engine.speaking import speaking_to_engine

RUNS = "runs"
"""The unlimited queue: a run that waits for a person must not hold a place that an agent needs."""


@dataclass(frozen=True)
class Workflow:
    """The newest workflow of a run."""

    id: str
    """The run's id; after a defect the operator's retry starts `run#2`, `run#3`, …"""
    state: str
    """As DBOS says it: `ENQUEUED PENDING SUCCESS ERROR …`."""
    version: str
    error: str = ""

    @property
    def is_over(self) -> bool:
        """Whether it has ended, well or not."""
        return self.state in OVER

    @property
    def has_failed(self) -> bool:
        """Whether it ended in a defect and will never go on by itself."""
        return self.state in FAILED


class Runs:
    """Starts and wakes runs. Every call may raise `Unreachable`, code `engine`.

    Args:
        version: Our workflow version; what is started here is claimed only by workers of it.
    """

    def __init__(self, version: str) -> None:
        self._version = version

    def newest(self, run: str) -> Workflow | None:
        """The newest workflow of a run; None when the engine never heard of it."""
        found = None
        with speaking_to_engine():
            while (following := _look(_name(run, found))) is not None:
                found = following
        return found

    def start(self, run: str) -> None:
        """Hand a run to the engine. One that it has already is left as it is."""
        self._enqueue(run, run)

    def start_again(self, run: str) -> None:
        """Start a new workflow for a run whose last one ended; it goes on from what the ledger says."""
        self._enqueue(_name(run, self.newest(run)), run)

    def wake(self, workflow: Workflow, key: str) -> None:
        """Let a workflow look at the ledger, also when no worker runs it now. The same key wakes once."""
        with speaking_to_engine():
            DBOS.send(workflow.id, {"command": key}, topic=WAKE, idempotency_key=key)
        _nudge(workflow.id)

    def _enqueue(self, workflow_id: str, run: str) -> None:
        with speaking_to_engine():
            DBOS.enqueue_workflow_with_options(
                {
                    "workflow_name": "run",
                    "queue_name": RUNS,
                    "workflow_id": workflow_id,
                    "app_version": self._version,  # without it only the version registered last would take it
                },
                run,
            )
        BELL.ring(RUNS)


def _name(run: str, before: Workflow | None) -> str:
    if before is None:
        return run
    number = before.id.removeprefix(run).removeprefix("#") or "1"
    return f"{run}#{int(number) + 1}"


def _look(workflow_id: str) -> Workflow | None:
    status = DBOS.get_workflow_status(workflow_id)
    if status is None:
        return None
    return Workflow(workflow_id, status.status, status.app_version or "", str(status.error or ""))


def _nudge(workflow_id: str) -> None:
    # The library looks for messages once a second. Its waiters can be told at once, as the sender sits in the same
    # process; were this to break in a new release, a wake takes that second again and nothing else changes.
    for _, (destination, *_rest), waiters in _get_dbos_instance()._sys_db.notifications_map.snapshot():
        if destination == workflow_id:
            waiters.set()
