"""Every recording of the Agent Client Protocol through its dialect: what it means, and what we say to it."""

from typing import Any

import pytest

from adapters.agents.dialects.dialect import Message
from adapters.agents.dialects.known import DIALECTS
from factory.model.agent_event import Ask, FileChange, Note, Retry, Started, Text, ToolCall, ToolResult
from tests.contract.dialects.acp_meant import MEANT
from tests.contract.dialects.recording import Recording, cases, recorded
from tests.contract.dialects.rig import Replayed, a_job, assert_sound, replay

FOLDERS = {
    "claude": ("acp-claude-agent-acp-0.101.0", "claude-agent-acp"),
    "codex": ("acp-codex-acp-2.6.0", "codex-acp"),
    "opencode": ("acp-opencode-1.18.33", "opencode"),
    "pi": ("acp-pi-acp-0.0.34", "pi-acp"),
}
"""Folder of recordings, and the dialect."""
ALL = [(agent, case) for agent, meant in MEANT.items() for case in sorted(meant)]


def recording_of(agent: str, case: str) -> Recording:
    return recorded(FOLDERS[agent][0], case)


def heard_from(agent: str, case: str) -> Replayed:
    recording, decision = recording_of(agent, case), MEANT[agent][case].decision
    opened = next(message["params"] for message in recording.said if message.get("id") == 1)
    job = a_job(program=FOLDERS[agent][1], prompt=prompt_of(recording), resume=opened.get("sessionId", ""))
    return replay(
        DIALECTS[FOLDERS[agent][1]],
        recording,
        job,
        decide=lambda _: decision,
        interrupt_after=cancelled_after(recording),
    )


def prompt_of(recording: Recording) -> str:
    return next(
        str(message["params"]["prompt"][0]["text"])
        for message in recording.said
        if message.get("method") == "session/prompt"
    )


def cancelled_after(recording: Recording) -> int | None:
    """So many messages of the agent came before our `session/cancel`."""
    for number, line in enumerate(recording.lines):
        if line.ours and line.message.get("method") == "session/cancel":
            return sum(not earlier.ours for earlier in recording.lines[:number])
    return None


@pytest.mark.parametrize("agent", sorted(MEANT))
def test_no_recording_is_left_out(agent: str) -> None:
    assert sorted(MEANT[agent]) == cases(FOLDERS[agent][0])


@pytest.mark.parametrize(("agent", "case"), ALL)
def test_a_recording_means(agent: str, case: str) -> None:
    meant, heard = MEANT[agent][case], heard_from(agent, case)
    assert_sound(heard, usage_adds_up=meant.adds_up)
    end = heard.finished
    assert (end.outcome, heard.kinds, end.tokens, end.micros) == (
        meant.outcome, meant.kinds, meant.tokens, meant.micros,
    )  # fmt: skip
    assert end.session.startswith(meant.session)
    assert end.reason.startswith(meant.reason)
    assert (heard.over_after is not None) == meant.is_over
    assert end.raw_exit == recording_of(agent, case).exit_code


@pytest.mark.parametrize(("agent", "case"), sorted(set(ALL) - {("claude", "permission_cancelled")}))
def test_we_say_what_was_said_then(agent: str, case: str) -> None:
    assert [plain(message) for message in heard_from(agent, case).said] == [
        plain(message) for message in recording_of(agent, case).said
    ]


def plain(message: Message) -> dict[str, Any]:
    """Without what is our own choice: our name, and the settings of the vendor."""
    found = dict(message)
    if "params" in found:
        found["params"] = {key: value for key, value in found["params"].items() if key not in ("clientInfo", "_meta")}
    return found


@pytest.mark.parametrize("agent", ["claude", "codex", "opencode", "pi"])
def test_a_run_with_an_edit_in_the_same_words_from_all_of_them(agent: str) -> None:
    heard = heard_from(agent, "success_edit")
    (started,) = heard.of(Started)
    assert started.model in ("claude-sonnet-4-5", "gpt-5.5", "scripted-model")
    assert started.version == FOLDERS[agent][0].rpartition("-")[2]
    assert [(call.kind, call.title) for call in heard.of(ToolCall)] == [
        ("read", "calc.py"),
        ("edit", "calc.py"),
        ("run", "python3 -m unittest -q test_calc"),
    ]
    assert [result.ok for result in heard.of(ToolResult)] == [True, True, True]
    assert "Ran 1 test" in heard.of(ToolResult)[2].text
    (change,) = heard.of(FileChange)
    assert (change.path, change.change) == ("calc.py", "update")
    assert "-    return a - b\n+    return a + b" in change.diff
    assert heard.finished.text == "Done: add() now returns a + b and the test passes."


@pytest.mark.parametrize("agent", ["claude", "codex", "opencode"])
def test_a_file_that_was_not_there_is_added(agent: str) -> None:
    (change,) = heard_from(agent, "resumed_after_kill").of(FileChange)
    assert (change.path, change.change) == ("CHANGES.md", "add")


def test_a_request_carries_the_whole_call_also_where_it_names_only_its_title() -> None:
    (ask,) = heard_from("codex", "permission_approved").of(Ask)
    assert (ask.call.kind, ask.call.title) == ("edit", "CHANGES.md")
    assert "+- fixed add()" in ask.call.input["diff"]


def test_a_call_is_told_before_its_request_and_is_the_same() -> None:
    heard = heard_from("claude", "permission_approved")
    (call,), (ask,) = heard.of(ToolCall), heard.of(Ask)
    assert ask.call == call
    assert heard.events.index(call) < heard.events.index(ask)


def test_a_command_that_failed_is_no_good_result_though_it_was_completed() -> None:
    assert heard_from("opencode", "permission_approved").of(ToolResult)[0].ok is False


def test_pieces_of_an_answer_make_up_the_whole() -> None:
    said = heard_from("claude", "killed_sigterm_mid_answer").of(Text)
    assert "".join(text.text for text in said if not text.final) == "".join(text.text for text in said if text.final)


def test_what_an_adapter_says_of_itself_is_no_answer() -> None:
    heard = heard_from("pi", "bad_key_401")
    assert heard.of(Note) == [Note("pi v0.87.1\n---")]
    assert heard.finished.text == ""


def test_retries_of_codex_are_told() -> None:
    assert [(retry.attempt, retry.of) for retry in heard_from("codex", "error_500").of(Retry)] == [(1, 2), (2, 2)]
