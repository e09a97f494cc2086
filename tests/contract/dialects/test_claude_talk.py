"""What we say to Claude Code, and when."""

from typing import Any

from adapters.agents.dialects.claude import ClaudeDialect
from adapters.agents.dialects.claude_conversation import ClaudeConversation
from adapters.agents.dialects.dialect import Decision, Hold
from factory.model.agent_event import Answered, Ask, Note, Started, Text, ToolCall
from tests.contract.dialects.recording import recorded
from tests.contract.dialects.rig import ALLOW, a_job, replay

AGENT = "claude-code-2.1.330"
GIVEN = {"command": "python3 -m unittest -q test_calc", "description": "Run a scripted command"}


def asked(tool: str = "Bash", **given: str) -> tuple[ClaudeConversation, Ask]:
    """A conversation in which one request is open."""
    conversation = ClaudeDialect().conversation(a_job())
    request = {"subtype": "can_use_tool", "tool_name": tool, "tool_use_id": "toolu_1", "input": given}
    (ask,) = conversation.hear({"type": "control_request", "request_id": "r-1", "request": request})
    assert isinstance(ask, Ask)
    return conversation, ask


def said(things: Any) -> list[Any]:
    return [one.message for one in things]


def response(**inner: Any) -> dict[str, Any]:
    return {
        "type": "control_response",
        "response": {"subtype": "success", "request_id": "r-1", "response": inner},
    }


def test_it_is_greeted_and_then_given_the_prompt() -> None:
    hello, prompt = said(ClaudeDialect().conversation(a_job(prompt="Do it.")).open())
    assert hello["request"]["subtype"] == "initialize"
    assert prompt == {"type": "user", "message": {"role": "user", "content": "Do it."}}


def test_a_recorded_request_is_allowed_with_the_very_input_that_was_asked_for() -> None:
    *_, answer = replay(ClaudeDialect(), recorded(AGENT, "permission_approved")).said
    assert answer["response"]["response"] == {"behavior": "allow", "updatedInput": GIVEN}


def test_an_answer_carries_the_id_of_its_request() -> None:
    conversation, ask = asked(command="ls")
    assert said(conversation.answer(ask.id, ALLOW)) == [response(behavior="allow", updatedInput={"command": "ls"})]


def test_a_refusal_is_told_in_words_and_may_end_the_turn() -> None:
    conversation, ask = asked(command="ls")
    (refusal,) = said(conversation.answer(ask.id, Decision(False, "Not now.", stop=True)))
    assert refusal == response(behavior="deny", message="Not now.", interrupt=True)


def test_a_request_is_answered_once_and_an_unknown_one_never() -> None:
    conversation, ask = asked(command="ls")
    assert said(conversation.answer("r-2", ALLOW)) == []
    assert len(said(conversation.answer(ask.id, ALLOW))) == 1
    assert said(conversation.answer(ask.id, ALLOW)) == []


def test_a_request_that_was_withdrawn_has_no_answer() -> None:
    conversation, ask = asked(command="ls")
    (answered,) = conversation.hear({"type": "control_cancel_request", "request_id": ask.id})
    assert answered == Answered(ask.id, False, "agent", "It does not ask for this any more.")
    assert said(conversation.answer(ask.id, ALLOW)) == []


def test_after_each_tool_it_waits_for_our_word_and_a_no_ends_its_turn() -> None:
    conversation = ClaudeDialect().conversation(a_job())
    hello = said(conversation.open())[0]
    assert hello["request"]["hooks"]["PostToolUse"] == [{"matcher": None, "hookCallbackIds": ["before-next-call"]}]
    request = {"subtype": "hook_callback", "callback_id": "before-next-call", "tool_use_id": "toolu_1", "input": {}}
    asked = {"type": "control_request", "request_id": "r-1", "request": request}
    assert list(conversation.hear(asked)) == [Hold("r-1")]
    assert said(conversation.answer("r-1", ALLOW)) == [response(**{"continue": True})]
    assert said(conversation.answer("r-1", ALLOW)) == [], "once"
    assert list(conversation.hear(asked)) == [Hold("r-1")]
    held = said(conversation.answer("r-1", Decision(False, "Too dear.", stop=True)))
    assert held == [response(**{"continue": False, "stopReason": "Too dear."})]
    list(
        conversation.hear(
            {"type": "result", "subtype": "success", "is_error": False, "terminal_reason": "hook_stopped"}
        )
    )
    assert conversation.ended(0, "").outcome == "interrupted"


