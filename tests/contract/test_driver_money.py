"""The fuse: an agent is stopped before the call that would pass its limit, and what it did is kept and counted."""

from pathlib import Path
from typing import Any

import pytest

from factory.model.agent_event import Finished, Note, ToolResult
from tests.contract.driver_rig import Rig, a_rig

CAP = 250_000
CALL: dict[str, Any] = {"call": 100_000}
"""Ten cents."""
TOOL: dict[str, Any] = {"use": "Bash", "input": {"command": "echo x >> done.txt"}}


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    return a_rig(tmp_path, monkeypatch)


def done(rig: Rig) -> int:
    """How often its tool was used."""
    return len((rig.folder / "tree" / "done.txt").read_text().splitlines())


async def test_at_a_cap_of_25_cents_a_third_call_of_ten_is_not_made(rig: Rig) -> None:
    rig.plays(CALL, TOOL, CALL, TOOL, CALL, TOOL, {"text": "All of it."})
    result = await rig.run(rig.task(left_micros=CAP))
    assert (result.outcome, result.cost_micros, result.exit_code) == ("budget", 200_000, 0)
    assert result.reason == "$0.2000 spent of $0.2500"
    assert (done(rig), len(rig.of(ToolResult))) == (2, 2), "what it had begun it finished"
    assert result.gauge is not None
    assert (result.gauge.spent, result.gauge.last_call) == (200_000, 100_000)
    assert [event.text for event in rig.of(Note) if "budget" in event.text] == [
        "The budget is nearly used: $0.1000 spent of $0.2500."
    ]
    assert not rig.left()


async def test_it_goes_on_in_the_same_session_when_there_is_more(rig: Rig) -> None:
    rig.plays(CALL, TOOL, CALL, TOOL, CALL, TOOL, resumed=[CALL, TOOL, CALL, {"text": "All of it."}])
    first = await rig.run(rig.task(left_micros=CAP))
    assert first.gauge is not None
    more: dict[str, Any] = {"resume": first.session, "home": str(rig.place())}
    more["next_call_micros"] = first.gauge.last_call
    second = await rig.run(rig.task(attempt=2, left_micros=300_000, **more))
    assert (second.outcome, second.session, second.cost_micros) == ("stopped", first.session, 200_000)
    assert done(rig) == 3


async def test_a_session_whose_next_call_is_not_affordable_is_not_even_started(rig: Rig) -> None:
    rig.plays(CALL, TOOL, CALL, TOOL, CALL, resumed=[CALL])
    first = await rig.run(rig.task(left_micros=CAP))
    more: dict[str, Any] = {"resume": first.session, "home": str(rig.place()), "next_call_micros": 100_000}
    second = await rig.run(rig.task(attempt=2, left_micros=50_000, **more))
    assert (second.outcome, second.cost_micros, second.session) == ("budget", 0, first.session)
    assert second.gauge is not None
    assert second.gauge.last_call == 100_000, "what the next one asks before it starts"
    assert [type(event) for event in rig.events(2)] == [Finished]


async def test_a_limit_that_is_raised_while_it_works_lets_it_go_on(rig: Rig) -> None:
    rig.plays(CALL, TOOL, {"hear": True}, CALL, TOOL, CALL, TOOL, CALL, TOOL)
    waiting = rig.start(rig.task(left_micros=CAP))
    await rig.live(lambda live: live.gauge.spent == 100_000)
    rig.session().limit("limit-1", 500_000)
    await rig.live(lambda live: "limit-1" in live.received)
    rig.session().instruct("msg_1", "Go on.")
    result = await waiting
    assert (result.outcome, result.cost_micros, done(rig)) == ("stopped", 400_000, 4)


async def test_a_limit_that_is_lowered_below_what_was_spent_ends_it(rig: Rig) -> None:
    rig.plays(CALL, {"hear": True})
    waiting = rig.start(rig.task(left_micros=CAP))
    await rig.live(lambda live: live.gauge.spent == 100_000)
    rig.session().limit("limit-1", 90_000)
    assert (await waiting).outcome == "budget"


async def test_an_agent_that_asks_when_the_money_is_used_up_is_refused_and_ended(rig: Rig) -> None:
    rig.plays(CALL, CALL, {"ask": "Bash", "input": {"command": "echo x >> done.txt"}}, {"text": "On."})
    result = await rig.run(rig.task(left_micros=CAP))
    assert (result.outcome, result.cost_micros) == ("budget", 200_000)
    assert not (rig.folder / "tree" / "done.txt").exists()


async def test_a_last_word_that_comes_at_the_limit_is_a_last_word(rig: Rig) -> None:
    rig.plays(CALL, TOOL, CALL, {"text": "All of it."})
    result = await rig.run(rig.task(left_micros=200_000))
    assert (result.outcome, result.cost_micros) == ("stopped", 200_000)


async def test_tokens_of_a_model_that_nobody_can_price_are_not_free(rig: Rig) -> None:
    rig.settings = type(rig.settings)("claude")
    rig.plays(CALL, TOOL)
    result = await rig.run(rig.task(left_micros=CAP))
    assert (result.outcome, result.cost_micros, result.priced_micros, result.basis) == (
        "stopped", None, None, "unpriced",
    )  # fmt: skip
    assert result.tokens.input == 100_000


async def test_a_local_model_costs_nothing_and_that_is_known(rig: Rig) -> None:
    rig.settings = type(rig.settings)("claude", is_free=True)
    rig.plays(CALL, TOOL, CALL)
    result = await rig.run(rig.task(left_micros=CAP))
    assert (result.outcome, result.cost_micros, result.basis) == ("stopped", 0, "computed")
