"""DBOS in this process, launched by our rules: private files, plain JSON, our own version, nothing on the terminal."""

import logging
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy import make_url

from adapters.engine.bodies import Bodies, ChildWorkflows, RunWorkflow
from adapters.engine.durable import AGENTS
from adapters.engine.queue_bell import BELL
from adapters.engine.runs import RUNS, Runs
from adapters.engine.speaking import speaking_to_engine
from factory.errors import Unreachable
from factory.ports.bundle import Ports

WORKFLOW_VERSION = "1"
"""Ours, not the library's hash: grows only when a workflow body changes so that runs in flight cannot follow."""

_NAME = "factory"
_FIRST_POLL_S = 0.05
"""Until the bell hangs, nobody can tell a queue to be looked at."""


@dataclass(frozen=True)
class EngineSettings:
    """How the engine runs in this process."""

    url: str
    """SQLAlchemy address of its database, `sqlite:////…/engine.db`."""
    agents_at_once: int = 2
    """How many build and verify children run at the same time."""
    workflow_version: str = WORKFLOW_VERSION
    worker_id: str = "worker-1"
    """Stable per worker: at launch a worker takes up again what carries its id."""
    poll_s: float = 0.5
    """How often the queues are looked at; what this process puts into one is looked at at once."""
    listen_s: float = 1.0
    """How often messages are looked for that nobody announced in this process."""


class Host:
    """The engine of one worker process. One a process: DBOS is global.

    Args:
        ports: Handed to the workflow functions.
        run_workflow: One whole run.
        children: The functions behind `Durable.child`, by kind.
        log: Gets what the engine logs; nothing of it reaches the terminal.
    """

    def __init__(
        self,
        ports: Ports,
        run_workflow: RunWorkflow,
        children: ChildWorkflows,
        settings: EngineSettings,
        log: logging.Handler,
    ) -> None:
        self._settings = settings
        self._log = log
        self.runs = Runs(settings.workflow_version)
        """Starts and wakes runs; usable while the engine is launched."""
        self._work = (ports, run_workflow, children)
        self._is_launched = False

    @property
    def is_launched(self) -> bool:
        """Whether it is open: false before `launch`, after `destroy`, and after a `relaunch` that failed."""
        return self._is_launched

    @property
    def busy(self) -> int:
        """How many build and verify children are in their bodies now."""
        return self._bodies.busy

    @property
    def version(self) -> str:
        """Our workflow version in this process."""
        return self._settings.workflow_version

    def lost(self) -> frozenset[str]:
        """Workflows that the engine takes to be running here and that are not: only a new launch takes them up again.

        It happens when the engine's database could not be written for a while. One that has just been claimed, or has
        just ended, is among them for a moment.

        Raises:
            Unreachable: the engine's database.
        """
        alive = self._bodies.alive
        with speaking_to_engine():
            pending = DBOS.list_workflows(
                status="PENDING", app_version=self.version, executor_id=self._settings.worker_id,
                load_input=False, load_output=False,
            )  # fmt: skip
        return frozenset(workflow.workflow_id for workflow in pending) - alive

    def launch(self) -> None:
        """Open the engine and take up every run that a killed worker left.

        The caller holds the worker lock: a second engine with the same id would take runs away from a live one.

        Raises:
            Unreachable: the engine's database cannot be opened or written.
        """
        self._umask = os.umask(0o077)  # the library's files would be readable for all; they hold prompts and outputs
        self._keep_off_the_terminal()
        try:
            with speaking_to_engine():
                self._open()
                self._is_launched = True
        except Unreachable:
            self.destroy()
            raise

    def relaunch(self) -> None:
        """Let go of everything and take it up again. Raises `Unreachable`; then it has to be called again."""
        self.destroy()
        self.launch()

    def destroy(self) -> None:
        """Stop claiming, let go of running workflows (their agents go on), and close the database."""
        self._is_launched = False
        DBOS.destroy(destroy_registry=True)
        logging.getLogger("dbos").removeHandler(self._log)
        os.umask(self._umask)

    def _open(self) -> None:
        self._prepare_database()
        DBOS(config=self._config())
        self._bodies = Bodies(*self._work, self.version)
        DBOS.launch()
        BELL.hang()
        self._shape_queues(DBOS.register_queue, self._settings.poll_s)

    def _keep_off_the_terminal(self) -> None:
        log = logging.getLogger("dbos")
        log.addHandler(self._log)  # before DBOS(...): without a handler the library adds one on stderr
        log.propagate = False

    def _config(self) -> DBOSConfig:
        return {
            "name": _NAME,
            "system_database_url": self._settings.url,
            "executor_id": self._settings.worker_id,
            "application_version": self._settings.workflow_version,
            "serializer": DBOSPortableJSONSerializer(),  # the default is pickle
            "notification_listener_polling_interval_sec": self._settings.listen_s,
            "enable_otlp": False,
            "log_level": "INFO",
        }

    def _prepare_database(self) -> None:
        """Make the schema and the queues before the launch, which would notice new queues only a second later."""
        url = make_url(self._settings.url)
        if url.get_backend_name() == "sqlite" and url.database:
            _make_private_wal(Path(url.database))
        DBOS.migrate(self._settings.url)
        client = DBOSClient(
            system_database_url=self._settings.url, serializer=DBOSPortableJSONSerializer(), application_name=_NAME
        )
        try:
            self._shape_queues(client.register_queue, _FIRST_POLL_S)
        finally:
            client.destroy()

    def _shape_queues(self, register: Callable[..., object], poll_s: float) -> None:
        always = {"polling_interval_sec": poll_s, "on_conflict": "always_update"}
        register(RUNS, **always)
        register(AGENTS, worker_concurrency=self._settings.agents_at_once, **always)


def _make_private_wal(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")  # stays with the file; the library does not turn it on
