"""Every recording of `opencode run` through its dialect: what it means, to the token and the micro-dollar."""

from dataclasses import dataclass

import pytest

from adapters.agents.dialects.opencode import OpencodeDialect
from factory.model.agent_event import Denied, FileChange, Outcome, Started, ToolCall, ToolResult
from factory.model.step import Tokens
from tests.contract.dialects.recording import cases, recorded
from tests.contract.dialects.rig import Replayed, assert_sound, replay

AGENT = "opencode-1.18.33"
REFUSED = "It asked for a permission, and nobody could be asked."


@dataclass(frozen=True)
class Meant:
    """What a recording means."""

    outcome: Outcome
    kinds: str
    tokens: Tokens = Tokens()
    micros: int | None = None
    session: str = ""
    """How its id begins."""
    reason: str = "stop"
    """How the reason begins."""
    adds_up: bool = True


MEANT = {
    "bad_key_401": Meant("auth", "Started", session="ses_df946bd5", reason="invalid x-api-key"),
    # It tries for ever, and says nothing of it.
    "error_500": Meant("crashed", "", reason="It was killed by signal 9."),
    "error_529_then_ok": Meant("stopped", "Calling Started Text Usage", Tokens(500, 10), 1650, "ses_df946ed5"),
    "huge_output": Meant(
        "stopped", "Calling*2 Started Text*2 ToolCall ToolResult Usage*2", Tokens(41_000, 30_040), 573_600,
        "ses_df940990",
    ),
    # Nothing was told of the step that was cut off; 23 characters of it were heard.
    "killed_sigint_in_command": Meant(
        "crashed", "Calling Started Text", Tokens(0, 23 // 4), None, "ses_df93904a", "It was killed by signal 2.",
        adds_up=False,
    ),
    "killed_sigterm_mid_answer": Meant(
        "crashed", "Calling*2 Started Text ToolCall ToolResult Usage", Tokens(1000, 20), 3300, "ses_df93d7c7",
        "It was killed by signal 15.",
    ),
    "permission_denied_ask": Meant(
        "denied", "Calling Denied Started Text ToolCall ToolResult Usage", Tokens(1000, 40), 3600, "ses_df947dfe",
        REFUSED,
    ),
    "permission_denied_rule": Meant("model_error", "Started", session="ses_df947b23", reason="scenario: no offered"),
    "resumed_after_kill": Meant(
        "stopped", "Calling*2 FileChange Started Text*2 ToolCall ToolResult Usage*2", Tokens(2100, 60), 7200,
        "ses_df93d7c7",
    ),
    "success_edit": Meant(
        "stopped", "Calling*4 FileChange Started Text*3 ToolCall*3 ToolResult*3 Usage*4", Tokens(2750, 220, 6900),
        13_620, "ses_df9481c2",
    ),
}  # fmt: skip


def heard_from(case: str) -> Replayed:
    return replay(OpencodeDialect(), recorded(AGENT, case))


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
    assert heard.said == []
    assert end.raw_exit == recorded(AGENT, case).exit_code


def test_a_run_with_an_edit_in_its_own_words() -> None:
    heard = heard_from("success_edit")
    assert heard.of(Started) == [Started("ses_df9481c24ffen4riqtRkugDPdu")]
    assert [(call.kind, call.title) for call in heard.of(ToolCall)] == [
        ("read", "calc.py"),
        ("edit", "calc.py"),
        ("run", "python3 -m unittest -q test_calc"),
    ]
    assert [result.ok for result in heard.of(ToolResult)] == [True, True, True]
    (change,) = heard.of(FileChange)
    assert (change.path, change.change) == ("calc.py", "update")
    assert "+    return a + b" in change.diff


def test_a_file_that_was_not_there_is_added() -> None:
    assert heard_from("resumed_after_kill").of(FileChange) == [FileChange("CHANGES.md", "add")]


def test_a_refusal_is_told_with_its_call() -> None:
    heard = heard_from("permission_denied_ask")
    (denied,), (call,) = heard.of(Denied), heard.of(ToolCall)
    assert (denied.call, denied.by) == (call.id, "rules")


def test_output_that_was_cut_says_so() -> None:
    (result,) = heard_from("huge_output").of(ToolResult)
    assert result.truncated
