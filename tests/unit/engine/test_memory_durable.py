"""The fake engine crashes where a test asks for it, and remembers what it should."""

from typing import Any

import pytest

from factory.ports.engine import Durable, Json
from tests.fakes.durable import Crashed, MemoryDurable

WORLD: list[str] = []


@pytest.fixture(autouse=True)
def _empty_world() -> None:
    WORLD.clear()


async def three_steps(durable: Durable, ports: Any, run: str) -> Json:
    for name in "abc":
        await durable.step(name, WORLD.append, name)
    return {"run": run}


@pytest.mark.parametrize("n", [1, 2, 3])
async def test_a_crash_before_a_step_leaves_its_effect_to_the_next_try(n: int) -> None:
    memory = MemoryDurable()
    with pytest.raises(Crashed):
        await memory.run(three_steps, crash_at=n)
    assert list("abc")[: n - 1] == WORLD
    assert await memory.run(three_steps) == {"run": "run_1"}
    assert list("abc") == WORLD


@pytest.mark.parametrize("n", [1, 2, 3])
async def test_a_crash_after_an_effect_makes_it_happen_twice(n: int) -> None:
    memory = MemoryDurable()
    with pytest.raises(Crashed):
        await memory.run(three_steps, crash_after_effect=n)
    await memory.run(three_steps)
    assert sorted(WORLD) == sorted([*"abc", "abc"[n - 1]])
    assert memory.names == WORLD


async def test_a_crash_inside_a_child_comes_up_in_the_run() -> None:
    async def child(durable: Durable, ports: Any, argument: Json) -> Json:
        await durable.step("in", WORLD.append, "in")
        await durable.step("out", WORLD.append, "out")
        return argument

    async def parent(durable: Durable, ports: Any, run: str) -> Json:
        return await durable.child("build", "key", {"of": run})

    memory = MemoryDurable(children={"build": child})
    with pytest.raises(Crashed):
        await memory.run(parent, crash_at=2)
    assert await memory.run(parent) == {"of": "run_1"}
    assert WORLD == ["in", "out"]
    assert memory.journal() == ("child key",)
    assert memory.journal("key") == ("in", "out", "end")


async def test_idle_lets_the_test_act_as_the_operator() -> None:
    async def waits(durable: Durable, ports: Any, run: str) -> Json:
        return {"woken": [await durable.wait(60), await durable.wait(30)]}

    memory = MemoryDurable()
    memory.idle = lambda timeout_s: memory.wake() if timeout_s == 30 else None
    assert await memory.run(waits) == {"woken": [False, True]}
    assert memory.waits == [60, 30]


async def test_a_run_that_waits_for_ever_is_found_out() -> None:
    async def waits(durable: Durable, ports: Any, run: str) -> Json:
        while not await durable.wait(60):
            pass
        return {}

    with pytest.raises(AssertionError, match="nobody came"):
        await MemoryDurable().run(waits)


async def test_a_workflow_that_is_not_deterministic_is_found_out() -> None:
    async def moody(durable: Durable, ports: Any, run: str) -> Json:
        await durable.step("first" if not WORLD else "other", WORLD.append, "x")
        await durable.step("second", WORLD.append, "y")
        return {}

    memory = MemoryDurable()
    with pytest.raises(Crashed):
        await memory.run(moody, crash_at=2)
    with pytest.raises(AssertionError, match="not deterministic"):
        await memory.run(moody)
