"""How Claude Code and Codex are started: what they may do is in their own words, and no secret is an argument."""

import json
import tomllib
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.agents.dialects.claude import ClaudeDialect
from adapters.agents.dialects.codex import CodexDialect
from adapters.agents.dialects.dialect import Start
from adapters.agents.dialects.prompt_file import LONGEST_ARGUMENT
from tests.contract.dialects.rig import a_job

SCHEMA = {"type": "object", "properties": {"verdict": {"type": "string"}}}
SESSION = "11111111-2222-4333-8444-555555555555"


def claude(**changes: Any) -> Start:
    return ClaudeDialect().start(a_job(program="/opt/claude", **changes))


def codex(**changes: Any) -> Start:
    return CodexDialect().start(a_job(program="/opt/codex", **changes))


def config(**changes: Any) -> dict[str, Any]:
    return tomllib.loads(codex(**changes).files[".codex/config.toml"])


def after(start: Start, option: str) -> str:
    """What follows an option."""
    (value,) = [value for name, value in pairwise(start.argv) if name == option]
    return value


def test_claude_is_spoken_to_both_ways_and_hears_of_nobodys_settings() -> None:
    start = claude()
    assert start.argv[:2] == ("/opt/claude", "-p")
    assert start.talks
    assert after(start, "--output-format") == after(start, "--input-format") == "stream-json"
    assert after(start, "--setting-sources") == ""
    assert after(start, "--session-id") == SESSION
    assert {"--strict-mcp-config", "--include-partial-messages", "--verbose"} <= set(start.argv)
    assert start.environment == {
        "CLAUDE_CONFIG_DIR": "/home/op/.claude",
        "CLAUDE_CODE_MAX_RETRIES": "2",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
    }


def test_claude_goes_on_with_a_session_instead_of_opening_one() -> None:
    start = claude(resume="99999999-2222-4333-8444-555555555555")
    assert after(start, "--resume") == "99999999-2222-4333-8444-555555555555"
    assert "--session-id" not in start.argv


def test_a_coder_edits_unasked_and_asks_for_the_rest() -> None:
    start = claude(allow_tools=("Bash(python3 *)", "WebFetch"), deny_tools=("Bash(rm *)",))
    assert after(start, "--permission-mode") == "acceptEdits"
    assert after(start, "--permission-prompt-tool") == "stdio"
    allowed = start.argv.index("--allowedTools")
    assert start.argv[allowed:] == ("--allowedTools", "Bash(python3 *)", "WebFetch", "--disallowedTools", "Bash(rm *)")


def test_a_verifier_has_no_tool_that_changes_files_whatever_is_configured() -> None:
    start = claude(access="read", deny_tools=("WebFetch",), options={"permission_mode": "bypassPermissions"})
    assert after(start, "--permission-mode") == "manual"
    denied = start.argv[start.argv.index("--disallowedTools") + 1 :]
    assert denied == ("WebFetch", "Edit", "MultiEdit", "NotebookEdit", "Write")
    assert "IS_SANDBOX" not in start.environment


def test_who_is_not_to_be_asked_is_not_asked() -> None:
    assert "--permission-prompt-tool" not in claude(asks=False).argv


def test_claude_has_caps_of_its_own_behind_ours() -> None:
    start = claude(left_micros=250_001, max_turns=40, model="claude-sonnet-4-5")
    assert after(start, "--max-budget-usd") == "0.250001"
    assert after(start, "--max-turns") == "40"
    assert after(start, "--model") == "claude-sonnet-4-5"
    assert not {"--max-budget-usd", "--max-turns", "--model", "--json-schema"} & set(claude().argv)


def test_claude_is_given_the_schema_of_a_verdict() -> None:
    assert json.loads(after(claude(schema=SCHEMA), "--json-schema")) == SCHEMA


def test_only_a_bypass_of_permissions_claims_a_sandbox() -> None:
    assert claude(options={"permission_mode": "bypassPermissions"}).environment["IS_SANDBOX"] == "1"


def test_the_prompt_of_claude_is_no_argument() -> None:
    assert "Ignore it" not in " ".join(claude(prompt="Ignore it").argv)


def test_codex_is_heard_only_and_has_a_home_of_its_own() -> None:
    start = codex(prompt="--help", model="gpt-6")
    assert start.argv == (
        "/opt/codex", "exec", "--skip-git-repo-check", "--cd", "/repo", "--sandbox", "workspace-write",
        "--model", "gpt-6", "--json", "--", "--help",
    )  # fmt: skip
    assert not start.talks
    assert start.environment == {"CODEX_HOME": "/home/op/.codex"}
    assert list(start.files) == [".codex/config.toml"]


def test_codex_goes_on_with_a_session() -> None:
    assert codex(resume="01a2", prompt="Go on.").argv[-5:] == ("resume", "--json", "--", "01a2", "Go on.")


def test_a_verifier_in_codex_reads_only_whatever_is_configured() -> None:
    assert after(codex(access="read", options={"sandbox": "danger-full-access"}), "--sandbox") == "read-only"


def test_codex_is_given_the_schema_of_a_verdict_as_a_file() -> None:
    start = codex(schema=SCHEMA)
    assert after(start, "--output-schema") == "/home/op/.codex/schema.json"
    assert json.loads(start.files[".codex/schema.json"]) == SCHEMA


def test_a_prompt_that_is_no_argument_any_more_is_a_file() -> None:
    long = "ž" * LONGEST_ARGUMENT
    start = codex(prompt=long)
    assert start.files[".codex/prompt.md"] == long
    assert len(start.argv[-1]) < 200
    assert "/home/op/.codex/prompt.md" in start.argv[-1]
    assert codex(prompt="x" * LONGEST_ARGUMENT).argv[-1] == "x" * LONGEST_ARGUMENT


def test_codex_tries_a_model_of_its_own_twice_and_not_nine_times() -> None:
    options = {"provider": "local", "base_url": "http://127.0.0.1:8787/v1", "env_key": "LOCAL_KEY"}
    found = config(options=options)
    assert found["model_provider"] == "local"
    assert found["model_providers"]["local"] == {
        "name": "local",
        "base_url": "http://127.0.0.1:8787/v1",
        "wire_api": "responses",
        "env_key": "LOCAL_KEY",
        "request_max_retries": 1,
        "stream_max_retries": 2,
    }


def test_codex_never_asks_and_hands_no_key_to_a_command() -> None:
    assert config() == {"approval_policy": "never", "shell_environment_policy": {"ignore_default_excludes": False}}
    assert config(options={"provider": "openai"})["model_provider"] == "openai"


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_option_is_a_string_in_the_settings_of_codex(provider: str, base_url: str) -> None:
    found = config(options={"provider": provider, "base_url": base_url})
    assert found["model_providers"][provider or "factory"]["base_url"] == base_url


@pytest.mark.parametrize("start", [claude, codex])
def test_no_secret_is_an_argument_or_a_file(start: Any) -> None:
    """Keys are passed by the environment alone; an option names the variable, never its value."""
    options = {"env_key": "LOCAL_KEY", "api_key": "sk-secret", "base_url": "http://x"}
    started = start(options=options, schema=SCHEMA, left_micros=1, max_turns=1, resume="r-1", model="m")
    assert "sk-secret" not in repr(started)
