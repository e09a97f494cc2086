"""What every real agent has to show: its work, its errors, its end and its cost, each heard as what it was."""

import os
import signal
from typing import Any

import pytest

from adapters.agents import tree
from factory.model.agent_event import Answered, Denied, FileChange, Retry, ToolCall, ToolResult
from factory.ports.agents import Answer
from tests.agents.rig import ALL, KNOWN, RealAgent
from tests.contract.agent_rig import until

pytestmark = [pytest.mark.agents, pytest.mark.timeout(600)]

every = pytest.mark.parametrize("agent", list(ALL), indirect=True)
each = pytest.mark.parametrize("agent", list(KNOWN), indirect=True)
asking = pytest.mark.parametrize("agent", [name for name, known in ALL.items() if known.asks], indirect=True)
PATIENCE_S = 100.0
"""The first start of OpenCode in a fresh home takes half a minute on a busy machine."""
CLIMBING: list[dict[str, Any]] = [
    {"tools": [{"run": "python3 -m unittest -q test_calc"}], "usage": {"input": 10_000, "output": 10}, "times": 30},
    {"text": "Done.", "usage": {"input": 100, "output": 10}},
]
"""Calls that cost the same each time."""


@every
async def test_an_edit_is_made_told_and_priced(agent: RealAgent) -> None:
    with agent.model("success_edit") as model:
        result = await agent.run()
    assert (model.failures, model.unused_turns()) == ([], {})
    assert (result.outcome, result.problem) == ("stopped", "")
    assert "return a + b" in (agent.repo / "calc.py").read_text()
    assert agent.of(ToolCall)
    assert (result.tokens.output, result.tokens.cache_read) == (220, 6900)
    assert result.priced_micros
    assert result.session
    told = [call.title for call in agent.of(ToolCall)] + [change.path for change in agent.of(FileChange)]
    assert any("calc.py" in one for one in told)


@asking
async def test_what_it_asks_about_is_done_when_the_operator_allows_it(agent: RealAgent) -> None:
    agent.policy = type(agent.policy)(allow=("read *",))
    agent.options = agent.known.asking
    with agent.model(agent.known.asks_about):
        waiting = agent.start()
        await until(lambda: bool((live := agent.session().live()) and live.asks) or waiting.done(), PATIENCE_S)
        live = agent.session().live()
        assert live is not None
        (ask,) = live.asks
        assert "unittest" in ask.title or "CHANGES.md" in ask.title
        assert not _has_acted(agent)
        agent.session().answer(ask.id, Answer(allow=True))
        result = await waiting
    assert result.outcome == "stopped"
    assert [answered.by for answered in agent.of(Answered)] == ["operator"]
    assert _has_acted(agent)


@asking
async def test_what_it_asks_about_is_not_done_when_the_operator_refuses_it(agent: RealAgent) -> None:
    agent.policy = type(agent.policy)(deny=("run *", "edit *"))
    agent.options = agent.known.asking
    with agent.model(agent.known.asks_about):
        result = await agent.run()
    assert result.outcome in ("stopped", "denied")
    assert [answered.allow for answered in agent.of(Answered)] == [False]
    assert not _has_acted(agent)
    assert all(refused.by for refused in agent.of(Denied))


@each
async def test_a_key_that_is_refused_ends_it_at_once(agent: RealAgent) -> None:
    with agent.model("bad_key"):
        result = await agent.run()
    assert result.outcome == "auth"
    assert len(agent.of(Retry)) <= 1


@each
async def test_a_rate_limit_is_heard_as_one(agent: RealAgent) -> None:
    with agent.model("error_429_forever"):
        result = await agent.run()
    assert result.outcome == "rate_limit"


@each
async def test_a_broken_model_is_no_success(agent: RealAgent) -> None:
    with agent.model("error_500_forever"):
        result = await agent.run(agent.task(wall_s=40.0 + agent.known.starts_s))
    assert result.outcome in ("model_error", "timeout")
    assert result.reason


