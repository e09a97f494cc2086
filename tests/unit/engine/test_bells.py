"""Bells between tasks of one loop."""

import asyncio

from adapters.engine.bells import Bells, heard


async def test_whoever_listens_hears_the_bell_of_that_name() -> None:
    bells = Bells()
    with bells.listening("a") as a, bells.listening("a") as again, bells.listening("b") as b:
        bells.ring("a")
        assert await heard(a, 10)
        assert await heard(again, 10)
        assert not await heard(b, 0)


async def test_a_bell_that_rings_between_two_waits_is_heard() -> None:
    bells = Bells()
    with bells.listening("a") as bell:
        assert not await heard(bell, 0)
        bells.ring("a")
        await asyncio.sleep(0)
        assert await heard(bell, 10)


async def test_a_bell_nobody_listens_to_is_forgotten() -> None:
    bells = Bells()
    bells.ring("a")
    with bells.listening("a") as bell:
        assert not await heard(bell, 0)
    assert bells._listeners == {}
