"""Every recording of Claude Code through its dialect: what it means, to the token and the micro-dollar."""

from dataclasses import dataclass

import pytest

from adapters.agents.dialects.claude import ClaudeDialect
from adapters.agents.dialects.dialect import Decision
from factory.model.agent_event import Ask, Denied, FileChange, Outcome, Retry, Started, Text, ToolCall, ToolResult
from factory.model.step import Tokens
from tests.contract.dialects.recording import cases, recorded
from tests.contract.dialects.rig import ALLOW, Replayed, assert_sound, replay

AGENT = "claude-code-2.1.330"
REFUSE = Decision(allow=False, words="The operator denied this command.")
REFUSE_AND_STOP = Decision(allow=False, words="Stop here.", stop=True)
ONE_TOOL = "Started Text*2 ToolCall ToolResult Usage*3"
"""Says something, uses a tool, says something: two calls, whose output is told by the result."""
REFUSED = f"Denied {ONE_TOOL}"
CHANGED = f"FileChange {ONE_TOOL}"
CUT_OFF = "Started Text ToolCall ToolResult Usage"


@dataclass(frozen=True)
class Meant:
    """What a recording means."""

    outcome: Outcome
    kinds: str
    tokens: Tokens = Tokens()
    micros: int | None = None
    session: str = ""
    """How its id begins."""
    reason: str = "completed"
    """How the reason begins."""
    decision: Decision = ALLOW
    is_over: bool = True
    adds_up: bool = True