@each
async def test_an_overload_that_passes_costs_nothing_but_time(agent: RealAgent) -> None:
    with agent.model("error_529_then_ok") as model:
        result = await agent.run()
    assert (result.outcome, model.unused_turns()) == ("stopped", {})
    assert result.tokens.input == 500


@each
async def test_a_model_that_hangs_is_ended_by_the_clock(agent: RealAgent) -> None:
    with agent.model("hang") as model:
        for attempt in (1, 2, 3):  # a machine may be too busy to let it come to its first call at once
            wall_s = agent.known.starts_s * 2 ** (attempt - 1)
            result = await agent.run(agent.task(attempt=attempt, wall_s=wall_s))
            assert (result.outcome, result.reason) == ("timeout", f"it worked for {wall_s:g} s")
            if model.state()["requests"]:
                return
    pytest.fail("it never asked the model")


@each
async def test_a_huge_output_is_no_trouble(agent: RealAgent) -> None:
    agent.policy = type(agent.policy)(allow=("run *",))
    with agent.model("huge_output"):
        result = await agent.run()
    assert (result.outcome, result.tokens.output) == ("stopped", 30_040)


@every
async def test_killed_in_a_command_it_leaves_nothing_and_goes_on_in_the_same_session(agent: RealAgent) -> None:
    agent.policy = type(agent.policy)(allow=("run *",))
    turns: list[dict[str, Any]] = [
        {"tools": [{"run": "python3 slow.py"}]},
        {"text": "Finished after all.", "times": 3},
    ]
    with agent.model("", turns) as model:
        waiting = agent.start()
        await until((agent.repo / "slow.txt").exists, PATIENCE_S)
        os.kill(_agent_of(agent), signal.SIGKILL)
        first = await waiting
        assert (first.outcome, bool(first.session)) == ("crashed", True)
        again = agent.task("Go on.", attempt=2, resume=first.session, home=str(agent.place()))
        second = await agent.run(again)
    assert (second.outcome, second.session) == ("stopped", first.session)
    assert model.failures == []
    assert second.summary.startswith("Finished after all.")


@each
async def test_at_its_cap_it_is_stopped_and_goes_on_with_more(agent: RealAgent) -> None:
    agent.policy = type(agent.policy)(allow=("run *",))
    with agent.model("", CLIMBING) as model:
        cost, cap = agent.known.call_micros, agent.known.call_micros * 5 // 2
        first = await agent.run(agent.task(left_micros=cap))
        requests = model.state()["requests"]
        assert first.outcome == "budget"
        assert first.gauge is not None
        assert first.gauge.last_call == cost
        assert first.gauge.spent <= cap + agent.known.overshoots * cost
        assert requests <= 2 + 2 * agent.known.overshoots
        more: dict[str, Any] = {"resume": first.session, "home": str(agent.place())}
        refused = await agent.run(agent.task("Go on.", attempt=2, left_micros=100, next_call_micros=cost, **more))
        assert (refused.outcome, model.state()["requests"]) == ("budget", requests)
        second = await agent.run(agent.task("Go on.", attempt=3, left_micros=cap, **more))
    assert (second.outcome, second.session) == ("budget", first.session)


def _has_acted(agent: RealAgent) -> bool:
    """The one thing was done that it asks about."""
    if agent.known.asks_about == "run_command":
        return any("Ran 1 test" in done.text for done in agent.of(ToolResult))
    return (agent.repo / "CHANGES.md").exists()


def _agent_of(agent: RealAgent) -> int:
    """The process of the agent: the child of the driver, which is the child of the shim."""
    shim = int((agent.place() / "pid.json").read_text().split(":")[1].split(",")[0])
    for _ in range(2):
        (shim,) = (pid for pid in tree._pids() if tree.parent(pid) == shim)
    return shim
