"""The threads that empty the outbox."""

import threading

import pytest

from adapters.engine import deliveries
from adapters.engine.deliveries import Deliveries
from factory.errors import Unreachable

LONG_S = 60.0
PATIENCE_S = 30.0


def test_it_delivers_again_and_again_until_it_is_stopped() -> None:
    third, passes = threading.Event(), []

    def deliver(_target: str) -> float:
        passes.append(1)
        if len(passes) == 3:
            third.set()
        return 0.0

    thread = Deliveries(deliver, ["knowledge"])
    thread.start()
    assert third.wait(PATIENCE_S)
    thread.stop(PATIENCE_S)
    assert thread.are_over


def test_a_target_that_does_not_answer_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "_AFTER_ERROR_S", 0.0)
    third, passes = threading.Event(), []

    def deliver(_target: str) -> float:
        passes.append(1)
        if len(passes) == 3:
            third.set()
        raise Unreachable("No wiki.")

    thread = Deliveries(deliver, ["knowledge"])
    thread.start()
    assert third.wait(PATIENCE_S)
    thread.stop(PATIENCE_S)


def test_a_slow_target_does_not_hold_up_the_end() -> None:
    begun, release = threading.Event(), threading.Event()

    def deliver(_target: str) -> float:
        begun.set()
        release.wait(LONG_S)
        return 0.0

    thread = Deliveries(deliver, ["knowledge"])
    thread.start()
    assert begun.wait(PATIENCE_S)
    thread.stop(0.01)
    assert not thread.are_over
    release.set()
    thread.stop(PATIENCE_S)
    assert thread.are_over


def test_a_slow_target_holds_up_no_other() -> None:
    release, others = threading.Event(), threading.Event()

    def deliver(target: str) -> float:
        if target == "memory":
            release.wait(LONG_S)
        else:
            others.set()
        return 0.0

    threads = Deliveries(deliver, ["memory", "knowledge"])
    threads.start()
    assert others.wait(PATIENCE_S)
    release.set()
    threads.stop(PATIENCE_S)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_one_that_a_defect_ended_is_taken_up_again() -> None:
    again, passes = threading.Event(), []

    def deliver(_target: str) -> float:
        passes.append(1)
        if len(passes) == 1:
            raise ZeroDivisionError
        again.set()
        return 0.0

    threads = Deliveries(deliver, ["knowledge"])
    threads.start()
    while not threads.are_over:
        pass
    threads.revive()
    assert again.wait(PATIENCE_S)
    threads.stop(PATIENCE_S)


def test_a_target_with_nothing_to_do_is_looked_at_again_when_it_is_rung(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "_GAP_S", 0.0)
    looked: dict[str, threading.Semaphore] = {name: threading.Semaphore(0) for name in ("knowledge", "memory")}

    def deliver(target: str) -> float:
        looked[target].release()
        return LONG_S

    threads = Deliveries(deliver, looked)
    threads.start()
    assert all(each.acquire(timeout=PATIENCE_S) for each in looked.values())
    threads.ring("knowledge")
    threads.ring("nobody")
    assert looked["knowledge"].acquire(timeout=PATIENCE_S)
    assert not looked["memory"].acquire(timeout=0.05), "nobody rang there"
    threads.stop(PATIENCE_S)
    assert threads.are_over, "a pause ends when it is stopped"


def test_what_is_rung_during_a_look_is_looked_at_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "_GAP_S", 0.0)
    begun, go_on, again, passes = threading.Event(), threading.Event(), threading.Event(), []

    def deliver(_target: str) -> float:
        passes.append(1)
        if len(passes) == 2:
            again.set()
        begun.set()
        go_on.wait(PATIENCE_S)
        return LONG_S

    threads = Deliveries(deliver, ["knowledge"])
    threads.start()
    assert begun.wait(PATIENCE_S)
    threads.ring("knowledge")
    go_on.set()
    assert again.wait(PATIENCE_S)
    threads.stop(PATIENCE_S)


def test_rings_in_swarms_cost_one_look_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "_GAP_S", LONG_S)
    begun, passes = threading.Event(), []

    def deliver(_target: str) -> float:
        passes.append(1)
        begun.set()
        return LONG_S

    threads = Deliveries(deliver, ["knowledge"])
    threads.start()
    assert begun.wait(PATIENCE_S)
    for _ in range(100):
        threads.ring("knowledge")
    threads.stop(PATIENCE_S)
    assert len(passes) == 1
