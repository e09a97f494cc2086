"""The thread that empties the outbox."""

import threading

import pytest

from adapters.engine import deliveries
from adapters.engine.deliveries import Deliveries
from factory.errors import Unreachable


def test_it_delivers_again_and_again_until_it_is_stopped() -> None:
    third, passes = threading.Event(), []

    def deliver() -> float:
        passes.append(1)
        if len(passes) == 3:
            third.set()
        return 0.0

    thread = Deliveries(deliver)
    thread.start()
    assert third.wait(10)
    thread.stop(10)
    assert not thread.is_alive()


def test_a_target_that_does_not_answer_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "_AFTER_ERROR_S", 0.0)
    third, passes = threading.Event(), []

    def deliver() -> float:
        passes.append(1)
        if len(passes) == 3:
            third.set()
        raise Unreachable("No wiki.")

    thread = Deliveries(deliver)
    thread.start()
    assert third.wait(10)
    thread.stop(10)


def test_a_slow_target_does_not_hold_up_the_end() -> None:
    begun, release = threading.Event(), threading.Event()

    def deliver() -> float:
        begun.set()
        release.wait(30)
        return 0.0

    thread = Deliveries(deliver)
    thread.start()
    assert begun.wait(10)
    thread.stop(0.01)
    assert thread.is_alive()
    release.set()
    thread.join(10)
