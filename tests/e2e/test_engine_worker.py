"""The worker as a process: killed, replaced, raced for, idle; and what clients see of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Literal

import pytest

from adapters.clock import SystemClock
from adapters.engine.client import LocalWorkers
from adapters.engine.lock import holder
from adapters.engine.presence import Presence
from adapters.ledger.open import open_ledger
from factory.errors import Unreachable
from factory.model.audit import Command
from factory.model.run import Run
from factory.ports.ledger import Transaction
from tests.e2e.engine_toy import approve

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_S = 60.0


class Home:
    """A home with a toy factory; its clients are the test."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.path.mkdir(mode=0o700)
        self.clock = SystemClock()
        self.ledger = open_ledger(path / "ledger.db", self.clock)

    def workers(self, version: str = "1.0", workflow: str = "1", idle_exit_s: float = 600) -> LocalWorkers:
        return LocalWorkers(self.path, self.command(version, workflow, idle_exit_s), version)

    def command(self, version: str = "1.0", workflow: str = "1", idle_exit_s: float = 600) -> list[str]:
        module = "tests.e2e.engine_toy"
        return [sys.executable, "-m", module, str(self.path), version, workflow, str(idle_exit_s)]

    def start(self, goal: str) -> str:
        """Launch a run, as `cockpit start` would: rows only."""
        run = Run(id=self.clock.new_id("run"), goal=goal, state="ready")
        self._leave(run.id, "start", lambda tx: tx.put(run, "run.start"))
        return run.id

    def approve(self, run: str) -> None:
        """Decide, and leave the wish to look at it."""
        self._leave(run, "wake", lambda tx: tx.put(approve(tx.get(Run, run)), "run.approve"))

    def wake(self, run: str) -> None:
        """Only the wish."""
        self._leave(run, "wake", lambda tx: None)

    def _leave(self, run: str, verb: Literal["start", "wake"], change: Callable[[Transaction], object]) -> None:
        command = Command(id=self.clock.new_id("cmd"), run=run, verb=verb)

        def both(tx: Transaction) -> None:
            change(tx)
            tx.leave(command)

        self.ledger.write("operator", both)

    def effects(self, run: str) -> list[str]:
        return [line.partition(" ")[2] for line in self.lines("effects") if line.startswith(run)]

    def has_effects(self, run: str, count: int) -> bool:
        return len(set(self.effects(run))) >= count

    def lines(self, name: str) -> list[str]:
        file = self.path / name
        return file.read_text().splitlines() if file.exists() else []

    def is_over(self, run: str) -> bool:
        return self.ledger.get(Run, run).state == "cancelled"

    def kill(self) -> None:
        """kill -9 of the worker, and wait until it is gone."""
        now = holder(self.path)
        assert now is not None
        os.kill(now.pid, signal.SIGKILL)
        until(lambda: holder(self.path) is None)


