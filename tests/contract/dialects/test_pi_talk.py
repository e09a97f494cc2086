"""What is said to Pi, and what no recording shows: refused prompts, foreign dialogs, words with a refusal."""

from typing import Any

import pytest

from adapters.agents.dialects.dialect import Decision, Job, Message, Say
from adapters.agents.dialects.pi import PiDialect
from adapters.agents.dialects.pi_talk import PiConversation
from factory.model.agent_event import AgentEvent, Ask, Calling, Note, Usage
from factory.model.step import Tokens
from tests.contract.dialects.rig import a_job

BEGUN: Message = {"type": "agent_start"}
SETTLED: Message = {"type": "agent_settled"}
TAKEN: Message = {"type": "response", "id": "p1", "command": "prompt", "success": True}


def talk(*heard: Message, job: Job | None = None) -> PiConversation:
    """A conversation that has heard so much."""
    conversation = PiDialect().conversation(job or a_job())
    list(conversation.open())
    for message in heard:
        list(conversation.hear(message))
    return conversation


def said(found: Any) -> list[Message]:
    return [one.message for one in found if isinstance(one, Say)]


def answer_of(stop: str, **more: Any) -> Message:
    return {"type": "message_end", "message": {"role": "assistant", "content": [], "stopReason": stop, **more}}


def asked(tool: str = "bash", name: str = "a") -> Message:
    return {
        "type": "extension_ui_request", "id": name, "method": "confirm", "title": f"Allow {tool}?",
        "message": '{"command": "ls"}',
    }  # fmt: skip


def test_the_prompt_is_the_first_word() -> None:
    assert said(PiDialect().conversation(a_job(prompt="Do it")).open()) == [
        {"id": "p1", "type": "prompt", "message": "Do it"}
    ]


def test_a_prompt_that_is_refused_is_the_end() -> None:
    conversation = talk({**TAKEN, "success": False, "error": "No API key found for local."})
    assert conversation.is_over
    end = conversation.ended(0, "")
    assert (end.outcome, end.reason) == ("auth", "No API key found for local.")


def test_an_instruction_is_heard_before_the_next_model_call() -> None:
    assert said(talk(TAKEN, BEGUN).instruct("Use pytest")) == [
        {"id": "p2", "type": "prompt", "message": "Use pytest", "streamingBehavior": "steer"}
    ]


def test_it_is_not_over_while_an_instruction_is_under_way() -> None:
    conversation = talk(TAKEN, BEGUN)
    list(conversation.instruct("Use pytest"))
    list(conversation.hear(SETTLED))
    assert not conversation.is_over
    list(conversation.hear({**TAKEN, "id": "p2"}))
    assert conversation.is_over


def test_another_run_after_the_last_word_takes_it_back() -> None:
    conversation = talk(TAKEN, BEGUN, SETTLED)
    assert conversation.is_over
    list(conversation.hear(BEGUN))
    assert not conversation.is_over


def test_words_with_a_refusal_are_there_before_the_next_model_call() -> None:
    conversation = talk(TAKEN, BEGUN, asked())
    assert said(conversation.answer("a", Decision(False, "Not this one"))) == [
        {"id": "p2", "type": "prompt", "message": "Not this one", "streamingBehavior": "steer"},
        {"type": "extension_ui_response", "id": "a", "confirmed": False},
    ]


def test_a_refusal_can_end_the_turn() -> None:
    conversation = talk(TAKEN, BEGUN, asked())
    assert [message["type"] for message in said(conversation.answer("a", Decision(False, stop=True)))] == [
        "extension_ui_response", "clear_queue", "abort",
    ]  # fmt: skip
    for message in (answer_of("aborted"), SETTLED):
        list(conversation.hear(message))
    assert conversation.ended(0, "").outcome == "denied"


def test_a_request_that_waits_is_refused_before_an_abort() -> None:
    assert [message["type"] for message in said(talk(TAKEN, BEGUN, asked()).interrupt())] == [
        "extension_ui_response", "clear_queue", "abort",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["a", "nobody"])
def test_a_request_is_answered_once(name: str) -> None:
    conversation = talk(TAKEN, BEGUN, asked())
    list(conversation.answer("a", Decision(True)))
    assert list(conversation.answer(name, Decision(True))) == []


def test_who_finished_while_it_was_interrupted_has_finished() -> None:
    conversation = talk(TAKEN, BEGUN)
    list(conversation.interrupt())
    for message in (answer_of("stop"), SETTLED):
        list(conversation.hear(message))
    assert conversation.ended(0, "").outcome == "stopped"


def test_a_tool_of_the_configuration_is_not_asked_about() -> None:
    conversation = talk(TAKEN, BEGUN, job=a_job(allow_tools=("edit",)))
    assert said(conversation.hear(asked("edit"))) == [{"type": "extension_ui_response", "id": "a", "confirmed": True}]
    assert [type(event) for event in conversation.hear(asked("bash"))] == [Ask]


def test_a_dialog_of_nobody_s_is_closed() -> None:
    dialog = {"type": "extension_ui_request", "id": "x", "method": "select", "title": "Which?"}
    assert said(talk(TAKEN).hear(dialog)) == [{"type": "extension_ui_response", "id": "x", "cancelled": True}]


def test_two_like_calls_are_asked_about_each_by_itself() -> None:
    def begun(name: str) -> Message:
        return {"type": "tool_execution_start", "toolCallId": name, "toolName": "bash", "args": {"command": "ls"}}

    conversation = talk(TAKEN, BEGUN, begun("t1"), begun("t2"))
    found: list[AgentEvent | Say] = [*conversation.hear(asked(name="a")), *conversation.hear(asked(name="b"))]
    assert [ask.call.id for ask in found if isinstance(ask, Ask)] == ["t1", "t2"]


def test_a_cost_of_nothing_is_no_price() -> None:
    usage = {"input": 1000, "output": 20, "cost": {"total": 0}}
    (used,) = talk(TAKEN, BEGUN).hear(answer_of("stop", usage=usage, model="mine"))
    assert used == Usage(Tokens(1000, 20), "mine")


def test_a_summary_of_the_conversation_is_paid_for_too() -> None:
    usage = {"input": 5000, "output": 300, "cost": {"total": 0.0195}}
    conversation = talk(TAKEN, BEGUN)
    note, used = conversation.hear({"type": "compaction_end", "reason": "threshold", "result": {"usage": usage}})
    assert isinstance(note, Note)
    assert used == Usage(Tokens(5000, 300), micros=19_500)
    assert conversation.ended(0, "").micros == 19_500


def test_a_call_that_was_cut_off_counts_as_far_as_it_came() -> None:
    pending = {"type": "message_start", "message": {"role": "assistant", "stopReason": "pending", "model": "mine"}}
    piece = {
        "type": "message_update", "usage": {"input": 700, "output": 0},
        "assistantMessageEvent": {"type": "text_delta", "delta": "x" * 400},
    }  # fmt: skip
    conversation = talk(TAKEN, BEGUN, pending)
    assert Calling(Tokens(700), "mine") in list(conversation.hear(piece))
    assert conversation.ended(-9, "").tokens == Tokens(700, 100)
