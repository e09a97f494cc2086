"""A worker process that is killed: seen by its lock, said, and started again, with real processes."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.engine.client import LocalWorkers
from cockpit.store import Store
from cockpit.worker_feed import BACK, GONE, LOOK_S, WorkerFeed
from tests.app import sample

VERSION = "1.2.3"
_WORKER = """
import os, pathlib, sys, time
from adapters.engine.lock import Holder, WorkerLock
WorkerLock(pathlib.Path(sys.argv[1])).take(Holder(os.getpid(), sys.argv[2], ready=True))
time.sleep(60)
"""


@pytest.fixture
def workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalWorkers]:
    """Workers of a home that hold the lock and do nothing else."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    command = (sys.executable, "-c", _WORKER, str(tmp_path), VERSION)
    workers = LocalWorkers(tmp_path, command, VERSION, start_s=30)
    yield workers
    workers.stop()


async def test_a_killed_worker_is_said_and_another_one_runs_after_one_look(workers: LocalWorkers) -> None:
    said: list[str] = []
    store = Store()
    store.change(rows=sample.ROWS)
    feed = WorkerFeed(workers, store, said.append)
    await feed.refresh()
    killed = workers.state().pid
    feed._tried_at = time.monotonic() - 60  # it has run for a minute
    os.kill(killed, signal.SIGKILL)
    while workers.state().running:  # until the system has closed its files
        pass
    await feed.refresh()
    assert said == [GONE, BACK]
    assert workers.state().pid not in (0, killed)
    assert store.snapshot.ages(time.monotonic())["worker"].state == "live"
    assert LOOK_S <= 2
