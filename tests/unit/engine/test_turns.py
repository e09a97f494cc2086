"""The worker's loop: commands, what the lock says, what hangs, and when it ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.engine import turns as turns_module
from adapters.engine.host import EngineSettings
from adapters.engine.lock import Holder, WorkerLock, holder
from adapters.engine.presence import Presence
from adapters.engine.runs import Workflow
from adapters.engine.turns import Turns
from adapters.engine.work import Work, WorkerSettings
from factory.errors import Unreachable
from factory.model.audit import Command
from factory.ports.bundle import Ports
from tests.unit.engine.toy import ToyEngine, leave, put_run, toy_ports

ME = Holder(pid=1, version="1.0")


class ToyHost:
    """`Launched` without an engine."""

    def __init__(self) -> None:
        self.runs = ToyEngine()
        self.version = "1"
        self.busy = 0
        self.is_launched = True
        self.believed: frozenset[str] = frozenset()
        self.launches = 0

    def lost(self) -> frozenset[str]:
        return self.believed

    def relaunch(self) -> None:
        self.launches += 1
        self.is_launched = True
        self.believed = frozenset()


class Bench:
    """A worker on the bench: every turn also looks."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.ports: Ports = toy_ports()
        self.host = ToyHost()
        self.told: list[str] = []
        self.lock = WorkerLock(home)
        self.lock.take(ME)
        self.turns = self.worker(idle_exit_s=600)

    def worker(self, idle_exit_s: float, lost_s: float = 0.0) -> Turns:
        engine = EngineSettings(url="")
        settings = WorkerSettings(self.home, "1.0", "", engine, idle_exit_s, look_s=0.0, lost_s=lost_s)
        work = Work(self.ports, _nothing, {}, lambda ports, now, target: 5.0, lambda run, why: self.told.append(run))
        if hasattr(self, "turns"):
            self.turns.deliveries.stop(10)
        self.turns = Turns(settings, work, self.host, self.lock, ME)
        return self.turns

    def close(self) -> None:
        self.turns.deliveries.stop(10)
        self.lock.release()


async def _nothing(*_: object) -> dict[str, object]:
    return {}


@pytest.fixture
def bench(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(turns_module, "_REST", 0)
    bench = Bench(home)
    yield bench
    bench.close()


def test_a_turn_applies_what_waits_and_comes_back_soon(bench: Bench) -> None:
    put_run(bench.ports, "run_1", "ready")
    leave(bench.ports, Command(id="cmd_1", run="run_1", verb="start"))
    assert bench.turns.take() == 0.05
    assert bench.host.runs.done == [("start", "run_1")]


def test_an_idle_worker_looks_less_often_but_five_times_a_second(bench: Bench) -> None:
    pauses = [bench.turns.take() for _ in range(20)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 0.2


def test_the_lock_says_how_many_agents_run(bench: Bench) -> None:
    bench.host.busy = 2
    bench.turns.take()
    assert holder(bench.home) == Holder(1, "1.0", ready=False, agents=2)


def test_the_lock_says_ready_only_between_begin_and_end(bench: Bench) -> None:
    seen = []

    def is_stopped() -> bool:
        seen.append(holder(bench.home))
        return len(seen) == 2

    bench.turns.go_on(is_stopped)
    assert [now.ready for now in seen if now] == [True, True]
    assert holder(bench.home) == ME


def test_a_broken_run_is_told_once(bench: Bench) -> None:
    put_run(bench.ports, "run_1")
    bench.host.runs.ends("run_1", "ERROR", "boom")
    for _ in range(3):
        bench.turns.take()
    assert bench.told == ["run_1"]


def test_a_run_that_breaks_again_after_a_retry_is_told_again(bench: Bench) -> None:
    put_run(bench.ports, "run_1")
    bench.host.runs.ends("run_1", "ERROR", "boom")
    bench.turns.take()
    bench.host.runs.workflows["run_1"] = Workflow("run_1#2", "ERROR", "1", "boom")
    bench.turns.take()
    assert bench.told == ["run_1", "run_1"]


def test_a_workflow_that_stays_lost_makes_the_engine_start_anew(bench: Bench) -> None:
    turns = bench.worker(idle_exit_s=600, lost_s=0.0)
    bench.host.believed = frozenset({"run_1"})
    turns.take()
    assert bench.host.launches == 1
    turns.take()
    assert bench.host.launches == 1


def test_a_workflow_that_just_begins_or_ends_is_not_lost(bench: Bench) -> None:
    turns = bench.worker(idle_exit_s=600, lost_s=600)
    bench.host.believed = frozenset({"run_1"})
    for _ in range(3):
        turns.take()
    assert bench.host.launches == 0


def test_an_engine_that_could_not_be_started_anew_is_tried_again(bench: Bench) -> None:
    bench.host.is_launched = False
    bench.turns.take()
    assert bench.host.launches == 1


def test_without_run_and_client_it_ends(bench: Bench) -> None:
    turns = bench.worker(idle_exit_s=0)
    turns.take()
    assert turns.is_over
    assert holder(bench.home) == ME


def test_it_stays_for_an_open_run(bench: Bench) -> None:
    turns = bench.worker(idle_exit_s=0)
    put_run(bench.ports, "run_1", "awaiting_qa")
    bench.host.runs.start("run_1")
    turns.take()
    assert not turns.is_over


def test_it_stays_for_a_client(bench: Bench) -> None:
    turns = bench.worker(idle_exit_s=0)
    with Presence(bench.home):
        turns.take()
        assert not turns.is_over
    turns.take()
    assert turns.is_over


def test_a_command_that_comes_at_the_last_moment_keeps_it(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = bench.worker(idle_exit_s=0)
    command = Command(id="cmd_1", run="run_1", verb="wake")
    answers = iter([(), (command,)])
    monkeypatch.setattr(bench.ports.ledger, "pending", lambda: next(answers))
    turns.take()
    assert not turns.is_over
    assert holder(bench.home) == Holder(1, "1.0", ready=True)


def test_a_ledger_that_cannot_be_read_makes_it_wait_and_go_on(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> tuple[Command, ...]:
        raise Unreachable("The disk is full.", code="disk_full")

    with monkeypatch.context() as patch:
        patch.setattr(bench.ports.ledger, "pending", fail)
        assert bench.turns.take() == 1.0
    assert bench.turns.take() < 1.0