TWO_CALLS = Tokens(2100, 60)
KILLED = "It was killed by signal 9."
TERMINATED = "It ended without a last word (exit code 143)."
MEANT = {
    "background_process": Meant("stopped", ONE_TOOL, Tokens(1900, 35), 6225, "16777b3f"),
    "bad_key_401": Meant("auth", "Note Retry*2 Started", micros=0, session="7f4a3846", reason="Invalid API key"),
    "budget_exceeded": Meant(
        "budget", "Started Text*2 ToolCall*2 ToolResult Usage*3", Tokens(300_000, 18_000), 1_170_000, "7644b980",
        "Reached maximum budget ($0.6)",
    ),
    "disallowed_tool": Meant("stopped", "Started Text Usage*2", Tokens(1100, 20), 3600, "ec385fd1"),
    "edit_denied_manual": Meant("stopped", REFUSED, TWO_CALLS, 7200, "28b8c1b3"),
    "error_429": Meant("rate_limit", "Note Retry*2 Started", micros=0, session="09abc523", reason="API Error: Request"),
    "error_500": Meant("model_error", "Note Retry*2 Started", micros=0, session="0b706993", reason="API Error: 500"),
    "error_529_then_ok": Meant("stopped", "Retry*2 Started Text Usage*2", Tokens(500, 10), 1650, "9e0e8f56"),
    "escape_attempt_accept_edits": Meant("stopped", REFUSED, Tokens(1900, 35), 6225, "c7996ccf"),
    "huge_output": Meant("stopped", ONE_TOOL, Tokens(41_000, 30_040), 573_600, "f7b73589"),
    "interrupted_in_command": Meant(
        "interrupted", "Started Text ToolCall ToolResult Usage*2", Tokens(1000, 20), 3300, "ad725ca4", "aborted_tools"
    ),
    "interrupted_while_model_hangs": Meant(
        "interrupted", "Started", micros=0, session="0320f3a6", reason="aborted_streaming"
    ),
    "killed_sigint_in_command": Meant(
        "interrupted", "Started Text ToolCall ToolResult Usage*2", Tokens(1000, 20), 3300, "8cce8d67", "aborted_tools"
    ),
    "killed_sigkill_group_in_command": Meant(
        "crashed", "Started Text ToolCall Usage", Tokens(1000), None, "d74076fe", KILLED, is_over=False
    ),
    "killed_sigkill_mid_answer": Meant(
        "crashed", CUT_OFF, Tokens(1000), None, "11111111", KILLED, is_over=False
    ),
    "killed_sigterm_in_command": Meant("crashed", CUT_OFF, Tokens(1000), None, "183b670d", TERMINATED, is_over=False),
    # The second call was under way: its 1200 tokens of input are known, 2760 characters of its answer came.
    "killed_sigterm_mid_answer": Meant(
        "crashed", "Calling*8 Started Text*140 ToolCall ToolResult Usage", Tokens(2200, 20 + 2760 // 4), None,
        "bf7b5e7d", TERMINATED, is_over=False, adds_up=False,
    ),
    "killed_sigterm_then_resumed_1": Meant(
        "crashed", CUT_OFF, Tokens(1000), None, "21111111", TERMINATED, is_over=False
    ),
    "killed_sigterm_then_resumed_2": Meant("stopped", CHANGED, TWO_CALLS, 7200, "21111111"),
    "max_turns": Meant(
        "turns", "Started Text*3 ToolCall*3 ToolResult*3 Usage*4", Tokens(3000, 60), 9900, "79b18d0e",
        "Reached maximum number of turns (3)",
    ),
    "permission_approved": Meant("stopped", f"Ask {ONE_TOOL}", TWO_CALLS, 7200, "684f399a"),
    "permission_denied_and_interrupted": Meant(
        "denied", "Ask Started Text ToolCall ToolResult Usage*2", Tokens(1000, 40), 3600, "c80c", "aborted_tools",
        REFUSE_AND_STOP,
    ),
    "permission_denied_by_operator": Meant("stopped", f"Ask {ONE_TOOL}", TWO_CALLS, 7200, "a961db09", decision=REFUSE),
    "permission_denied_dont_ask": Meant("stopped", REFUSED, TWO_CALLS, 7200, "dd701971"),
    "permission_denied_no_host": Meant("stopped", REFUSED, TWO_CALLS, 7200, "733db032"),
    "resume_unknown_session": Meant("crashed", "", reason="No conversation found with session ID: 99999999"),
    "resumed_after_kill": Meant("stopped", CHANGED, TWO_CALLS, 7200, "11111111"),
    "root_bypass_mode_env": Meant("stopped", CHANGED, TWO_CALLS, 7200, "c81b"),
    "root_bypass_refused": Meant("crashed", "", reason="--dangerously-skip-permissions cannot", is_over=False),
    "root_bypass_sandbox_env": Meant("stopped", CHANGED, TWO_CALLS, 7200, "cbc6c365"),
    "stream_cut": Meant("stopped", "Retry Started Text Usage*2", Tokens(500, 10), 1650, "3240d9b7"),
    "success_edit": Meant(
        "stopped", "FileChange Started Text*3 ToolCall*3 ToolResult*3 Usage*5", Tokens(1950, 220, 6900, 800), 14_220,
        "27ac35e9",
    ),
    "success_edit_partial": Meant(
        "stopped", "Calling*4 FileChange Started Text*6 ToolCall*3 ToolResult*3 Usage*5",
        Tokens(1950, 220, 6900, 800), 14_220, "25e31fb0",
    ),
    "two_prompts_one_process": Meant("stopped", "Started Text*2 Usage*4", Tokens(3000, 60, 900), 10_170, "77cd63f8"),
    "unknown_model_price": Meant("stopped", ONE_TOOL, TWO_CALLS, None, "20e739fc"),
    "verdict_json_schema": Meant(
        "stopped", "Started Text ToolCall*2 ToolResult*2 Usage*3", Tokens(3100, 100), 10_800, "2bf5d3c7"
    ),
}  # fmt: skip


def heard_from(case: str) -> Replayed:
    """A replay in which the operator decides as it was recorded."""
    decision = MEANT[case].decision
    return replay(ClaudeDialect(), recorded(AGENT, case), decide=lambda _: decision)


def test_no_recording_is_left_out() -> None:
    assert sorted(MEANT) == cases(AGENT)


@pytest.mark.parametrize("case", sorted(MEANT))
def test_a_recording_means(case: str) -> None:
    meant, heard = MEANT[case], heard_from(case)
    assert_sound(heard, usage_adds_up=meant.adds_up)
    end = heard.finished
    assert (end.outcome, heard.kinds, end.tokens, end.micros) == (
        meant.outcome, meant.kinds, meant.tokens, meant.micros,
    )  # fmt: skip
    assert end.session.startswith(meant.session)
    assert bool(end.session) == bool(meant.session)
    assert end.reason.startswith(meant.reason)
    assert (heard.over_after is not None) == meant.is_over
    assert end.raw_exit == recorded(AGENT, case).exit_code


def test_a_run_with_an_edit_in_its_own_words() -> None:
    heard = heard_from("success_edit")
    assert heard.of(Started) == [Started("27ac35e9-18a5-42e1-ac37-51022c12e877", "claude-sonnet-4-5", "2.1.330")]
    assert [(call.kind, call.title) for call in heard.of(ToolCall)] == [
        ("read", "calc.py"),
        ("edit", "calc.py"),
        ("run", "python3 -m unittest -q test_calc"),
    ]
    assert [result.ok for result in heard.of(ToolResult)] == [True, True, True]
    diff = "--- a/calc.py\n+++ b/calc.py\n@@ -1,2 +1,2 @@\n def add(a, b):\n-    return a - b\n+    return a + b"
    assert heard.of(FileChange) == [FileChange("calc.py", "update", diff)]
    assert heard.finished.text == "Done: add() now returns a + b and the test passes."


def test_a_new_file_comes_with_its_text() -> None:
    diff = "--- /dev/null\n+++ b/CHANGES.md\n@@ -0,0 +1,1 @@\n+- fixed add()"
    assert heard_from("resumed_after_kill").of(FileChange) == [FileChange("CHANGES.md", "add", diff)]


def test_an_answer_that_streams_comes_in_pieces_and_then_whole() -> None:
    said = heard_from("success_edit_partial").of(Text)
    assert [text.text for text in said if text.final] == [text.text for text in said if not text.final]


def test_a_request_carries_the_whole_call_and_the_reason() -> None:
    (ask,) = heard_from("permission_approved").of(Ask)
    given = {"command": "python3 -m unittest -q test_calc", "description": "Run a scripted command"}
    assert ask.call == ToolCall(ask.call.id, "run", "python3 -m unittest -q test_calc", given)
    assert ask.reason == "This command requires approval"
    assert ask.call.id in [call.id for call in heard_from("permission_approved").of(ToolCall)]


def test_a_tool_that_the_rules_refuse_is_told_with_the_reason() -> None:
    (denied,) = heard_from("escape_attempt_accept_edits").of(Denied)
    assert denied.by == "rules"
    assert "outside the working directories" in denied.reason


def test_retries_are_told_with_their_cause() -> None:
    assert heard_from("bad_key_401").of(Retry) == [
        Retry(1, 2, 0.617, "authentication_failed (401)"),
        Retry(2, 2, 1.096, "authentication_failed (401)"),
    ]
    assert heard_from("stream_cut").of(Retry) == [Retry(1, 10, 0.582, "unknown")]


def test_a_verdict_by_schema_is_the_result() -> None:
    verdict = {"verdict": "reject", "reasons": ["test_add fails: 2 + 3 gives -1"]}
    assert heard_from("verdict_json_schema").finished.result == verdict


@pytest.mark.parametrize("case", sorted(set(MEANT) - {"verdict_json_schema"}))
def test_without_a_schema_there_is_no_result(case: str) -> None:
    assert heard_from(case).finished.result is None
