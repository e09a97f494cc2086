"""How Pi is started: for a coder, a verifier, and once more in the same session."""

import json

from adapters.agents.dialects.pi import GATE, PiDialect
from tests.contract.dialects.rig import a_job

ENDPOINT = {"provider": "local", "base_url": "http://127.0.0.1:8787/v1", "env_key": "MODEL_KEY"}


def option(argv: tuple[str, ...], name: str) -> str:
    """The word after this option; empty if it is not there."""
    return argv[argv.index(name) + 1] if name in argv else ""


def test_a_coder_works_behind_the_gate_and_in_a_session_that_we_named() -> None:
    start = PiDialect().start(a_job(program="pi", model="anthropic/claude-sonnet-4-5"))
    assert start.argv[:5] == ("pi", "--mode", "rpc", "--no-approve", "--no-extensions")
    assert option(start.argv, "--model") == "anthropic/claude-sonnet-4-5"
    assert option(start.argv, "--session-id") == "11111111-2222-4333-8444-555555555555"
    assert option(start.argv, "--tools") == "read,grep,find,ls,edit,write,bash"
    assert option(start.argv, "-e") == str(GATE)
    assert GATE.is_file()
    assert start.talks
    assert start.files == {}


def test_it_has_a_folder_of_its_own_and_calls_nobody() -> None:
    assert PiDialect().start(a_job()).environment == {
        "PI_CODING_AGENT_DIR": "/home/op/.pi/agent", "PI_OFFLINE": "1", "PI_TELEMETRY": "0",
    }  # fmt: skip


def test_a_verifier_has_nothing_to_change_with() -> None:
    assert option(PiDialect().start(a_job(access="read")).argv, "--tools") == "read,grep,find,ls"


def test_a_session_that_is_resumed_must_be_there() -> None:
    argv = PiDialect().start(a_job(resume="abc")).argv
    assert option(argv, "--session") == "abc"
    assert "--session-id" not in argv


def test_who_cannot_ask_runs_only_what_the_configuration_names() -> None:
    unasked = PiDialect().start(a_job(asks=False)).argv
    assert option(unasked, "--tools") == "read,grep,find,ls,edit,write"
    assert "-e" not in unasked
    named = PiDialect().start(a_job(asks=False, allow_tools=("read", "bash"))).argv
    assert option(named, "--tools") == "read,bash"


def test_a_tool_can_be_taken_away() -> None:
    assert "bash" not in option(PiDialect().start(a_job(deny_tools=("bash",))).argv, "--tools")


def test_an_endpoint_of_ones_own_names_its_key_and_never_holds_it() -> None:
    start = PiDialect().start(a_job(model="local/scripted-model", options=ENDPOINT))
    assert option(start.argv, "--model") == "local/scripted-model"
    models = json.loads(start.files[".pi/agent/models.json"])
    assert models["providers"]["local"] == {
        "baseUrl": "http://127.0.0.1:8787/v1", "api": "openai-completions", "apiKey": "$MODEL_KEY",
        "models": [{"id": "scripted-model"}],
    }  # fmt: skip


def test_the_prompt_is_no_argument() -> None:
    assert not any("secret plan" in word for word in PiDialect().start(a_job(prompt="secret plan")).argv)


def test_the_gate_lets_only_looking_pass() -> None:
    text = GATE.read_text()
    assert 'const FREE = new Set(["read", "grep", "find", "ls"]);' in text
    assert "block: true" in text
