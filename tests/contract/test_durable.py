"""What every `Durable` promises a workflow, kept by DBOS and by the fake alike."""

import threading
from collections.abc import Iterator
from itertools import count

import pytest

from factory.errors import Malformed, Missing, Refused, SourceError, Unreachable, Usage
from factory.ports.engine import Durable, Json
from tests.contract.durable_rig import CALLS, DEADLINE_S, Engine, InMemory, OverDbos, note, note_on_the_loop


@pytest.fixture(scope="module")
def over_dbos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OverDbos]:
    real = OverDbos(tmp_path_factory.mktemp("engine"))
    yield real
    real.close()


RUNS = count(1)


@pytest.fixture
def run() -> str:
    """A run of its own for each test, as they share one engine."""
    return f"run_{next(RUNS)}"


@pytest.fixture(params=["dbos", "memory"])
def engine(request: pytest.FixtureRequest, run: str) -> Engine:
    if request.param == "memory":
        return InMemory(run)
    real: OverDbos = request.getfixturevalue("over_dbos")
    real.run = run
    return real


@pytest.fixture(autouse=True)
def _no_calls_yet() -> None:
    CALLS.clear()


async def test_a_step_gives_what_its_call_returned(engine: Engine) -> None:
    async def toy(durable: Durable) -> Json:
        return {"sync": await durable.step("a", note, 1), "async": await durable.step("b", note_on_the_loop, 2)}

    assert await engine.finish(toy) == {"sync": 1, "async": 2}


async def test_a_plain_call_runs_in_a_thread_and_an_async_one_on_the_loop(engine: Engine) -> None:
    async def on_the_loop() -> int:
        return threading.get_ident()

    async def toy(durable: Durable) -> Json:
        here = threading.get_ident()
        thread, loop = await durable.step("a", threading.get_ident), await durable.step("b", on_the_loop)
        return {"thread": thread == here, "loop": loop == here}

    assert await engine.finish(toy) == {"thread": False, "loop": True}


async def test_what_a_step_returned_once_is_never_computed_again(engine: Engine) -> None:
    async def toy(durable: Durable) -> Json:
        first = await durable.step("before", note, "before")
        await durable.wait(DEADLINE_S)
        return {"both": [first, await durable.step("after", note_on_the_loop, "after")]}

    assert await engine.die_in_the_first_wait_and_finish(toy) == {"both": ["before", "after"]}
    assert CALLS == ["before", "after"]


async def test_a_result_is_plain_json_the_first_time_too(engine: Engine) -> None:
    async def toy(durable: Durable) -> Json:
        seen = await durable.step("a", note, {"pair": (1, 2), "half": "\udcff"})
        return {"first": repr(seen)}

    assert await engine.finish(toy) == {"first": "{'pair': [1, 2], 'half': '?'}"}


ERRORS = [
    SourceError("It broke.", "Look.", "odd"),
    Unreachable("No answer from the wiki.", "Wait.", "wiki"),
    Refused("Two agents of one company.", "Take another.", "same_company"),
    Missing("No run “x”."),
    Malformed("Line 3 is no JSON.", code="routing"),
    Usage("No goal.", "Type one."),
]


def fail(number: int) -> None:
    CALLS.append(number)
    raise ERRORS[number]


async def fail_on_the_loop(number: int) -> None:
    CALLS.append(number)
    raise ERRORS[number]


async def met(durable: Durable, number: int) -> list[str]:
    call = fail_on_the_loop if number % 2 else fail
    try:
        await durable.step(f"fails {number}", call, number)
    except SourceError as error:
        return [type(error).__name__, error.code, error.message, error.hint]
    return []


async def test_an_error_of_a_step_is_the_same_error_after_a_restart(engine: Engine) -> None:
    async def toy(durable: Durable) -> Json:
        seen = [await met(durable, number) for number in range(len(ERRORS))]
        await durable.wait(DEADLINE_S)
        return {"seen": seen}

    expected = [[type(error).__name__, error.code, error.message, error.hint] for error in ERRORS]
    assert await engine.die_in_the_first_wait_and_finish(toy) == {"seen": expected}
    assert list(range(len(ERRORS))) == CALLS


async def test_a_child_gives_its_result_and_the_same_key_never_runs_twice(engine: Engine, run: str) -> None:
    async def toy(durable: Durable) -> Json:
        first = await durable.child("build", f"{run}:build:1", {"say": "one"})
        again = await durable.child("build", f"{run}:build:1", {"say": "something else"})
        other = await durable.child("build", f"{run}:build:2", {"say": "two"})
        return {"answers": [first, again, other]}

    assert await engine.finish(toy) == {"answers": [{"said": "one"}, {"said": "one"}, {"said": "two"}]}
    assert CALLS == ["one", "two"]


async def test_a_child_that_ended_before_a_restart_does_not_run_again(engine: Engine, run: str) -> None:
    async def toy(durable: Durable) -> Json:
        first = await durable.child("build", f"{run}:build:1", {"say": "one"})
        await durable.wait(DEADLINE_S)
        return first

    assert await engine.die_in_the_first_wait_and_finish(toy) == {"said": "one"}
    assert CALLS == ["one"]


async def test_the_parent_meets_the_error_of_its_child(engine: Engine, run: str) -> None:
    async def toy(durable: Durable) -> Json:
        try:
            return await durable.child("build", f"{run}:build:1", {"refused": True})
        except Refused as error:
            return {"code": error.code, "hint": error.hint}

    assert await engine.finish(toy) == {"code": "no_agent", "hint": "Install one."}


async def test_a_wait_ends_when_its_time_is_over(engine: Engine) -> None:
    async def toy(durable: Durable) -> Json:
        return {"woken": await durable.wait(0.01)}

    assert await engine.finish(toy) == {"woken": False}


async def test_a_wake_that_came_before_the_wait_ends_it_and_ends_no_other(engine: Engine) -> None:
    async def toy(durable: Durable) -> Json:
        return {"woken": [await durable.wait(DEADLINE_S), await durable.wait(0.01)]}

    assert await engine.finish(toy, wakes=1) == {"woken": [True, False]}
