"""Every recording of Codex through its dialect."""

from dataclasses import dataclass
from typing import Any

import pytest

from adapters.agents.dialects.codex import CodexDialect
from factory.model.agent_event import FileChange, Outcome, Retry, Started, ToolCall, ToolResult, Usage
from factory.model.step import Tokens
from tests.contract.dialects.recording import Line, Recording, cases, recorded
from tests.contract.dialects.rig import a_job, assert_sound, replay, total

AGENT = "codex-0.169.0"
EDITED = "FileChange Started Text*3 ToolCall*3 ToolResult*3 Usage"
FAILED = "Note Retry*2 Started"
CUT_OFF = "Started Text ToolCall"


@dataclass(frozen=True)
class Meant:
    """What a recording means."""

    outcome: Outcome
    kinds: str
    tokens: Tokens = Tokens()
    session: str = ""
    """Its id."""
    reason: str = ""
    """How the reason begins."""
    is_over: bool = True


MEANT = {
    "bad_key_401": Meant("auth", FAILED, session="01a206b5-0c7c-", reason="unexpected status 401 Unauthorized"),
    "error_429": Meant("rate_limit", FAILED, session="01a206b5-011c-", reason="exceeded retry limit, last status: 429"),
    "error_500": Meant("model_error", FAILED, session="01a206b4-e8cc-", reason="We’re currently experiencing high"),
    "error_529_then_ok": Meant("stopped", "Started Text Usage", Tokens(500, 10), "01a206b4-f5c6-"),
    "escape_attempt_workspace_write": Meant("stopped", "Started Text*2 Usage", Tokens(1900, 35), "01a206be-55bb-"),
    "failing_command": Meant(
        "stopped", "Started Text*2 ToolCall ToolResult Usage", Tokens(1900, 35), "01a206bd-d08b-"
    ),
    "huge_output": Meant(
        "stopped", "Started Text*2 ToolCall ToolResult Usage", Tokens(41_000, 30_040), "01a206bf-59c4-"
    ),
    "killed_sigint_in_command": Meant("crashed", CUT_OFF, session="01a206b5-222f-", reason="2026", is_over=False),
    "killed_sigkill_in_command": Meant(
        "crashed", CUT_OFF, session="01a206b5-29a1-", reason="It was killed by signal 9.", is_over=False
    ),
    "killed_sigterm_in_command": Meant(
        "crashed", CUT_OFF, session="01a206b5-1ac9-", reason="It was killed by signal 15.", is_over=False
    ),
    "permission_denied_read_only": Meant("stopped", "Started Text*2 Usage", Tokens(2100, 60), "01a206b4-e573-"),
    "resume_unknown_session": Meant("crashed", "", reason="Error: thread/resume: thread/resume failed", is_over=False),
    "resumed_after_kill": Meant(
        "stopped", "FileChange Started Text*2 ToolCall ToolResult Usage", Tokens(2100, 60), "01a206b5-29a1-"
    ),
    "stream_cut": Meant("stopped", "Retry Started Text Usage", Tokens(500, 10), "01a206b5-1230-"),
    "success_edit": Meant("stopped", EDITED, Tokens(2750, 220, 6900), "01a206c1-a3e9-"),
    "success_edit_code_mode": Meant("stopped", EDITED, Tokens(2750, 220, 6900), "01a206b5-f9b9-"),
    "workspace_write_sandbox": Meant("stopped", EDITED, Tokens(2750, 220, 6900), "01a206b5-f220-"),
}  # fmt: skip


def made(*heard: dict[str, Any], stderr: str = "") -> Recording:
    """A recording that nobody made."""
    return Recording(AGENT, "made", tuple(Line(message) for message in heard), 1, stderr, {})


def test_no_recording_is_left_out() -> None:
    assert sorted(MEANT) == cases(AGENT)


