"""How a person goes on with a session on the agent's own screen: that very session, in the home it lies in."""

import json

import pytest

from adapters.agents.dialects.known import DIALECTS
from tests.contract.dialects.rig import a_job

JOB = a_job(resume="ses_1", model="m-1")
HOME = str(JOB.home)
WAYS = {
    "claude": ("agent --resume ses_1 --setting-sources  --strict-mcp-config --model m-1", "CLAUDE_CONFIG_DIR"),
    "codex": ("agent resume --no-daemon --cd /repo --sandbox workspace-write --model m-1 ses_1", "CODEX_HOME"),
    "pi": ("agent --no-approve --no-extensions --model m-1 --session ses_1", "PI_CODING_AGENT_DIR"),
    "opencode": ("agent --model m-1 --session ses_1", "XDG_DATA_HOME"),
    "opencode-run": ("agent --model m-1 --session ses_1", "XDG_DATA_HOME"),
}
NO_SCREEN = ("claude-agent-acp", "codex-acp", "pi-acp", "gemini", "acp")


def test_every_agent_has_a_way_or_says_that_it_has_none() -> None:
    assert sorted((*WAYS, *NO_SCREEN)) == sorted(DIALECTS)
    assert all(DIALECTS[name].take_over(JOB) is None for name in NO_SCREEN)


@pytest.mark.parametrize("name", WAYS)
def test_the_way_into_a_session(name: str) -> None:
    start = DIALECTS[name].take_over(JOB)
    assert start is not None
    words, place = WAYS[name]
    assert " ".join(start.argv) == words
    assert start.environment[place].startswith(HOME)
    assert not start.files, "its home stands as the agent left it"


@pytest.mark.parametrize("name", WAYS)
def test_it_is_the_home_in_which_the_agent_was_driven(name: str) -> None:
    driven, by_hand = DIALECTS[name].start(JOB), DIALECTS[name].take_over(JOB)
    assert by_hand is not None
    assert by_hand.environment.items() <= driven.environment.items()


def test_a_program_with_arguments_for_the_protocol_goes_on_without_them() -> None:
    start = DIALECTS["opencode"].take_over(a_job(resume="ses_1", program="/opt/opencode acp --print-logs"))
    assert start is not None
    assert start.argv == ("/opt/opencode", "--session", "ses_1")


def test_the_first_screen_of_claude_is_the_session_and_no_tour() -> None:
    place = ".claude/.claude.json"
    fresh = DIALECTS["claude"].start(a_job()).files
    assert json.loads(fresh[place]) == {"hasCompletedOnboarding": True}
    assert place not in DIALECTS["claude"].start(JOB).files, "by then the file is the agent's own"
