"""`Durable` without an engine: calls are made here and now, and who waits for a person is stopped."""

from typing import Any, cast

import pytest

from adapters.engine.at_once import LONGEST_WAIT_S, AtOnce, NoWorker, run_until_it_waits
from factory.errors import Refused
from factory.ports.bundle import Ports
from factory.ports.engine import Durable, Json

PORTS = cast(Ports, object())


async def child(durable: Durable, ports: Ports, argument: Json) -> Json:
    return {"heard": await durable.step("inside", lambda: argument["said"]), "same": ports is PORTS}


def at_once() -> AtOnce:
    return AtOnce(PORTS, {"verify": child})


async def test_a_result_comes_back_as_json_would_bring_it() -> None:
    async def later(word: str) -> tuple[str, int]:
        return word, 1

    assert await at_once().step("one", lambda: (1, "two")) == [1, "two"]
    assert await at_once().step("two", later, "x") == ["x", 1]


async def test_a_child_runs_to_its_end_with_the_same_ports() -> None:
    assert await at_once().child("verify", "key", {"said": ("hello",)}) == {"heard": ["hello"], "same": True}


async def test_an_error_of_a_step_goes_on_to_the_workflow() -> None:
    def refuse() -> None:
        raise Refused("No.", code="not_ready")

    with pytest.raises(Refused, match="No"):
        await at_once().step("one", refuse)


async def test_a_short_wait_is_slept_through_and_a_long_one_ends_the_workflow() -> None:
    seen: list[Any] = []

    async def workflow(durable: Durable, _ports: Ports, run: str) -> Json:
        seen.append(await durable.wait(0.0))
        seen.append(run)
        await durable.wait(LONGEST_WAIT_S + 1)
        raise AssertionError("nobody waits for a person here")

    await run_until_it_waits(workflow, {}, PORTS, "run_1")
    assert seen == [False, "run_1"]


def test_the_caller_is_the_worker() -> None:
    assert NoWorker().ensure().running
    assert NoWorker().state().running
    assert not NoWorker().stop()