@pytest.mark.parametrize("case", sorted(MEANT))
def test_a_recording_means(case: str) -> None:
    meant, heard = MEANT[case], replay(CodexDialect(), recorded(AGENT, case))
    assert_sound(heard)
    end = heard.finished
    assert (end.outcome, heard.kinds, end.tokens, end.micros) == (meant.outcome, meant.kinds, meant.tokens, None)
    assert end.session.startswith(meant.session)
    assert bool(end.session) == bool(meant.session)
    assert end.reason.startswith(meant.reason)
    assert (heard.over_after is not None) == meant.is_over
    assert end.raw_exit == recorded(AGENT, case).exit_code
    assert heard.said == []


def test_a_run_with_an_edit_in_its_own_words() -> None:
    heard = replay(CodexDialect(), recorded(AGENT, "success_edit"), a_job(model="gpt-6"))
    assert heard.of(Started) == [Started("01a206c1-a3e9-7bb0-a41c-c9585e58a7a2", "gpt-6")]
    assert [(call.kind, call.title) for call in heard.of(ToolCall)] == [
        ("run", "cat '/repo/calc.py'"),
        ("edit", "calc.py"),
        ("run", "python3 -m unittest -q test_calc"),
    ]
    assert heard.of(FileChange) == [FileChange("calc.py", "update")]
    assert heard.of(ToolResult)[0].text == "def add(a, b):\n    return a - b\n"
    assert heard.finished.text == "Done: add() now returns a + b and the test passes."


def test_its_input_is_told_without_the_cached_part() -> None:
    told = recorded(AGENT, "success_edit").heard[-1]["usage"]
    (usage,) = replay(CodexDialect(), recorded(AGENT, "success_edit")).of(Usage)
    assert usage.tokens.input + usage.tokens.cache_read == told["input_tokens"] == 9650


def test_a_command_that_fails_is_a_result_that_is_not_ok() -> None:
    (result,) = replay(CodexDialect(), recorded(AGENT, "failing_command")).of(ToolResult)
    assert not result.ok


def test_the_output_of_a_command_is_cut_and_says_so() -> None:
    (result,) = replay(CodexDialect(), recorded(AGENT, "huge_output")).of(ToolResult)
    assert (len(result.text), result.truncated, result.ok) == (65_536, True, True)


def test_an_edit_that_the_sandbox_refused_leaves_no_trace_and_the_word_stopped_proves_nothing() -> None:
    was = recorded(AGENT, "permission_denied_read_only")
    assert (was.exit_code, was.index["git_status"]) == (0, [])
    heard = replay(CodexDialect(), was)
    assert (heard.finished.outcome, heard.of(FileChange), heard.of(ToolCall)) == ("stopped", [], [])


def test_reconnecting_is_a_retry_and_a_wrong_key_says_that_it_cannot_help() -> None:
    first, second = replay(CodexDialect(), recorded(AGENT, "bad_key_401")).of(Retry)
    assert (first.attempt, first.of, second.attempt) == (1, 2, 2)
    assert first.cause.startswith("authentication_failed: unexpected status 401")
    (cut,) = replay(CodexDialect(), recorded(AGENT, "stream_cut")).of(Retry)
    assert cut.cause.startswith("stream disconnected before completion")


def test_a_wrong_key_ends_the_run_as_such_also_when_it_is_cut_off_among_its_retries() -> None:
    heard = recorded(AGENT, "bad_key_401").heard[:3]
    assert replay(CodexDialect(), made(*map(dict, heard))).finished.outcome == "auth"


def test_who_interrupts_it_by_a_signal_gets_no_crash() -> None:
    heard = replay(CodexDialect(), recorded(AGENT, "killed_sigint_in_command"), interrupt_after=4)
    assert (heard.finished.outcome, heard.said) == ("interrupted", [])


