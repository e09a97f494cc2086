"""Permission requests of a scripted agent: answered by rules, by the operator, or by nobody in time."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.agents.driving.orders import Orders, write_orders
from factory.model.agent_event import Answered, Ask, Received, ToolResult
from factory.ports.agents import Answer, OpenAsk
from factory.rules.permissions import Policy
from tests.contract.agent_rig import until
from tests.contract.driver_rig import Rig, a_rig

LIST: dict[str, Any] = {"ask": "Bash", "input": {"command": "echo listed"}}


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    return a_rig(tmp_path, monkeypatch)


async def the_ask(rig: Rig) -> OpenAsk:
    """Wait until the operator is asked, and for what."""
    (ask,) = (await rig.live(lambda live: len(live.asks) == 1)).asks
    return ask


def results(rig: Rig) -> list[tuple[bool, str]]:
    return [(event.ok, event.text.strip()) for event in rig.of(ToolResult)]


async def test_the_rules_allow_what_is_on_the_safe_list_and_nobody_is_asked(rig: Rig) -> None:
    rig.policy = Policy(allow=("run echo *",))
    rig.plays(LIST)
    assert (await rig.run()).outcome == "stopped"
    (answered,) = rig.of(Answered)
    assert (answered.allow, answered.by, answered.words) == (True, "rules", "run echo *")
    assert results(rig) == [(True, "listed")]


async def test_the_rules_refuse_with_the_rule_as_a_reason(rig: Rig) -> None:
    rig.policy = Policy(allow=("run *",), deny=("run echo *",))
    rig.plays(LIST)
    assert (await rig.run()).outcome == "stopped"
    assert results(rig) == [(False, "Refused: run echo *.")]


async def test_a_verifier_is_refused_every_change_of_a_file(rig: Rig) -> None:
    rig.policy = Policy(allow=("edit *",))
    rig.plays({"ask": "Write", "input": {"file_path": "new.txt", "content": ""}})
    assert (await rig.run(rig.task(role="verifier"))).outcome == "stopped"
    assert results(rig) == [(False, "Refused: a verifier changes no files.")]


async def test_the_operator_is_shown_the_whole_request_and_allows_it(rig: Rig) -> None:
    rig.plays({"call": 7}, LIST, {"call": 1})
    waiting = rig.start()
    ask = await the_ask(rig)
    assert (ask.kind, ask.title, ask.input) == ("run", "echo listed", {"command": "echo listed"})
    for _ in range(2):
        rig.session().answer(ask.id, Answer(allow=True))
    assert (await waiting).outcome == "stopped"
    assert results(rig) == [(True, "listed")]
    assert [event.by for event in rig.of(Answered)] == ["operator"], "answered twice is answered once"
    assert rig.of(Received) == [Received(ask.id)]
    live = rig.session().live()
    assert live is not None
    assert live.asks == ()


async def test_the_operator_refuses_with_words_that_the_agent_hears(rig: Rig) -> None:
    rig.plays(LIST)
    waiting = rig.start()
    rig_ask = await the_ask(rig)
    rig.session().answer(rig_ask.id, Answer(allow=False, words="Use ls."))
    assert (await waiting).outcome == "stopped"
    assert results(rig) == [(False, "Use ls.")]


async def test_allowed_for_the_run_the_same_call_is_not_asked_about_again(rig: Rig) -> None:
    joined = {"ask": "Bash", "input": {"command": "echo one && echo two"}}
    rig.plays(joined, joined, joined)
    waiting = rig.start()
    rig.session().answer((await the_ask(rig)).id, Answer(allow=True, always=True))
    assert (await waiting).outcome == "stopped"
    assert [event.by for event in rig.of(Answered)] == ["operator", "rules", "rules"]


async def test_an_answer_to_a_request_that_is_not_open_gets_no_receipt(rig: Rig) -> None:
    rig.plays(LIST)
    waiting = rig.start()
    ask = await the_ask(rig)
    rig.session().answer("another", Answer(allow=True))
    rig.session().answer(ask.id, Answer(allow=False))
    await waiting
    assert rig.of(Received) == [Received(ask.id)]


async def test_nobody_who_answers_is_a_no_after_the_deadline(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    changed(monkeypatch, ask_deadline_s=0.3)
    rig.plays(LIST)
    assert (await rig.run()).outcome == "stopped"
    assert [event.by for event in rig.of(Answered)] == ["deadline"]
    assert results(rig) == [(False, "Nobody answered in time.")]


async def test_the_time_that_a_person_takes_to_answer_is_no_working_time(rig: Rig) -> None:
    rig.plays({"call": 1}, LIST)
    outcomes = []
    for attempt, wall_s in enumerate((3.0, 30.0), 1):  # a busy machine may work for longer than the shorter time
        if "stopped" not in outcomes:
            outcomes.append(await outcome_of_a_late_answer(rig, attempt, wall_s))
    assert outcomes[-1] == "stopped"


async def outcome_of_a_late_answer(rig: Rig, attempt: int, wall_s: float) -> str:
    """How an attempt ends that is answered when its whole working time has gone by."""
    waiting = rig.start(rig.task(attempt=attempt, wall_s=wall_s))
    session = rig.session(attempt)
    await until(lambda: waiting.done() or bool((live := session.live()) and live.asks))
    await asyncio.wait({waiting}, timeout=wall_s + 0.2)
    if not waiting.done() and (live := session.live()):
        session.answer(live.asks[0].id, Answer(allow=True))
    return (await waiting).outcome


async def test_a_request_whose_agent_dies_is_no_longer_open(rig: Rig) -> None:
    rig.plays(LIST)
    waiting = rig.start()
    await the_ask(rig)
    rig.session().interrupt("the operator wants it to end")
    assert (await waiting).outcome == "interrupted"
    (answered,) = rig.of(Answered)
    assert (answered.allow, answered.by) == (False, "agent")
    assert [event.id for event in rig.of(Ask)] == [answered.ask]
    live = rig.session().live()
    assert live is not None
    assert live.asks == ()


def changed(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Give the driver other orders than those of the registry."""

    def write(folder: Path, orders: Orders) -> None:
        write_orders(folder, replace(orders, **changes))

    monkeypatch.setattr("adapters.agents.registry.write_orders", write)
