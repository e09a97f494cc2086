"""The promises of `Agents`, kept by real processes under their shims and by the fake."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.agents.registry import LocalAgents
from adapters.agents.settings import AgentSettings
from factory.errors import Malformed, Missing
from factory.ports.agents import AgentResult, Agents, AgentTask
from tests.contract.agent_rig import Listener, program, task, until
from tests.fakes.agents import FakeAgents, FakeTurn

RESULT = {"summary": "Done.", "cost_usd": 0.0184, "model": "m", "session": "s", "request_review": True}
WORKS = f"""
import os, pathlib
pathlib.Path("new.txt").write_text("new")
pathlib.Path(os.environ["COCKPIT_RESULT_FILE"]).write_text({json.dumps(RESULT)!r})
print("working")
"""
WAITS = """
import pathlib, signal
pathlib.Path("started").touch()
signal.pause()
"""


@dataclass
class Rig:
    """Agents, and the names of two of them: one that works and ends, one that waits until it is stopped."""

    agents: Agents
    works: str
    waits: str
    starts: Callable[[AgentTask], int]


def _fake(folder: Path) -> Rig:
    def work(task: AgentTask) -> None:
        (task.worktree / "new.txt").write_text("new")

    def begin(task: AgentTask) -> None:
        (task.worktree / "started").touch()

    done = AgentResult(0, summary="Done.", cost_micros=18_400, model="m", session="s", request_review=True)
    turns = {"coder": [FakeTurn(done, do=work)], "verifier": [FakeTurn(do=begin, waits=True)]}
    agents = FakeAgents(folder / "agents", turns, companies={"command:coder": "Acme"})
    return Rig(agents, "command:coder", "command:verifier", agents.started.count)


def _local(folder: Path) -> Rig:
    works, waits = program(folder, WORKS, "works"), program(folder, WAITS, "waits")
    agents = LocalAgents(folder / "home", {works: AgentSettings(works, company="Acme")}, grace_s=1.0)

    def starts(task: AgentTask) -> int:
        file = agents.folder(task) / "starts"
        return len(file.read_text().splitlines()) if file.exists() else 0

    return Rig(agents, works, waits, starts)


@pytest.fixture(params=["local", "fake"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Rig:
    return _local(tmp_path) if request.param == "local" else _fake(tmp_path)


async def test_an_attempt_changes_its_worktree_and_says_how_it_went(rig: Rig, tmp_path: Path) -> None:
    attempt = task(tmp_path, rig.works)
    result = await rig.agents.run(attempt, Listener())
    assert (attempt.worktree / "new.txt").read_text() == "new"
    assert (result.exit_code, result.end_reason, result.problem) == (0, "exit", "")
    assert (result.summary, result.cost_micros, result.request_review) == ("Done.", 18_400, True)
    assert result.log is not None
    assert result.log.read_text()


async def test_an_attempt_is_started_once_however_often_it_is_run(rig: Rig, tmp_path: Path) -> None:
    attempt = task(tmp_path, rig.works)
    first = await rig.agents.run(attempt, Listener())
    assert await rig.agents.run(attempt, Listener()) == first
    assert rig.starts(attempt) == 1


async def test_whoever_waits_hears_that_it_lives(rig: Rig, tmp_path: Path) -> None:
    listener = Listener()
    await rig.agents.run(task(tmp_path, rig.works), listener)
    assert listener.heard


async def test_to_stop_waiting_leaves_the_agent_alone(rig: Rig, tmp_path: Path) -> None:
    attempt = task(tmp_path, rig.waits, role="verifier")
    waiting = asyncio.create_task(rig.agents.run(attempt, Listener()))
    await until((attempt.worktree / "started").exists)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    again = asyncio.create_task(rig.agents.run(attempt, Listener()))
    assert not (await asyncio.wait({again}, timeout=0.1))[0]
    rig.agents.stop("run_1", "", "cancelled")
    assert (await again).end_reason == "cancelled"
    assert rig.starts(attempt) == 1


async def test_stop_ends_the_attempts_of_that_step_and_says_why(rig: Rig, tmp_path: Path) -> None:
    attempt = task(tmp_path, rig.waits, role="verifier")
    waiting = asyncio.create_task(rig.agents.run(attempt, Listener()))
    await until((attempt.worktree / "started").exists)
    rig.agents.stop("run_1", "stp_2", "of another step")
    rig.agents.stop("run_2", "", "of another run")
    assert not (await asyncio.wait({waiting}, timeout=0.5))[0]
    rig.agents.stop("run_1", "stp_1", "operator_retry")
    assert (await waiting).end_reason == "operator_retry"


async def test_a_later_attempt_of_a_step_ends_the_earlier_one_before_it_starts(rig: Rig, tmp_path: Path) -> None:
    first, second = task(tmp_path, rig.waits, role="verifier"), task(tmp_path, rig.works, attempt=2)
    waiting = asyncio.create_task(rig.agents.run(first, Listener()))
    await until((first.worktree / "started").exists)
    assert (await rig.agents.run(second, Listener())).end_reason == "exit"
    assert (await waiting).end_reason == "lost"


def test_to_stop_what_has_ended_or_never_was_is_fine(rig: Rig) -> None:
    rig.agents.stop("run_9", "", "cancelled")


def test_an_agent_that_exists_has_a_full_name_and_maybe_a_company(rig: Rig, tmp_path: Path) -> None:
    assert rig.agents.check(rig.works, tmp_path) == rig.works
    assert rig.agents.company(rig.works) == "Acme"
    assert rig.agents.company(rig.waits) == ""


def test_an_unknown_agent_is_missing_and_the_sentence_says_what_there_is(rig: Rig, tmp_path: Path) -> None:
    with pytest.raises(Missing, match="nobody") as caught:
        rig.agents.check("nobody:1", tmp_path)
    assert "command:" in caught.value.hint


def test_the_list_has_ready_agents_first(rig: Rig) -> None:
    listed = [info.ready for info in rig.agents.list()]
    assert listed
    assert listed == sorted(listed, reverse=True)


def test_an_attempt_with_an_id_that_leads_elsewhere_is_malformed(rig: Rig, tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="path"):
        rig.agents.folder(task(tmp_path, rig.works, run="../../etc"))
