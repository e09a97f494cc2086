"""What the list says of agents that are talked to: program, version, log-in, what works, what is missing."""

import os
from pathlib import Path

import pytest

from adapters.agents.names import AgentNames
from adapters.agents.settings import AgentSettings
from factory.ports.agents import AgentInfo


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for programs, and an operator's home without log-ins."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "operator"))
    for name in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "MY_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def put(shelf: Path, name: str, says: str, exit_code: int = 0) -> Path:
    """A program that says its version."""
    file = shelf / "bin" / name
    file.write_text(f"#!/bin/sh\necho '{says}'\nexit {exit_code}\n")
    file.chmod(0o700)
    return file


def listed(shelf: Path, name: str, *settings: AgentSettings) -> AgentInfo:
    """One line of the list."""
    path = os.pathsep.join((str(shelf / "bin"), "/bin"))
    names = AgentNames({item.name: item for item in settings}, shelf / "home", path)
    return next(info for info in names.list() if info.name == name)


def test_a_program_that_is_there_is_ready_with_its_version_beside_the_tested_one(shelf: Path) -> None:
    put(shelf, "claude", "2.1.331 (Claude Code)")
    info = listed(shelf, "claude")
    assert (info.installed, info.ready) == (True, True)
    assert (info.version, info.tested, info.standing) == ("2.1.331", "2.1.330", "newer")
    assert info.can == ("approvals", "resume", "live cost", "cap", "schema", "instruct", "interrupt")


@pytest.mark.parametrize("name", ["claude", "codex", "pi", "opencode", "gemini"])
def test_what_is_not_there_says_how_to_get_it(shelf: Path, name: str) -> None:
    info = listed(shelf, name)
    assert (info.installed, info.ready, info.version, info.login) == (False, False, "", "")
    assert info.hint.startswith("Install it: npm install -g ")


@pytest.mark.parametrize(("node", "is_said"), [("v20.1.0", True), ("v22.0.0", False), ("v24.19.0", False)])
def test_a_node_that_is_too_old_is_said(shelf: Path, node: str, is_said: bool) -> None:
    put(shelf, "node", node)
    assert ("needs Node 22 or newer; here is 20.1.0" in listed(shelf, "claude").hint) == is_said


def test_a_stub_that_cannot_run_is_installed_and_not_ready(shelf: Path) -> None:
    put(shelf, "claude", "the native binary is not installed", exit_code=1)
    info = listed(shelf, "claude")
    assert (info.installed, info.ready) == (True, False)
    assert "the native binary is not installed" in info.hint
    assert "Install it again: npm install -g @anthropic-ai/claude-code" in info.hint


def test_a_key_counts_only_when_it_is_passed_on(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(shelf, "claude", "2.1.330")
    passing = AgentSettings("claude", env=("ANTHROPIC_API_KEY",))
    assert listed(shelf, "claude", passing).login == "none", "named, not set"
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-secret")
    assert listed(shelf, "claude").login == "none", "set, not named"
    assert "[agents.claude] env" in listed(shelf, "claude").hint
    info = listed(shelf, "claude", passing)
    assert (info.login, "log" in info.hint.lower()) == ("key", False)
    assert "sk-secret" not in repr(info)


def test_an_endpoint_of_ones_own_has_a_key_of_its_own(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(shelf, "pi", "0.87.1")
    options = {"base_url": "http://127.0.0.1:1", "provider": "mine", "env_key": "MY_KEY"}
    local = AgentSettings("mine", use="pi", env=("MY_KEY",), options=options)
    assert listed(shelf, "mine", local).login == "unknown"
    monkeypatch.setenv("MY_KEY", "x")
    assert listed(shelf, "mine", local).login == "key"


def test_an_account_is_seen_by_its_file_which_is_never_opened(shelf: Path) -> None:
    put(shelf, "codex", "codex-cli 0.169.0")
    place = shelf / "operator" / ".codex"
    place.mkdir(parents=True)
    os.mkfifo(place / "auth.json")  # whoever opens it waits for ever
    info = listed(shelf, "codex")
    assert info.login == "account"
    assert "a run does not see" in info.hint


def test_a_configured_agent_is_described_as_its_kind(shelf: Path) -> None:
    place = put(shelf, "my-claude", "2.1.330")
    mine = AgentSettings("mine", use="claude:opus", program=str(place), asks=False, tier="premium")
    info = listed(shelf, "mine", mine)
    assert (info.ready, info.tier) == (True, "premium")
    assert "approvals" not in info.can
    assert "schema" in info.can
    gone = AgentSettings("gone", use="claude", program=str(shelf / "nowhere"))
    assert not listed(shelf, "gone", gone).ready


def test_a_program_over_acp_can_what_its_profile_says(shelf: Path) -> None:
    place = put(shelf, "pi-acp", "0.0.34")
    known = AgentSettings("one", use=f"acp:{place}")
    stranger = AgentSettings("two", use=f"acp:{put(shelf, 'stranger', '9.9.9')} --acp")
    assert listed(shelf, "one", known).can == ("resume", "interrupt")
    info = listed(shelf, "two", stranger)
    assert (info.ready, info.version, info.login) == (True, "", "unknown"), "nobody knows what it does with --version"
