"""The demo's agents and checks, for real: of 13 tests 5 fail before, 2 after attempt 1, none after attempt 2."""

import shutil
from pathlib import Path

import pytest

from adapters.agents.registry import LocalAgents
from adapters.checks import LocalChecks
from factory.model.evidence import TestCounts
from factory.ports.agents import AgentResult, AgentTask, Role
from factory.ports.checks import Check, Outcome
from factory.rules.verdict import parse_verdict
from tests.contract.agent_rig import Listener

DEMO = Path(__file__).parents[2] / "fixtures" / "demo"
PYTEST = ("env", "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1", "pytest", "-q", "-p", "no:cacheprovider")


@pytest.fixture
def worktree(tmp_path: Path) -> Path:
    return shutil.copytree(DEMO / "repository", tmp_path / "worktree")


@pytest.fixture
def agents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalAgents:
    monkeypatch.setenv("COCKPIT_SPEED", "1000")
    return LocalAgents(tmp_path / "home")


async def play(agents: LocalAgents, worktree: Path, role: Role, attempt: int) -> AgentResult:
    agent = agents.check(f"scripted:{role}.json", DEMO)
    step = {"coder": "build", "verifier": "verify", "planner": "plan"}[role]
    task = AgentTask("run_1", step, attempt, role, agent, "prompt", worktree, subject="a" * 40)
    return await agents.run(task, Listener())


async def acceptance(worktree: Path, tmp_path: Path) -> TestCounts:
    """All 13 tests on a fresh copy, as an acceptance run sees it."""
    checkout = shutil.copytree(worktree, tmp_path / "checkout", dirs_exist_ok=True)
    argv = (*PYTEST, "acceptance/test_split.py")
    result = await LocalChecks().run(Check("all", argv, checkout, tmp_path / "out", overlay=DEMO / "acceptance"))
    assert result.tests is not None
    return result.tests


async def proof(result: AgentResult, worktree: Path, tmp_path: Path) -> list[Outcome]:
    """How the commands that a verifier named really end."""
    said = parse_verdict(result.verdict)
    assert said is not None
    assert said.subject == "a" * 40
    out = tmp_path / "proof"
    checks = [Check(f"finding-{n}", command, worktree, out) for n, command in enumerate(said.all_commands)]
    return [(await LocalChecks().run(check)).outcome for check in checks]


async def test_the_demo_as_it_is_told(agents: LocalAgents, worktree: Path, tmp_path: Path) -> None:
    before = await acceptance(worktree, tmp_path)
    first = await play(agents, worktree, "coder", 1)
    after_first = await acceptance(worktree, tmp_path)
    refusal = await play(agents, worktree, "verifier", 1)
    counterexample = await proof(refusal, worktree, tmp_path)
    second = await play(agents, worktree, "coder", 2)
    after_second = await acceptance(worktree, tmp_path)
    agreement = await play(agents, worktree, "verifier", 2)

    assert [(tests.failed, tests.passed) for tests in (before, after_first, after_second)] == [(5, 8), (2, 11), (0, 13)]
    assert [name.rpartition("[")[2] for name in after_first.failed_ids] == ["10-4]", "-10-4]"]
    assert (first.request_review, second.request_review) == (False, True)
    assert (first.cost_micros, second.cost_micros) == (18_400, 12_700)
    words = [result.verdict and result.verdict["verdict"] for result in (refusal, agreement)]
    assert words == ["changes_requested", "pass"]
    assert counterexample == ["failed"]
    assert await proof(agreement, worktree, tmp_path) == ["passed", "passed"]
    left = {path.name for path in worktree.rglob("*") if path.is_file()}
    assert left == {"README.md", "pyproject.toml", "split.py", "test_split.py"}


async def test_a_scripted_agent_says_in_every_line_that_it_is_one(agents: LocalAgents, worktree: Path) -> None:
    result = await play(agents, worktree, "verifier", 1)
    assert result.log is not None
    said = [line for line in result.log.read_text().splitlines() if line.startswith("scripted: ")]
    assert said[0] == "scripted: scripted agent, no model: the verifier's turn 1 of verifier.json"
    assert any(line.startswith("scripted: run python3 -c") for line in said)


async def test_a_role_without_a_turn_is_said(agents: LocalAgents, worktree: Path) -> None:
    agent = agents.check("scripted:coder.json", DEMO)
    task = AgentTask("run_1", "verify", 1, "verifier", agent, "prompt", worktree)
    result = await agents.run(task, Listener())
    assert result.exit_code == 64
    assert result.log is not None
    assert "has no turn for the verifier" in result.log.read_text()
