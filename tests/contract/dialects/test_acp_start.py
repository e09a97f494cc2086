"""How the programs that speak the Agent Client Protocol are set up: each by its own means."""

import json
import tomllib
from typing import Any

import pytest

from adapters.agents.dialects.acp_profiles import profile_of
from adapters.agents.dialects.dialect import Job
from adapters.agents.dialects.known import DIALECTS
from tests.contract.dialects.rig import a_job

PROGRAMS = ("claude-agent-acp", "codex-acp", "opencode", "pi-acp", "gemini")
SECRET = "secret plan"


def claude_options(job: Job) -> Any:
    """What the session is opened with."""
    return profile_of("claude-agent-acp").meta(job)["claudeCode"]["options"]


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("access", ["read", "write"])
def test_the_prompt_is_said_and_written_nowhere_else(program: str, access: str) -> None:
    start = DIALECTS[program].start(a_job(program=program, prompt=SECRET, access=access, resume="s-1"))
    assert start.argv[0] == program
    assert start.talks
    assert SECRET not in repr(start)


@pytest.mark.parametrize(
    ("typed", "argv"),
    [
        ("opencode", ("opencode", "acp")),
        ("/opt/bin/opencode acp --print-logs", ("/opt/bin/opencode", "acp", "--print-logs")),
        ("codex-acp", ("codex-acp",)),
        ("'/opt/my agent' --speak acp", ("/opt/my agent", "--speak", "acp")),
    ],
)
def test_a_program_that_is_known_is_set_up_also_where_it_is_only_named(typed: str, argv: tuple[str, ...]) -> None:
    assert DIALECTS["acp"].start(a_job(program=typed)).argv == argv


def test_claude_has_its_limits_and_reads_no_settings_of_the_repository() -> None:
    job = a_job(left_micros=600_000, max_turns=3, allow_tools=("Bash(ls *)",), deny_tools=("WebFetch",))
    assert claude_options(job) == {
        "settingSources": [], "maxBudgetUsd": 0.6, "maxTurns": 3, "allowedTools": ["Bash(ls *)"],
        "disallowedTools": ["WebFetch"],
    }  # fmt: skip
    environment = DIALECTS["claude-agent-acp"].start(a_job(model="claude-sonnet-4-5")).environment
    assert environment["ANTHROPIC_MODEL"] == "claude-sonnet-4-5"
    assert environment["CLAUDE_CONFIG_DIR"] == "/home/op/.claude"


def test_a_verifying_claude_has_no_editor() -> None:
    assert {"Edit", "Write", "NotebookEdit"} <= set(claude_options(a_job(access="read"))["disallowedTools"])


@pytest.mark.parametrize(("access", "mode"), [("read", "read-only"), ("write", "workspace-write")])
def test_codex_asks_a_person_and_no_model(access: str, mode: str) -> None:
    start = DIALECTS["codex-acp"].start(a_job(access=access, model="gpt-5.5"))
    assert start.environment["INITIAL_AGENT_MODE"] == mode
    assert start.environment["CODEX_HOME"] == "/home/op/.codex"
    found = tomllib.loads(start.files[".codex/config.toml"])
    assert (found["model"], found["approval_policy"]) == ("gpt-5.5", "on-request")


def test_codex_takes_an_endpoint_of_ones_own() -> None:
    options = {"provider": "local", "base_url": "http://127.0.0.1:8787/v1", "env_key": "MODEL_KEY"}
    start = DIALECTS["codex-acp"].start(a_job(options=options))
    provider = tomllib.loads(start.files[".codex/config.toml"])["model_providers"]["local"]
    assert (provider["base_url"], provider["env_key"]) == ("http://127.0.0.1:8787/v1", "MODEL_KEY")
    assert "DEFAULT_AUTH_REQUEST" not in start.environment


@pytest.mark.parametrize(
    ("changes", "mode"),
    [({"access": "read"}, "plan"), ({}, "default"), ({"asks": False}, "auto_edit")],
)
def test_gemini_is_asked_to_plan_to_ask_or_to_edit(changes: dict[str, Any], mode: str) -> None:
    argv = DIALECTS["gemini"].start(a_job(program="gemini", model="gemini-3-pro", **changes)).argv
    assert argv == ("gemini", "--acp", "--skip-trust", "--approval-mode", mode, "--model", "gemini-3-pro")


def test_an_older_gemini_has_another_word_for_it() -> None:
    job = a_job(program="gemini", options={"acp_flag": "--experimental-acp"})
    assert DIALECTS["gemini"].start(job).argv[1] == "--experimental-acp"


def test_gemini_tells_nobody_and_logs_in_by_key() -> None:
    settings = json.loads(DIALECTS["gemini"].start(a_job()).files[".gemini/settings.json"])
    assert settings["privacy"] == {"usageStatisticsEnabled": False}
    assert settings["security"]["auth"]["selectedType"] == "gemini-api-key"


def test_pi_over_acp_never_asks_so_it_has_no_shell() -> None:
    def tools(job: Job) -> Any:
        return json.loads(DIALECTS["pi-acp"].start(job).files[".pi/agent/settings.json"])["defaultTools"]

    assert "bash" not in tools(a_job())
    assert tools(a_job(access="read")) == ["read", "grep", "find", "ls"]
    assert "bash" in tools(a_job(allow_tools=("bash",)))
    assert not DIALECTS["pi-acp"].can.asks
