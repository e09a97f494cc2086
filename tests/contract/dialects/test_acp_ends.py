"""How turns over the Agent Client Protocol end, and what they cost, where no recording shows it."""

from typing import Any

import pytest

from factory.model.agent_event import Usage
from factory.model.step import Tokens
from tests.contract.dialects.acp_stage import LOADS, Talk


def test_what_was_paid_before_is_not_paid_again_where_it_is_told() -> None:
    talk = Talk(resume="s-0").result(0, protocolVersion=1, **LOADS)
    cost = {"currency": "USD", "amount": 0.5}
    talk.update("usage_update", used=10, size=100, cost=cost).hear({"id": 1, "result": None}).says("Now")
    talk.update("usage_update", used=20, size=100, cost={**cost, "amount": 0.75})
    talk.result(2, stopReason="end_turn", usage={"inputTokens": 20, "outputTokens": 3})
    assert talk.end().micros == 250_000


def test_money_in_another_currency_is_no_money_of_ours() -> None:
    talk = Talk().prompted().says("Done")
    talk.update("usage_update", used=20, size=100, cost={"currency": "EUR", "amount": 0.75})
    talk.result(2, stopReason="end_turn", usage={"inputTokens": 20, "outputTokens": 3})
    assert (talk.end().micros, talk.end().tokens) == (None, Tokens(20, 3))


@pytest.mark.parametrize(("thought", "output"), [(5, 12), (0, 7)])
def test_reasoning_that_is_counted_beside_the_output_is_output(thought: int, output: int) -> None:
    usage = {"inputTokens": 10, "outputTokens": 7, "thoughtTokens": 5, "totalTokens": 17 + thought}
    talk = Talk().prompted().says("Done").result(2, stopReason="end_turn", usage=usage)
    assert talk.end().tokens == Tokens(10, output)


@pytest.mark.parametrize(
    ("stop", "outcome"),
    [("end_turn", "stopped"), ("max_tokens", "stopped"), ("max_turn_requests", "turns"), ("refusal", "model_error")],
)
def test_a_turn_ends_for_a_reason(stop: str, outcome: str) -> None:
    assert Talk().prompted().says("Done").result(2, stopReason=stop).end().outcome == outcome


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("API Error: 500 Internal server error.", "model_error"),
        ("401: invalid key", "auth"),
        ("Error 429 Too many requests", "rate_limit"),
        ("Error handling is better now.", "stopped"),
        ("404 pages are handled now.", "stopped"),
    ],
)
def test_the_end_of_a_turn_after_an_error_is_that_error(words: str, outcome: str) -> None:
    assert Talk().prompted().says(words).result(2, stopReason="end_turn").end().outcome == outcome


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        ({"code": -32000, "message": "Authentication required"}, "auth"),
        ({"code": -32603, "message": "API Error: 429"}, "rate_limit"),
        ({"code": -32603, "message": "Internal error", "data": {"errorKind": "rate_limit"}}, "rate_limit"),
        ({"code": -32603, "message": "Internal error", "data": {"errorKind": "authentication_failed"}}, "auth"),
        ({"code": -32603, "message": "Reached maximum budget ($0.6)"}, "budget"),
        ({"code": -32603, "message": "Reached maximum number of turns (3)"}, "turns"),
        ({}, "model_error"),
        (None, "model_error"),
    ],
)  # fmt: skip
def test_an_error_in_place_of_an_answer(error: dict[str, Any] | None, outcome: str) -> None:
    talk = Talk().prompted().hear({"id": 2, "error": error})
    assert (talk.end().outcome, talk.it.is_over) == (outcome, True)


def test_a_connection_that_closes_is_a_crash() -> None:
    assert Talk().prompted().says("Wor").end().outcome == "crashed"
    assert Talk().prompted().says("Wor").end().text == "Wor"


def test_used_tokens_are_told_with_the_context() -> None:
    talk = Talk().prompted().says("Done").update("usage_update", used=900, size=1000)
    talk.result(2, stopReason="end_turn", usage={"inputTokens": 880, "outputTokens": 20})
    (used,) = (event for event in talk.events if isinstance(event, Usage))
    assert (used.tokens, used.context_used, used.context_size) == (Tokens(880, 20), 900, 1000)


def test_a_turn_that_ends_without_a_reason_is_a_crash() -> None:
    talk = Talk().prompted().says("Done").hear({"id": 2, "result": None})
    assert (talk.end().outcome, talk.it.is_over) == ("crashed", True)


def test_an_error_that_is_none_is_none() -> None:
    talk = Talk().prompted().says("Done").hear({"id": 2, "result": {"stopReason": "end_turn"}, "error": None})
    assert talk.end().outcome == "stopped"


def used_a_tool(talk: Talk, *names: str) -> Talk:
    """Calls of tools side by side, and then their results."""
    for name in names:
        talk.update("tool_call", toolCallId=name, kind="read", status="in_progress", title="Read")
    for name in names:
        talk.update("tool_call_update", toolCallId=name, status="completed")
    return talk


@pytest.mark.parametrize(("dialect", "outcome"), [("pi-acp", "model_error"), ("codex-acp", "stopped")])
def test_a_turn_that_ends_after_a_tool_failed_where_failures_are_hidden(dialect: str, outcome: str) -> None:
    talk = used_a_tool(Talk(dialect).prompted().says("Reading."), "a").result(2, stopReason="end_turn")
    assert talk.end().outcome == outcome


def test_tokens_of_a_last_step_count_for_each_call_where_no_money_is_told() -> None:
    usage = {"inputTokens": 300, "outputTokens": 20, "cachedReadTokens": 5}
    talk = used_a_tool(Talk("opencode").prompted().says("Reading."), "a", "b").says("Done.")
    assert talk.result(2, stopReason="end_turn", usage=usage).end().tokens == Tokens(600, 40, 10)


def test_they_are_left_as_they_are_where_money_is_told() -> None:
    talk = used_a_tool(Talk("opencode").prompted().says("Reading."), "a").says("Done.")
    talk.update("usage_update", used=320, size=1000, cost={"currency": "USD", "amount": 0.002})
    end = talk.result(2, stopReason="end_turn", usage={"inputTokens": 300, "outputTokens": 20}).end()
    assert (end.tokens, end.micros) == (Tokens(300, 20), 2000)
