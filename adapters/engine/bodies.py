"""The bodies that DBOS calls: they give the factory's workflow functions a `Durable`, and watch how they end."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager

from dbos import DBOS

from adapters.engine.answer import failure, result
from adapters.engine.bells import Bells
from adapters.engine.durable import DbosDurable
from factory.errors import SourceError
from factory.ports.bundle import Ports
from factory.ports.engine import Durable, Json

RunWorkflow = Callable[[Durable, Ports, str], Awaitable[Json]]
"""`run_workflow(durable, ports, run)`: one whole run, going on from what the ledger says."""
ChildWorkflow = Callable[[Durable, Ports, Json], Awaitable[Json]]
"""`child(durable, ports, argument)`: one build or one verification."""

ChildWorkflows = Mapping[str, ChildWorkflow]
"""The functions behind `Durable.child`, by kind."""

RUN = "run"
_MAX_RECOVERIES = 1000  # a run of weeks sees many restarts; the library would give up after 100

_log = logging.getLogger(__name__)


class Bodies:
    """Registers the workflow functions with DBOS under their names: `run`, and each key of `children`."""

    def __init__(self, ports: Ports, run_workflow: RunWorkflow, children: ChildWorkflows, version: str) -> None:
        self._ports = ports
        self._version = version
        self._bells = Bells()
        self._alive: set[str] = set()
        self._busy = 0
        self._register_run(run_workflow)
        for name, child in children.items():
            self._register_child(name, child)

    @property
    def busy(self) -> int:
        """How many build and verify children are in their bodies now: an agent may be running in each."""
        return self._busy

    @property
    def alive(self) -> frozenset[str]:
        """Ids of all workflows that are in their bodies now."""
        return frozenset(self._alive)

    def _register_run(self, run_workflow: RunWorkflow) -> None:
        @DBOS.workflow(name=RUN, max_recovery_attempts=_MAX_RECOVERIES)
        async def run(run_id: str) -> Json:
            with self._at_work():
                return await run_workflow(self._durable(), self._ports, run_id)

    def _register_child(self, name: str, child: ChildWorkflow) -> None:
        @DBOS.workflow(name=name, max_recovery_attempts=_MAX_RECOVERIES)
        async def body(argument: Json) -> Json:
            with self._at_work(), self._counted():
                try:
                    return result(await child(self._durable(), self._ports, argument))
                except SourceError as error:
                    return failure(error)

    def _durable(self) -> Durable:
        return DbosDurable(self._version, self._bells)

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        workflow_id = str(DBOS.workflow_id)
        self._alive.add(workflow_id)
        try:
            with _Logged(workflow_id):
                yield
        finally:
            self._alive.discard(workflow_id)
            self._bells.ring(workflow_id)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._busy += 1
        try:
            yield
        finally:
            self._busy -= 1


class _Logged:
    """Writes the traceback of a workflow that ends in a defect to the log; the defect goes on to the engine."""

    def __init__(self, workflow_id: str) -> None:
        self._workflow_id = workflow_id

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception):
            _log.error("Workflow %s ended in a defect.", self._workflow_id, exc_info=error)
