"""What an agent sees of this machine and its secrets, and what of them is kept."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.agents.registry import LocalAgents
from adapters.agents.settings import AgentSettings
from factory.ports.agents import AgentResult, AgentTask
from tests.contract.agent_rig import Listener, program, task


@pytest.fixture
def agents(tmp_path: Path) -> LocalAgents:
    return LocalAgents(tmp_path / "home", cap_bytes=1 << 16, grace_s=0.3)


async def run(agents: LocalAgents, attempt: AgentTask) -> AgentResult:
    return await agents.run(attempt, Listener())


async def test_it_sees_only_the_allowed_environment(
    agents: LocalAgents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "very-secret")
    monkeypatch.setenv("ACME_SEEN", "wave-through")
    monkeypatch.setenv("COCKPIT_MISSION_TOKEN", "not for agents")
    agent = program(tmp_path, "import json, os; json.dump(dict(os.environ), open('env.json', 'w')); print(os.environ)")
    agents = LocalAgents(tmp_path / "home", {agent: AgentSettings(agent, env=("ACME_SEEN",))})
    attempt = task(tmp_path, agent, role="verifier")
    result = await run(agents, attempt)
    seen = json.loads((attempt.worktree / "env.json").read_text())
    folder = agents.folder(attempt)
    assert {name for name in seen if not name.startswith(("COCKPIT_", "LC_"))} == {
        "PATH", "LANG", "TZ", "TERM", "USER", "HOME", "TMPDIR", "ACME_SEEN",
    }  # fmt: skip
    assert (seen["HOME"], seen["TMPDIR"]) == (str(folder / "home"), str(folder / "tmp"))
    assert Path(seen["COCKPIT_PROMPT_FILE"]).read_text() == "Fix it, čok."
    names = ("ROLE", "RUN", "STEP", "ATTEMPT", "THREAD", "SUBJECT")
    told = [seen[f"COCKPIT_{name}"] for name in names]
    assert told == ["verifier", "run_1", "stp_1", "1", "thr_1", "abc123"]
    assert "COCKPIT_MISSION_TOKEN" not in seen
    assert result.log is not None
    assert "wave-through" not in result.log.read_text()
    assert "wave-through" not in (folder / "task.json").read_text()


async def test_what_it_found_of_the_secrets_of_other_systems_is_kept_nowhere(tmp_path: Path) -> None:
    said = "import json, os; print('wiki-token-4711'); "
    agent = program(
        tmp_path, said + "json.dump({'summary': 'wiki-token-4711'}, open(os.environ['COCKPIT_RESULT_FILE'], 'w'))"
    )
    agents = LocalAgents(tmp_path / "home", secrets=[b"wiki-token-4711"])
    attempt = replace(task(tmp_path, agent), prompt="Use wiki-token-4711.")
    result = await run(agents, attempt)
    assert result.summary == "[redacted:value]"
    held = [path.name for path in agents.folder(attempt).rglob("*") if path.is_file() and b"4711" in path.read_bytes()]
    assert held == []


async def test_they_are_cut_out_while_it_prints_them_and_it_cannot_find_them_at_its_shim(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.agents.results.clean_of", lambda *_: None)
    look = (
        "import os, pathlib\n"
        "for place in (f'/proc/{os.getppid()}/fd/0', '/dev/stdin'):\n"
        "    print('found', pathlib.Path(place).read_bytes())\n"
        "print('wiki-token-4711')\n"
    )
    agents = LocalAgents(tmp_path / "home", secrets=[b"", b"wiki-token-4711", b"another-one"])
    result = await run(agents, task(tmp_path, program(tmp_path, look)))
    assert result.log is not None
    assert result.log.read_text() == "found b''\nfound b''\n[redacted:value]\n"
