"""Clients of the worker where no worker can be."""

from pathlib import Path

import pytest

from adapters.engine.client import LocalWorkers
from adapters.engine.lock import Holder, WorkerLock
from factory.errors import Unreachable
from factory.ports.worker import WorkerState


def test_a_home_without_a_worker_says_so_and_nothing_is_made(home: Path) -> None:
    workers = LocalWorkers(home, ["false"], "1.0")
    assert workers.state() == WorkerState(running=False)
    assert not workers.stop()
    assert not home.exists()


def test_a_worker_of_this_version_needs_no_note(home: Path) -> None:
    lock = WorkerLock(home)
    lock.take(Holder(pid=4711, version="1.0", ready=True))
    workers = LocalWorkers(home, ["false"], "1.0")
    assert workers.state() == workers.ensure() == WorkerState(running=True, pid=4711, version="1.0")
    lock.release()


def test_a_worker_that_does_not_become_ready_is_a_sentence(home: Path) -> None:
    lock = WorkerLock(home)
    lock.take(Holder(pid=4711, version="1.0"))
    with pytest.raises(Unreachable, match="was not ready after 0 s") as caught:
        LocalWorkers(home, ["false"], "1.0", start_s=0.05).ensure()
    assert caught.value.code == "worker"
    lock.release()


def test_a_program_that_is_not_there_is_a_sentence(home: Path) -> None:
    with pytest.raises(Unreachable, match=r"No worker can be started: .*no such program") as caught:
        LocalWorkers(home, [str(home / "no such program")], "1.0").ensure()
    assert caught.value.exit_code == 5


def test_a_home_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    with pytest.raises(Unreachable, match="cannot be used: Not a directory"):
        LocalWorkers(tmp_path / "home", ["false"], "1.0").ensure()
