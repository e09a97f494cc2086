"""What is said over the Agent Client Protocol where no recording shows it."""

from typing import Any

import pytest

from adapters.agents.dialects.dialect import Decision
from factory.model.agent_event import Ask, Denied, FileChange, Started, Text, ToolCall
from factory.model.step import Tokens
from tests.contract.dialects.acp_stage import LOADS, RESUMES, STEERS, Talk

OPENED = ["initialize", "session/new", "session/prompt"]


def test_a_session_is_opened_and_prompted() -> None:
    talk = Talk().prompted(agentInfo={"version": "7"})
    assert talk.methods == OPENED
    assert talk.said[1]["params"] == {"cwd": "/repo", "mcpServers": []}
    assert talk.said[2]["params"] == {"sessionId": "s-1", "prompt": [{"type": "text", "text": "Do it"}]}
    assert talk.events == [Started("s-1", "", "7")]


@pytest.mark.parametrize(("about", "method"), [(RESUMES, "session/resume"), (LOADS, "session/load")])
def test_a_session_is_gone_on_with_as_the_agent_can(about: dict[str, Any], method: str) -> None:
    talk = Talk(resume="s-0").result(0, protocolVersion=1, **about)
    assert talk.methods == ["initialize", method]
    assert talk.said[1]["params"]["sessionId"] == "s-0"


@pytest.mark.parametrize("about", [{"protocolVersion": 1}, {"protocolVersion": 2, **RESUMES}, {}])
def test_an_agent_that_cannot_do_what_is_needed_is_left_alone(about: dict[str, Any]) -> None:
    talk = Talk(resume="s-0").result(0, **about)
    assert talk.it.is_over
    assert (talk.end().outcome, talk.end().session) == ("crashed", "s-0")


def test_a_session_that_is_not_found_is_no_failure_of_the_model() -> None:
    talk = Talk(resume="s-0").result(0, protocolVersion=1, **RESUMES)
    talk.hear({"id": 1, "error": {"code": -32002, "message": "Resource not found"}})
    assert talk.it.is_over
    assert (talk.end().outcome, talk.end().reason) == ("crashed", "session/resume: Resource not found")


def test_what_a_loaded_session_tells_again_is_not_heard_twice() -> None:
    talk = Talk(resume="s-0").result(0, protocolVersion=1, **LOADS)
    talk.update("user_message_chunk", content={"text": "Do it"}).says("I did.")
    assert talk.events == []
    talk.hear({"id": 1, "result": None}).says("Now").result(2, stopReason="end_turn")
    assert [event.text for event in talk.events if isinstance(event, Text) and event.final] == ["Now"]


def test_an_option_is_chosen_by_its_kind_and_once_before_always() -> None:
    kinds = ("allow_always", "allow_once", "reject_always", "reject_once")
    talk = Talk().prompted().asks(7, kinds).decide(Decision(True), "7").asks("x", kinds).decide(Decision(False), "x")
    assert [message for message in talk.said if "result" in message] == [
        {"jsonrpc": "2.0", "id": 7, "result": {"outcome": {"outcome": "selected", "optionId": "the allow_once"}}},
        {"jsonrpc": "2.0", "id": "x", "result": {"outcome": {"outcome": "selected", "optionId": "the reject_once"}}},
    ]


def test_a_request_without_a_fitting_option_is_cancelled() -> None:
    talk = Talk().prompted().asks(kinds=("allow_once",)).decide(Decision(False))
    assert talk.said[-1]["result"] == {"outcome": {"outcome": "cancelled"}}


def test_a_request_is_answered_once() -> None:
    talk = Talk().prompted().asks().decide(Decision(True)).decide(Decision(True))
    assert talk.methods == [*OPENED, "="]


def test_a_refusal_can_end_the_turn() -> None:
    talk = Talk().prompted().asks().decide(Decision(False, "Enough.", stop=True))
    assert talk.methods == [*OPENED, "=", "session/cancel"]
    talk.result(2, stopReason="cancelled")
    assert (talk.end().outcome, talk.it.is_over) == ("denied", True)


def test_requests_that_wait_are_cancelled_before_the_turn_is() -> None:
    talk = Talk().prompted().asks()
    talk.keep(talk.it.interrupt())
    assert talk.methods == [*OPENED, "=", "session/cancel"]
    assert talk.said[-1] == {"jsonrpc": "2.0", "method": "session/cancel", "params": {"sessionId": "s-1"}}


def test_who_is_interrupted_before_the_session_is_there_is_not_prompted() -> None:
    talk = Talk().result(0, protocolVersion=1)
    talk.keep(talk.it.interrupt()).result(1, sessionId="s-1")
    assert talk.methods == ["initialize", "session/new"]
    assert (talk.end().outcome, talk.it.is_over) == ("interrupted", True)