def test_what_we_cannot_do_is_said_at_once() -> None:
    conversation = ClaudeDialect().conversation(a_job())
    refusal, _ = conversation.hear({"type": "control_request", "request_id": "r-9", "request": {"subtype": "hook"}})
    assert refusal.message["response"] == {"subtype": "error", "request_id": "r-9", "error": "not supported"}  # type: ignore[union-attr]


def test_an_interruption_is_a_request_of_its_own_each_time() -> None:
    conversation = ClaudeDialect().conversation(a_job())
    first, second = (*said(conversation.interrupt()), *said(conversation.interrupt()))
    assert first["request"] == second["request"] == {"subtype": "interrupt"}
    assert first["request_id"] != second["request_id"]


def test_after_an_interruption_that_got_no_result_it_was_interrupted() -> None:
    heard = replay(ClaudeDialect(), recorded(AGENT, "killed_sigterm_in_command"), interrupt_after=3)
    assert heard.finished.outcome == "interrupted"


def test_an_instruction_opens_another_turn() -> None:
    conversation = ClaudeDialect().conversation(a_job())
    for message in recorded(AGENT, "success_edit").heard:
        tuple(conversation.hear(message))
    assert conversation.is_over
    (message,) = said(conversation.instruct("And the docs."))
    assert message["message"]["content"] == "And the docs."
    assert not conversation.is_over


def test_a_result_with_another_turn_in_the_queue_is_not_the_end() -> None:
    conversation = ClaudeDialect().conversation(a_job())
    result = recorded(AGENT, "success_edit").heard[-1]
    tuple(conversation.hear({**result, "queued_turn_count": 1}))
    assert not conversation.is_over


def test_the_title_hides_no_line_of_a_command() -> None:
    _, ask = asked(command="pytest -q\nrm -rf /")
    assert ask.call.title == "pytest -q ; rm -rf /"


def test_a_path_is_told_without_its_detours() -> None:
    titles = [
        asked("Write", file_path=path)[1].call.title for path in ("/repo/src/../a.py", "src/../../etc/x", "/repo")
    ]
    assert titles == ["a.py", "/etc/x", "/repo"]


def test_a_tool_that_nobody_knows_is_not_taken_for_a_harmless_one() -> None:
    _, ask = asked("mcp__files__read", command="rm")
    assert (ask.call.kind, ask.call.title) == ("other", "mcp__files__read rm")
    assert asked("WebFetch", url="http://x")[1].call.kind == "other"
    assert asked("Grep", pattern="key", path="/etc")[1].call == ToolCall(
        "toolu_1", "read", "/etc (key)", {"pattern": "key", "path": "/etc"}
    )


def test_a_long_result_is_cut_and_says_so() -> None:
    conversation = ClaudeDialect().conversation(a_job())
    call = {"type": "tool_use", "id": "t", "name": "Bash", "input": {"command": "yes"}}
    tuple(conversation.hear({"type": "assistant", "message": {"content": [call]}}))
    block = {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "y" * 70_000}]}
    (result,) = conversation.hear({"type": "user", "message": {"content": [block]}})
    assert (len(result.text), result.truncated, result.ok) == (65_536, True, True)  # type: ignore[union-attr]


def test_what_is_new_is_a_note_and_nothing_is_lost_after_it() -> None:
    conversation = ClaudeDialect().conversation(a_job())
    (note,) = conversation.hear({"type": "hologram", "size": 3})
    assert note == Note('{"type": "hologram", "size": 3}')
    heard = [event for message in recorded(AGENT, "success_edit").heard[:2] for event in conversation.hear(message)]
    assert [type(event) for event in heard][:2] == [Started, type(heard[1])]
    assert Text("I will read the file first.") in heard
