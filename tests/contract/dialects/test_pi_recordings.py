"""Every recording of Pi through its dialect: what it means, to the token and the micro-dollar."""

from dataclasses import dataclass

import pytest

from adapters.agents.dialects.dialect import Decision
from adapters.agents.dialects.pi import PiDialect
from factory.model.agent_event import Ask, FileChange, Outcome, Retry, Started, Text, ToolCall, ToolResult
from factory.model.step import Tokens
from tests.contract.dialects.recording import cases, recorded
from tests.contract.dialects.rig import ALLOW, Replayed, assert_sound, replay

AGENT = "pi-0.87.1"
OURS = "11111111"
"""The id that we chose; in `rpc` mode Pi does not tell it."""
ONE_TOOL = "Calling*4 Started Text*4 ToolCall ToolResult Usage*2"
CUT_OFF = "Calling*2 Started Text*2 ToolCall Usage"
WITH_AN_EDIT = "Calling*8 FileChange Started Text*6 ToolCall*3 ToolResult*3 Usage*4"


@dataclass(frozen=True)
class Meant:
    """What a recording means."""

    outcome: Outcome
    kinds: str
    tokens: Tokens = Tokens()
    micros: int | None = None
    session: str = OURS
    """How its id begins."""
    reason: str = "stop"
    """How the reason begins."""
    decision: Decision = ALLOW
    interrupt_after: int | None = None
    is_over: bool = True


TWO_CALLS, FOUR_CALLS = Tokens(2100, 60), Tokens(2750, 220, 6900)
MEANT = {
    "bad_key_401": Meant("auth", "Started", session="01a206bb", reason='401: {"message":"invalid x-api-key"'),
    "error_500": Meant("model_error", "Retry*3 Started", session="01a206ba", reason="500: "),
    "error_529_then_ok": Meant(
        "stopped", "Calling*2 Retry*2 Started Text*2 Usage", Tokens(500, 10), 1650, "01a206ba"
    ),
    "huge_output": Meant(
        "stopped", "Calling*4 Started Text*27 ToolCall ToolResult Usage*2", Tokens(41_000, 30_040), 573_600, "01a206bf"
    ),
    "killed_sigkill_in_command": Meant(
        "crashed", CUT_OFF, Tokens(1000, 20), 3300, reason="It was killed by signal 9.", is_over=False
    ),
    "killed_sigterm_in_command": Meant(
        "crashed", CUT_OFF, Tokens(1000, 20), 3300, "01a206bb", "It ended without a last word", is_over=False
    ),
    "resumed_after_kill": Meant("stopped", f"Calling*4 FileChange {ONE_TOOL[10:]}", TWO_CALLS, 7200),
    "rpc_aborted_in_command": Meant(
        "interrupted", "Calling*2 Started Text*2 ToolCall ToolResult Usage", Tokens(1000, 20), 3300,
        reason="This operation was aborted", interrupt_after=18,
    ),
    "rpc_permission_approved": Meant("stopped", f"Ask {ONE_TOOL}", TWO_CALLS, 7200),
    "rpc_permission_denied": Meant("stopped", f"Ask {ONE_TOOL}", TWO_CALLS, 7200, decision=Decision(False)),
    "rpc_success_edit": Meant("stopped", WITH_AN_EDIT, FOUR_CALLS, 13_620),
    "success_edit": Meant("stopped", WITH_AN_EDIT, FOUR_CALLS, 13_620, "01a206c1"),
    "tool_not_offered": Meant("model_error", "Started", session="01a206bb", reason="400: "),
}  # fmt: skip


def heard_from(case: str) -> Replayed:
    meant = MEANT[case]
    return replay(
        PiDialect(), recorded(AGENT, case), decide=lambda _: meant.decision, interrupt_after=meant.interrupt_after
    )


def test_no_recording_is_left_out() -> None:
    assert sorted(MEANT) == cases(AGENT)


@pytest.mark.parametrize("case", sorted(MEANT))
def test_a_recording_means(case: str) -> None:
    meant, heard = MEANT[case], heard_from(case)
    assert_sound(heard)
    end = heard.finished
    assert (end.outcome, heard.kinds, end.tokens, end.micros) == (
        meant.outcome, meant.kinds, meant.tokens, meant.micros,
    )  # fmt: skip
    assert end.session.startswith(meant.session)
    assert end.reason.startswith(meant.reason)
    assert (heard.over_after is not None) == meant.is_over
    assert end.raw_exit == recorded(AGENT, case).exit_code


def test_a_run_with_an_edit_in_its_own_words() -> None:
    heard = heard_from("success_edit")
    assert heard.of(Started) == [Started("01a206c1-a8a3-76ba-90e2-b2ac296a86e7")]
    assert [(call.kind, call.title) for call in heard.of(ToolCall)] == [
        ("read", "calc.py"),
        ("edit", "calc.py"),
        ("run", "python3 -m unittest -q test_calc"),
    ]
    assert [result.ok for result in heard.of(ToolResult)] == [True, True, True]
    (change,) = heard.of(FileChange)
    assert (change.path, change.change) == ("calc.py", "update")
    assert "+    return a + b" in change.diff
    assert heard.finished.model == "scripted-model"
    assert heard.finished.text == "Done: add() now returns a + b and the test passes."


def test_an_answer_that_streams_comes_in_pieces_and_then_whole() -> None:
    said = heard_from("success_edit").of(Text)
    assert [text.text for text in said if text.final] == [text.text for text in said if not text.final]


def test_both_ways_of_asking_it_mean_the_same() -> None:
    assert heard_from("rpc_success_edit").kinds == heard_from("success_edit").kinds


def test_a_request_is_about_the_call_that_was_begun() -> None:
    heard = heard_from("rpc_permission_approved")
    (ask,) = heard.of(Ask)
    assert [ask.call] == heard.of(ToolCall)
    assert ask.call.title == "python3 -m unittest -q test_calc"
    assert heard.said[1:] == [{"type": "extension_ui_response", "id": ask.id, "confirmed": True}]


def test_a_refused_command_did_not_run() -> None:
    heard = heard_from("rpc_permission_denied")
    assert heard.of(ToolResult)[0].ok is False
    assert heard.said[1]["confirmed"] is False


def test_a_command_that_failed_is_no_good_result() -> None:
    assert heard_from("rpc_permission_approved").of(ToolResult)[0].ok is False


def test_retries_are_told_with_their_cause() -> None:
    retries = heard_from("error_500").of(Retry)
    assert [(retry.attempt, retry.of, retry.wait_s) for retry in retries] == [(1, 3, 2.0), (2, 3, 4.0), (3, 3, 8.0)]
    assert all("Internal server error" in retry.cause for retry in retries)
