"""Work that nobody waits for: done again and again, cut off at the end, and no defect when it cannot be done."""

import asyncio
import threading
import time

from adapters.engine.now_and_then import NowAndThen
from factory.errors import Unreachable

PATIENCE_S = 30.0


def test_it_is_done_again_and_again_also_after_a_failure() -> None:
    calls: list[int] = []
    enough = threading.Event()

    async def work() -> None:
        calls.append(1)
        if len(calls) == 3:
            enough.set()
        raise Unreachable("Not now.")

    often = NowAndThen("test", work, pause_s=0.001)
    often.start()
    often.start()
    assert enough.wait(PATIENCE_S)
    often.stop(PATIENCE_S)
    done = len(calls)
    often.start()
    assert not [one for one in threading.enumerate() if one.name == "test"]
    assert len(calls) == done


def test_what_is_being_done_is_cut_off_and_may_tidy_up() -> None:
    begun, tidy = threading.Event(), threading.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.sleep(3600)
        finally:
            tidy.set()

    long = NowAndThen("test", work)
    long.start()
    assert begun.wait(PATIENCE_S)
    began = time.monotonic()
    long.stop(PATIENCE_S)
    assert time.monotonic() - began < PATIENCE_S
    assert tidy.is_set()


def test_stopped_before_it_began_it_never_begins() -> None:
    async def work() -> None:
        raise AssertionError

    never = NowAndThen("test", work)
    never.stop(PATIENCE_S)
    never.start()
    assert not [one for one in threading.enumerate() if one.name == "test"]
