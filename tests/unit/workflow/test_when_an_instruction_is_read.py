"""An operator who writes to an agent is told when it reads that; an agent that takes no words gives no receipt."""

from pathlib import Path
from typing import Any

import pytest

from adapters.agents.driving.inbox import Order
from adapters.agents.names import AgentNames
from adapters.agents.settings import AgentSettings
from factory.model.step import Attempt
from factory.model.thread import Thread
from factory.operations.verbs import instruct
from tests.bench.agent_meter import _drive
from tests.unit.engine.toy import put_run, toy_ports


@pytest.mark.parametrize(
    ("agent", "state", "hears", "when"),
    [
        ("", "running", False, "read at the next attempt"),
        ("claude", "succeeded", True, "read at the next attempt"),
        ("claude", "running", True, "sent; the thread says when the agent has it"),
        ("codex", "running", False, "queued; codex takes no words while it works and reads this at its next attempt"),
    ],
)
def test_it_says_when_it_is_read(
    agent: str, state: Any, hears: bool, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = toy_ports()
    put_run(ports, "run_1")
    ports.ledger.write("operator", lambda tx: tx.put(Thread(id="thr_1", run="run_1", step="stp_1"), "thread.open"))
    if agent:
        one = Attempt(id="att_1", run="run_1", step="stp_1", n=1, agent=agent, state=state)
        ports.ledger.write("operator", lambda tx: tx.put(one, "attempt.start"))
    monkeypatch.setattr("factory.operations.verbs.ensure_worker", lambda _: None)
    monkeypatch.setattr("factory.operations.verbs.wake", lambda *_: None)
    monkeypatch.setattr(ports.agents, "hears", lambda _: hears, raising=False)
    assert instruct(ports, "run_1", "Mind the rounding.").when == when


@pytest.mark.parametrize(
    ("agent", "hears"),
    [
        ("claude", True),
        ("claude:opus", True),
        ("pi", True),
        ("codex", False),
        ("opencode", False),
        ("acp:claude-agent-acp", True),
        ("acp:/opt/bin/codex-acp", True),
        ("command:./agent.py", False),
        ("mine", False),
        ("nobody", False),
    ],
)
def test_who_hears_while_it_works(agent: str, hears: bool, tmp_path: Path) -> None:
    assert AgentNames({"mine": AgentSettings("mine", "codex")}, tmp_path).hears(agent) is hears


@pytest.mark.parametrize("dialect", ["codex", "opencode"])
def test_an_agent_that_takes_no_words_gives_no_receipt(dialect: str, tmp_path: Path) -> None:
    drive = _drive(dialect, tmp_path)
    drive._obey(Order("msg_1", "instruct", {"text": "Mind the rounding."}))
    assert drive._record.received == []
