"""The worker process: takes the lock, opens ledger and engine, then goes on until it is told to end."""

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.engine.host import Host
from adapters.engine.lock import Holder, WorkerLock
from adapters.engine.log_file import log_to
from adapters.engine.turns import Turns
from adapters.engine.work import Work, WorkerSettings
from adapters.ledger.open import is_current
from factory.errors import SourceError

_DELIVERY_S = 2.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

_log = logging.getLogger(__name__)


def run_worker(settings: WorkerSettings, assemble: Callable[[], Work]) -> None:
    """Be the worker of a home until SIGTERM, SIGINT or SIGHUP, or until nobody needs one. For the main thread.

    Args:
        settings: Where, and how.
        assemble: Opens the ports; called once the lock is held and the ledger has its schema.

    Raises:
        Refused: `locked`, another worker runs; `newer_schema`.
        Unreachable: home, ledger or engine cannot be used.
    """
    os.umask(0o077)
    # Never given back: threads of ours may still be at work until the process is gone, and the kernel gives it back.
    lock = WorkerLock(settings.home)
    me = Holder(pid=os.getpid(), version=settings.version)
    lock.take(me)
    with _logging_to(settings.home / "log" / "worker.log") as handler, _noting_signals() as is_stopped:
        try:
            _work(settings, assemble, lock, me, handler, is_stopped)
        except SourceError as error:
            _log.error("%s", error.message)
            raise


def _work(
    settings: WorkerSettings,
    assemble: Callable[[], Work],
    lock: WorkerLock,
    me: Holder,
    handler: logging.Handler,
    is_stopped: Callable[[], bool],
) -> None:
    _log.info("Worker %s (version %s) begins.", me.pid, me.version)
    _migrate(settings.ledger)
    work = assemble()
    host = Host(work.ports, work.run_workflow, work.children, settings.engine, handler)
    host.launch()
    turns = Turns(settings, work, host, lock, me)
    turns.go_on(is_stopped)
    _log.info("Worker %s ends: %s.", me.pid, "nobody needs it" if turns.is_over else "it was asked to")
    turns.stop(_DELIVERY_S)
    host.destroy()


def _migrate(ledger: Path | str) -> None:
    if is_current(ledger):
        return  # nearly always, and importing Alembic is a fifth of a worker's start
    from adapters.ledger.migrate import migrate  # for the worker alone, and only once it has the lock

    migrate(ledger)


@contextmanager
def _logging_to(path: Path) -> Iterator[logging.Handler]:
    """Everything that is logged in this process goes to the file, and so do defects of its threads."""
    handler, root = log_to(path), logging.getLogger()
    level, excepthook = root.level, threading.excepthook
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    threading.excepthook = _log_defect
    try:
        yield handler
    finally:
        threading.excepthook = excepthook
        root.setLevel(level)
        root.removeHandler(handler)
        handler.close()


def _log_defect(args: threading.ExceptHookArgs) -> None:
    _log.error("A thread ended in a defect.", exc_info=args.exc_value)


@contextmanager
def _noting_signals() -> Iterator[Callable[[], bool]]:
    """Whether one has come. A plain list: a handler that sets an Event can meet its own thread inside of it."""
    come: list[int] = []
    before = {number: signal.signal(number, lambda number, _frame: come.append(number)) for number in _SIGNALS}
    try:
        yield lambda: bool(come)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