@pytest.fixture
def at(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    place = Home(home)
    yield place
    place.workers().stop()


def until(holds: Callable[[], bool], deadline_s: float = DEADLINE_S) -> None:
    end = time.monotonic() + deadline_s
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def test_a_run_survives_killed_workers_and_no_step_runs_again_after_its_checkpoint(at: Home) -> None:
    run = at.start("steps 60")
    for reached in (5, 17, 18, 40):
        at.workers().ensure()
        until(partial(at.has_effects, run, reached))
        at.kill()
    at.workers().ensure()
    until(lambda: at.is_over(run))
    numbers = [int(name) for name in at.effects(run)]
    assert sorted(set(numbers)) == list(range(60))
    assert numbers == sorted(numbers), "a step ran again although a later one had begun"
    assert len(numbers) <= 60 + 4, "only the step that a kill interrupted may run twice"


def test_an_approval_while_no_worker_runs_is_acted_on_by_the_next(at: Home) -> None:
    run = at.start("park")
    at.workers().ensure()
    until(lambda: at.effects(run) == ["parked"])
    at.kill()
    at.approve(run)
    at.workers().ensure()
    until(lambda: at.is_over(run))
    assert at.effects(run).count("approved") == 1
    assert set(at.effects(run)) == {"parked", "approved"}, "a kill before its checkpoint may park it twice"


def test_a_wake_without_a_decision_changes_nothing(at: Home) -> None:
    run = at.start("park")
    at.workers().ensure()
    until(lambda: len(at.effects(run)) == 1)
    at.wake(run)
    until(lambda: len(at.effects(run)) == 2)
    assert at.effects(run) == ["parked", "parked"]
    assert not at.is_over(run)


def test_runs_that_wait_for_a_person_hold_up_no_build(at: Home) -> None:
    parked = [at.start("park") for _ in range(3)]
    at.workers().ensure()
    until(lambda: all(at.effects(run) for run in parked))
    busy = at.start("children 2")
    until(lambda: at.is_over(busy))
    assert at.effects(busy) == ["child 0", "child 1"]


def test_a_worker_of_another_workflow_version_leaves_a_run_alone_and_says_so(at: Home) -> None:
    old = at.start("park")
    at.workers().ensure()
    until(lambda: at.effects(old) == ["parked"])
    at.workers().stop()
    at.approve(old)
    at.workers(workflow="2").ensure()
    new = at.start("steps 1")
    until(lambda: at.is_over(new))
    until(lambda: bool(at.lines("broken")))
    assert at.effects(old) == ["parked"]
    assert at.lines("broken")[0].startswith(f"{old} The run belongs to workflow version 1")
    at.workers().stop()
    at.workers().ensure()
    until(lambda: at.is_over(old))
    assert at.effects(old).count("approved") == 1
    assert set(at.effects(old)) == {"parked", "approved"}, "an end before its checkpoint may park it twice"


def test_a_defect_is_told_and_a_retry_goes_on_from_the_ledger(at: Home, tmp_path: Path) -> None:
    fixed = tmp_path / "fixed"
    run = at.start(f"defect {fixed}")
    at.workers().ensure()
    until(lambda: bool(at.lines("broken")))
    assert at.lines("broken")[0].startswith(f"{run} The workflow ended in a defect (a defect of the toy)")
    assert "ZeroDivisionError: a defect of the toy" in (at.path / "log" / "worker.log").read_text()
    fixed.touch()
    at.wake(run)
    until(lambda: at.is_over(run))
    assert at.effects(run) == ["before", "before"]


def test_a_workflow_whose_task_died_is_taken_up_again(at: Home, tmp_path: Path) -> None:
    run = at.start(f"lost {tmp_path / 'once'}")
    at.workers().ensure()
    until(lambda: at.is_over(run))
    assert at.effects(run) == ["found"]


def test_the_worker_is_silent_private_and_alone_on_the_machine(at: Home) -> None:
    run = at.start("children 1")
    worker = subprocess.Popen(
        at.command(idle_exit_s=0.5), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    said = worker.communicate(timeout=DEADLINE_S)
    assert (worker.returncode, said) == (0, ("", ""))
    assert at.is_over(run)
    assert at.lines("sockets") == []
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in at.path.rglob("*")}
    assert {name for name, mode in modes.items() if mode == "0o700"} == {"log"}
    assert {mode for name, mode in modes.items() if name != "log"} == {"0o600"}
    assert "engine.db" in modes
    assert "worker.log" in modes


def test_a_second_worker_is_refused_by_name(at: Home) -> None:
    first = at.workers().ensure()
    second = subprocess.run(at.command(), capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    assert second.returncode == 3
    assert second.stderr == f"Worker {first.pid} (version 1.0) runs for {at.path} already.\n"
    assert at.workers().state() == first


def test_two_clients_at_once_get_one_worker(at: Home) -> None:
    client = (
        "import sys; from pathlib import Path; from adapters.engine.client import LocalWorkers\n"
        "print(LocalWorkers(Path(sys.argv[1]), sys.argv[2:], '1.0').ensure().pid)"
    )
    command = [sys.executable, "-c", client, str(at.path), *at.command()]
    clients = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    pids = {client.communicate(timeout=DEADLINE_S)[0].strip() for client in clients}
    assert pids == {str(at.workers().state().pid)}
    assert (at.path / "log" / "worker.log").read_text().count(" begins.") == 1


def test_a_client_never_imports_the_engine() -> None:
    code = "import sys, adapters.engine.client, adapters.engine.presence; print('dbos' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"


def test_an_idle_worker_stays_for_an_open_client_and_then_ends(at: Home) -> None:
    with Presence(at.path):
        state = at.workers(idle_exit_s=0.3).ensure()
        parked = at.start("steps 1")
        until(lambda: at.is_over(parked))
        time.sleep(1.0)  # longer than it would wait without us
        assert at.workers().state() == state
    until(lambda: not at.workers().state().running)
    assert "nobody needs it" in (at.path / "log" / "worker.log").read_text()


def test_an_open_run_keeps_the_worker(at: Home) -> None:
    run = at.start("park")
    at.workers(idle_exit_s=0.2).ensure()
    until(lambda: bool(at.effects(run)))
    time.sleep(1.0)
    assert at.workers().state().running
    at.approve(run)
    until(lambda: not at.workers().state().running)
    assert at.is_over(run)


def test_a_worker_of_another_version_is_replaced_once_no_agent_runs(at: Home, tmp_path: Path) -> None:
    done = tmp_path / "done"
    run = at.start(f"agent {done}")
    old = at.workers("1.0").ensure()
    until(lambda: getattr(holder(at.path), "agents", 0) == 1)
    kept = at.workers("2.0").ensure()
    assert kept.pid == old.pid
    assert kept.note == (
        "The worker is of version 1.0 and this is 2.0; it is replaced once no agent runs (1 running now)."
    )
    done.touch()
    until(lambda: at.is_over(run))
    until(lambda: getattr(holder(at.path), "agents", 1) == 0)
    new = at.workers("2.0").ensure()
    assert (new.version, new.note, new.pid != old.pid) == ("2.0", "", True)


def test_a_worker_that_dies_at_start_is_a_sentence_with_its_last_words(at: Home) -> None:
    command = [sys.executable, "-c", "raise SystemExit('The engine is on fire.')"]
    with pytest.raises(Unreachable) as caught:
        LocalWorkers(at.path, command, "1.0").ensure()
    assert caught.value.message == "The worker ended at start (exit 1): The engine is on fire."
    assert (caught.value.code, caught.value.exit_code) == ("worker", 5)


def test_a_worker_ends_cleanly_when_it_is_asked_to_and_its_runs_go_on_later(at: Home) -> None:
    run = at.start("park")
    at.workers().ensure()
    until(lambda: bool(at.effects(run)))
    assert at.workers().stop()
    assert not at.workers().state().running
    assert not at.workers().stop()
    assert "it was asked to" in (at.path / "log" / "worker.log").read_text()
    at.approve(run)
    at.workers().ensure()
    until(lambda: at.is_over(run))
