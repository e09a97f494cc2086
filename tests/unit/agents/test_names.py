"""Agent names: what exists, what is made absolute, and what a wrong name is told."""

from pathlib import Path

import pytest

from adapters.agents.names import AgentNames
from adapters.agents.settings import AgentSettings
from factory.errors import Malformed, Missing
from factory.ports.agents import Role

SCENARIO = '{"turns": [{"role": "coder", "actions": []}]}'


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = tmp_path / "base"
    (folder / "tools").mkdir(parents=True)
    for name in ("agent.py", "tools/agent.sh", "my agent"):
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o700)
    (folder / "plain.txt").write_text("")
    (folder / "scenario.json").write_text(SCENARIO)
    return folder


def full(name: str, base: Path, *settings: AgentSettings) -> str:
    """The full name, with these agents configured."""
    return AgentNames({item.name: item for item in settings}, base / "home", path="/usr/bin:/bin").full(name, base)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("command:./agent.py", "command:{base}/agent.py"),
        ("command:agent.py", "command:{base}/agent.py"),
        ("command:tools/agent.sh --fast x", "command:{base}/tools/agent.sh --fast x"),
        ("command:tools/../agent.py", "command:{base}/agent.py"),
        ("command:'my agent' 'a b'", "command:'{base}/my agent' 'a b'"),
        ("command:env", "command:env"),
        ("command:sh agent.py plain.txt", "command:sh {base}/agent.py plain.txt"),
        ("command:env ./agent.py", "command:env {base}/agent.py"),
        ("command:sh -c 'echo hi'", "command:sh -c 'echo hi'"),
        ("scripted:scenario.json", "scripted:{base}/scenario.json"),
    ],
)
def test_files_of_an_agent_become_absolute_and_arguments_stay(name: str, expected: str, base: Path) -> None:
    found = full(name, base)
    assert found == expected.format(base=base)
    assert full(found, Path("/")) == found, "a full name is its own full name, from anywhere"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nobody", "There is no agent 'nobody'."),
        ("", "There is no agent ''."),
        ("command:", "command: names no program."),
        ("command:no-such-program", "There is no program no-such-program in the PATH."),
        ("command:./nowhere.py", "There is no program {base}/nowhere.py."),
        ("command:plain.txt", "{base}/plain.txt is not executable."),
        ("command:./tools", "There is no program {base}/tools."),
        ("scripted:", "scripted: names no file."),
        ("scripted:nowhere.json", "There is no scenario {base}/nowhere.json."),
    ],
)
def test_what_does_not_exist_is_named_with_its_fix(name: str, message: str, base: Path) -> None:
    with pytest.raises(Missing) as caught:
        full(name, base)
    assert caught.value.message == message.format(base=base)
    assert caught.value.hint


def test_a_command_that_cannot_be_split_is_malformed(base: Path) -> None:
    with pytest.raises(Malformed, match="cannot be split"):
        full("command:sh -c 'open", base)


def test_a_malformed_scenario_is_named_by_its_key(base: Path) -> None:
    (base / "scenario.json").write_text('{"turns": [{"role": "boss"}]}')
    with pytest.raises(Malformed, match=r"turns\[0\]\.role"):
        full("scripted:scenario.json", base)


def test_a_configured_agent_keeps_its_name_and_its_files_are_relative_to_the_home(base: Path) -> None:
    (base / "home").mkdir()
    (base / "agent.py").rename(base / "home" / "mine")
    mine = AgentSettings("mine", use="command:./mine --fast")
    assert full("mine", base, mine) == "mine"
    names = AgentNames({"mine": mine}, base / "home")
    assert names.argv("mine") == (str(base / "home" / "mine"), "--fast")


def test_a_configured_agent_whose_program_is_gone_is_missing(base: Path) -> None:
    with pytest.raises(Missing, match="gone"):
        full("mine", base, AgentSettings("mine", use="command:./gone"))


def test_the_list_says_which_configured_agent_is_ready_and_what_another_one_lacks(base: Path) -> None:
    ready = AgentSettings("zeta", use="command:sh")
    broken = AgentSettings("alpha", use="command:no-such-program")
    kind = AgentSettings("command", company="Acme")
    path = "/usr/bin:/bin"  # none of the kinds with a program of their own is there
    listed = AgentNames({item.name: item for item in (ready, broken, kind)}, base, path).list()
    found = [(info.name, info.installed, info.ready) for info in listed]
    assert found[:2] == [("zeta", True, True), ("alpha", False, False)]
    assert {("command", True, False), ("scripted", True, False)} <= set(found)
    assert "no-such-program" in listed[1].hint
    assert all(info.hint for info in listed)


def test_settings_of_a_kind_hold_for_every_agent_of_it(base: Path) -> None:
    names = AgentNames({"command": AgentSettings("command", company="Acme")}, base)
    assert names.settings("command:sh").company == "Acme"
    assert names.settings("scripted:x").company == ""


@pytest.mark.parametrize(
    ("agent", "role", "expected"),
    [
        ("command:sh", "verifier", "file"), ("scripted:x", "coder", "file"), ("claude", "verifier", "schema"),
        ("claude:opus", "coder", "message"), ("codex", "verifier", "schema"), ("pi", "verifier", "message"),
        ("opencode", "verifier", "message"), ("acp:stranger --acp", "verifier", "message"),
        ("mine", "verifier", "schema"), ("nobody", "coder", "file"),
    ],
)  # fmt: skip
def test_an_agent_answers_as_its_kind_can(agent: str, role: Role, expected: str, base: Path) -> None:
    names = AgentNames({"mine": AgentSettings("mine", use="claude")}, base, "/nowhere")
    assert names.answers(agent, role) == expected


def test_the_program_of_the_configuration_stands_for_the_usual_one(base: Path) -> None:
    mine = AgentSettings("mine", use="claude:opus", program=str(base / "my agent"))
    gone = AgentSettings("gone", use="codex", program="no-such-program")
    kind = AgentSettings("pi", program=str(base / "agent.py"))
    assert full("mine", base, mine) == "mine"
    assert full("pi:model", base, kind) == "pi:model", "that of a kind holds for every agent of it"
    with pytest.raises(Missing, match="no-such-program in the PATH"):
        full("gone", base, gone)