@pytest.mark.parametrize(
    ("words", "outcome", "resets_at"),
    [
        ("You've hit your usage limit. Try again at 2026-11-27T04:00:00Z.", "rate_limit", "2026-11-27T04:00:00Z"),
        ("You've hit your usage limit. Try again in 3 days.", "rate_limit", ""),
        ("Missing environment variable: `OPENAI_API_KEY`.", "auth", ""),
        ("unexpected status 403 Forbidden: no access", "auth", ""),
        ("unexpected status 400 Bad Request: context is too long", "model_error", ""),
        ("", "model_error", ""),
    ],
)
def test_errors_are_text_and_are_read(words: str, outcome: Outcome, resets_at: str) -> None:
    end = replay(CodexDialect(), made({"type": "turn.failed", "error": {"message": words}})).finished
    assert (end.outcome, end.resets_at) == (outcome, resets_at)


def test_a_verdict_by_schema_is_its_last_message() -> None:
    said = {"type": "item.completed", "item": {"id": "i", "type": "agent_message", "text": '{"verdict": "pass"}'}}
    over = {"type": "turn.completed", "usage": {}}
    asked_for = a_job(schema={"type": "object"})
    assert replay(CodexDialect(), made(said, over), asked_for).finished.result == {"verdict": "pass"}
    assert replay(CodexDialect(), made(said, over)).finished.result is None
    no_json = {"type": "item.completed", "item": {"id": "i", "type": "agent_message", "text": "fine"}}
    assert replay(CodexDialect(), made(no_json, over), asked_for).finished.result is None


def counted(total_input: int, last_input: int) -> dict[str, Any]:
    """A line of the rollout after a model call, as Codex writes it."""
    usage = [{"input_tokens": each, "output_tokens": each // 10} for each in (total_input, last_input)]
    info = {"total_token_usage": usage[0], "last_token_usage": usage[1], "model_context_window": 272_000}
    return {"type": "event_msg", "payload": {"type": "token_count", "info": info}}


def test_the_rollout_tells_usage_while_it_works_and_the_end_of_the_turn_only_the_rest() -> None:
    conversation = CodexDialect().conversation(a_job())
    live = [usage for line in (counted(1000, 1000), counted(1000, 1000), counted(2100, 1100))
            for usage in conversation.hear_rollout(line)]  # fmt: skip
    assert [usage.tokens for usage in live] == [Tokens(1000, 100), Tokens(1100, 110)]
    assert live[-1].context_size == 272_000
    usage = {"input_tokens": 2100, "output_tokens": 215}
    rest = list(conversation.hear({"type": "turn.completed", "usage": usage}))
    assert [usage.tokens for usage in rest if isinstance(usage, Usage)] == [Tokens(0, 5)]
    assert conversation.ended(0, "").tokens == total([*(one.tokens for one in live), Tokens(0, 5)])


def test_a_resumed_rollout_does_not_count_the_earlier_process_again() -> None:
    conversation = CodexDialect().conversation(a_job(resume="01a206b5-29a1-74c2-aebf-21ae45e66263"))
    assert [usage.tokens for usage in conversation.hear_rollout(counted(51_000, 1000))] == [Tokens(1000, 100)]


@pytest.mark.parametrize(
    ("command", "title"),
    [
        ("/bin/bash -lc 'cat a'", "cat a"),
        ("/bin/bash -lc \"cat 'a b'\"", "cat 'a b'"),
        ("/bin/zsh -c ls", "ls"),
        ('bash -lc "echo \\"$HOME\\""', 'echo "$HOME"'),
        ("bash -lc 'echo it'\\''s; rm x'", "echo it's; rm x"),
        ("bash -lc 'one' && rm x", "bash -lc 'one' && rm x"),
        ("bash -lc 'open", "bash -lc 'open"),
        ("bash -lc 'one\nrm x'", "one ; rm x"),
        ("python3 -c 'print(1)'", "python3 -c 'print(1)'"),
    ],
)
def test_the_title_of_a_command_is_what_the_model_wrote_and_all_of_it(command: str, title: str) -> None:
    item = {"id": "i", "type": "command_execution", "command": command, "status": "in_progress"}
    (call,) = replay(CodexDialect(), made({"type": "item.started", "item": item})).of(ToolCall)
    assert (call.kind, call.title, call.input) == ("run", title, {"command": command})
