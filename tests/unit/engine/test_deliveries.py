"""The threads that empty the outbox."""

import threading

import pytest

from adapters.engine import deliveries
from adapters.engine.deliveries import Deliveries
from factory.errors import Unreachable


def test_it_delivers_again_and_again_until_it_is_stopped() -> None:
    third, passes = threading.Event(), []

    def deliver(_target: str) -> float:
        passes.append(1)
        if len(passes) == 3:
            third.set()
        return 0.0

    thread = Deliveries(deliver, ["knowledge"])
    thread.start()
    assert third.wait(10)
    thread.stop(10)
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
    assert third.wait(10)
    thread.stop(10)


def test_a_slow_target_does_not_hold_up_the_end() -> None:
    begun, release = threading.Event(), threading.Event()

    def deliver(_target: str) -> float:
        begun.set()
        release.wait(30)
        return 0.0

    thread = Deliveries(deliver, ["knowledge"])
    thread.start()
    assert begun.wait(10)
    thread.stop(0.01)
    assert not thread.are_over
    release.set()
    thread.stop(10)
    assert thread.are_over


def test_a_slow_target_holds_up_no_other() -> None:
    release, others = threading.Event(), threading.Event()

    def deliver(target: str) -> float:
        if target == "memory":
            release.wait(30)
        else:
            others.set()
        return 0.0

    threads = Deliveries(deliver, ["memory", "knowledge"])
    threads.start()
    assert others.wait(10)
    release.set()
    threads.stop(10)


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
    assert again.wait(10)
    threads.stop(10)