def test_words_with_a_refusal_are_the_next_prompt_where_it_ended_the_turn() -> None:
    talk = Talk("codex-acp").prompted(**STEERS).asks().decide(Decision(False, "Use pytest"))
    talk.result(2, stopReason="cancelled", usage={"inputTokens": 10, "outputTokens": 1})
    assert talk.methods == [*OPENED, "=", "session/prompt"]
    assert talk.said[-1]["params"]["prompt"] == [{"type": "text", "text": "Use pytest"}]
    assert not talk.it.is_over
    talk.says("Done").result(3, stopReason="end_turn", usage={"inputTokens": 20, "outputTokens": 2})
    assert (talk.end().outcome, talk.end().tokens, talk.it.is_over) == ("stopped", Tokens(30, 3), True)


def test_an_agent_that_goes_on_after_a_refusal_is_steered_with_the_words() -> None:
    talk = Talk("claude-agent-acp").prompted(**STEERS).asks().decide(Decision(False, "Use pytest"))
    assert talk.methods == [*OPENED, "=", "_session/steering"]
    talk.result(3, outcome="injected").says("Done").result(2, stopReason="end_turn")
    assert talk.methods == [*OPENED, "=", "_session/steering"]
    assert (talk.end().outcome, talk.it.is_over) == ("stopped", True)


def test_an_instruction_that_comes_too_late_for_a_turn_is_the_next_prompt() -> None:
    talk = Talk().prompted(**STEERS).says("Done")
    talk.keep(talk.it.instruct("And the docs")).result(2, stopReason="end_turn")
    assert not talk.it.is_over
    talk.result(3, outcome="promptRequired")
    assert talk.methods == [*OPENED, "_session/steering", "session/prompt"]
    assert talk.said[-1]["params"]["prompt"] == [{"type": "text", "text": "And the docs"}]


def test_an_agent_that_cannot_be_steered_is_not() -> None:
    talk = Talk().prompted()
    assert list(talk.it.instruct("And the docs")) == []


def test_where_nobody_is_asked_a_coder_edits_and_runs_nothing() -> None:
    talk = Talk(asks=False).prompted().asks(1, kind="edit", rawInput={"path": "/repo/a.py"}).asks(2, toolCallId="u")
    assert [message["result"]["outcome"]["optionId"] for message in talk.said[3:]] == [
        "the allow_once",
        "the reject_once",
    ]
    assert [event.call for event in talk.events if isinstance(event, Denied)] == ["u"]
    assert not [event for event in talk.events if isinstance(event, Ask)]


def test_where_nobody_is_asked_a_verifier_changes_nothing() -> None:
    talk = Talk(asks=False, access="read").prompted().asks(1, kind="edit", rawInput={"path": "/repo/a.py"})
    assert talk.said[-1]["result"]["outcome"]["optionId"] == "the reject_once"


def test_a_command_is_run_whatever_it_is_called() -> None:
    talk = Talk().prompted().asks(kind="read", title="Read a file", rawInput={"command": "cat a; rm -r b"})
    (ask,) = (event for event in talk.events if isinstance(event, Ask))
    assert (ask.call.kind, ask.call.title) == ("run", "cat a; rm -r b")


def test_an_edit_of_several_files_names_them_all() -> None:
    diffs = [
        {"type": "diff", "path": path, "oldText": None, "newText": "x"} for path in ("/repo/src/a.py", "/etc/passwd")
    ]
    talk = Talk().prompted().asks(kind="edit", title="Edit", rawInput={}, content=diffs)
    assert [event.title for event in talk.events if isinstance(event, ToolCall)] == ["2 files: src/a.py, /etc/passwd"]


def test_what_we_do_not_offer_is_refused_so_that_nobody_waits() -> None:
    talk = Talk().prompted().hear({"id": 5, "method": "fs/read_text_file", "params": {"path": "/etc/passwd"}})
    assert talk.said[-1]["id"] == 5
    assert talk.said[-1]["error"]["code"] == -32601


def test_a_file_without_an_old_text_is_new() -> None:
    diff = {"type": "diff", "path": "/repo/a.py", "oldText": "", "newText": "x"}
    talk = Talk().prompted().update("tool_call", toolCallId="t", kind="edit", status="completed", content=[diff])
    assert [(event.change, event.diff) for event in talk.events if isinstance(event, FileChange)] == [
        ("add", "--- /dev/null\n+++ b/a.py\n@@ -0,0 +1 @@\n+x")
    ]
