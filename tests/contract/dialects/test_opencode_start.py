"""How OpenCode is started and what its configuration allows, by `run` and over ACP."""

import json
from typing import Any

import pytest

from adapters.agents.dialects.dialect import Job
from adapters.agents.dialects.known import DIALECTS
from tests.contract.dialects.rig import a_job

RUN, ACP = DIALECTS["opencode-run"], DIALECTS["opencode"]
FILE = ".config/opencode/opencode.json"


def config(job: Job) -> Any:
    """Its configuration, which is the same both ways."""
    assert RUN.start(job).files[FILE] == ACP.start(job).files[FILE]
    return json.loads(RUN.start(job).files[FILE])


def test_run_takes_the_prompt_as_an_argument_that_is_no_option() -> None:
    start = RUN.start(a_job(program="opencode", prompt="--help", model="anthropic/claude-sonnet-4-5"))
    assert start.argv == (
        "opencode", "run", "--format", "json", "-m", "anthropic/claude-sonnet-4-5", "--", "--help"
    )  # fmt: skip
    assert not start.talks


def test_run_goes_on_with_a_session() -> None:
    argv = RUN.start(a_job(resume="ses_1")).argv
    assert argv[argv.index("--session") + 1] == "ses_1"


def test_a_prompt_that_is_too_long_for_an_argument_goes_through_a_file() -> None:
    start = RUN.start(a_job(prompt="x" * 200_000))
    assert start.files["prompt.md"] == "x" * 200_000
    assert "/home/op/prompt.md" in start.argv[-1]


def test_acp_takes_it_over_the_protocol() -> None:
    start = ACP.start(a_job(program="opencode", prompt="secret plan"))
    assert start.argv == ("opencode", "acp")
    assert start.talks


def test_a_coder_asks_before_it_changes_or_runs() -> None:
    found = config(a_job())["permission"]
    assert (found["edit"], found["bash"], found["webfetch"]) == ("ask", "ask", "ask")


def test_where_nobody_is_asked_it_edits_and_runs_nothing() -> None:
    found = config(a_job(asks=False))["permission"]
    assert (found["edit"], found["bash"], found["external_directory"]) == ("allow", "deny", "deny")


@pytest.mark.parametrize("asks", [True, False])
def test_a_verifier_is_not_offered_what_changes(asks: bool) -> None:
    found = config(a_job(access="read", asks=asks))["permission"]
    assert {found[tool] for tool in ("edit", "bash", "webfetch", "task", "external_directory")} == {"deny"}


def test_the_configuration_has_the_last_word_on_tools() -> None:
    found = config(a_job(allow_tools=("edit",), deny_tools=("bash",)))["permission"]
    assert (found["edit"], found["bash"]) == ("allow", "deny")


def test_an_endpoint_of_ones_own_names_its_key_and_never_holds_it() -> None:
    options = {"provider": "local", "base_url": "http://127.0.0.1:8787/v1", "env_key": "MODEL_KEY"}
    found = config(a_job(model="scripted-model", options=options))
    assert found["model"] == "local/scripted-model"
    assert found["provider"]["local"]["options"] == {
        "baseURL": "http://127.0.0.1:8787/v1", "apiKey": "{env:MODEL_KEY}",
    }  # fmt: skip
    assert list(found["provider"]["local"]["models"]) == ["scripted-model"]


def test_it_has_folders_of_its_own() -> None:
    found = RUN.start(a_job()).environment
    assert found == ACP.start(a_job()).environment
    assert found["XDG_DATA_HOME"] == "/home/op/.local/share"
    assert found["OPENCODE_CONFIG"] == f"/home/op/{FILE}"
    assert found["OPENCODE_DISABLE_AUTOUPDATE"] == "1"
