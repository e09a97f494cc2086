"""Where Claude Code misleads: each of these was recorded, and each would cost money or trust."""

from collections.abc import Mapping
from typing import Any

import pytest

from adapters.agents.dialects.claude import ClaudeDialect
from factory.model.agent_event import Calling, Outcome, Usage
from factory.model.step import Tokens
from tests.contract.dialects.recording import Line, Recording, recorded
from tests.contract.dialects.rig import assert_sound, replay, total

AGENT = "claude-code-2.1.330"


def result_of(case: str) -> Mapping[str, Any]:
    """The last line of a recording."""
    result = recorded(AGENT, case).heard[-1]
    assert result["type"] == "result"
    return result


def made(*heard: Mapping[str, Any], exit_code: int = 0) -> Recording:
    """A recording that nobody made."""
    return Recording(AGENT, "made", tuple(Line(message) for message in heard), exit_code, "", {})


@pytest.mark.parametrize(("case", "outcome"), [("bad_key_401", "auth"), ("error_500", "model_error")])
def test_subtype_success_with_an_error_is_no_success(case: str, outcome: Outcome) -> None:
    assert result_of(case)["subtype"] == "success"
    assert replay(ClaudeDialect(), recorded(AGENT, case)).finished.outcome == outcome


@pytest.mark.parametrize("exit_code", [0, 1, -9, None])
def test_the_exit_code_decides_nothing(exit_code: int | None) -> None:
    for case in ("bad_key_401", "budget_exceeded", "success_edit", "killed_sigterm_in_command"):
        was = recorded(AGENT, case)
        other = Recording(AGENT, case, was.lines, exit_code, "", {})
        expected = replay(ClaudeDialect(), was).finished.outcome
        assert replay(ClaudeDialect(), other).finished.outcome == expected


def test_exit_0_after_a_sigint_is_an_interruption() -> None:
    was = recorded(AGENT, "killed_sigint_in_command")
    assert was.exit_code == 0
    assert replay(ClaudeDialect(), was).finished.outcome == "interrupted"


def test_its_own_budget_overshoots_and_all_of_it_is_counted() -> None:
    """A limit of $0.60 ended at $1.17, which is 1.95 times as much; its own `usage` has only half of the tokens."""
    heard = replay(ClaudeDialect(), recorded(AGENT, "budget_exceeded"))
    assert result_of("budget_exceeded")["usage"]["input_tokens"] == 150_000
    assert heard.finished.outcome == "budget"
    assert heard.finished.micros == 1_170_000 == round(600_000 * 1.95)
    assert heard.used == Tokens(300_000, 18_000)


def test_a_resumed_run_does_not_count_the_earlier_one_again() -> None:
    heard = replay(ClaudeDialect(), recorded(AGENT, "killed_sigterm_then_resumed_2"))
    assert round(result_of("killed_sigterm_then_resumed_2")["total_cost_usd"] * 1e6) == 10_500
    assert heard.finished.micros == 7200
    assert heard.finished.tokens == Tokens(2100, 60)


def test_a_second_prompt_in_the_same_process_is_not_counted_twice() -> None:
    heard = replay(ClaudeDialect(), recorded(AGENT, "two_prompts_one_process"))
    assert [usage.micros for usage in heard.of(Usage) if usage.micros is not None] == [3300, 6870]
    assert heard.finished.micros == 10_170


@pytest.mark.parametrize(
    "case", ["killed_sigkill_group_in_command", "killed_sigterm_in_command", "killed_sigterm_mid_answer"]
)
def test_killed_without_a_result_is_a_crash_and_what_was_seen_is_counted(case: str) -> None:
    end = replay(ClaudeDialect(), recorded(AGENT, case)).finished
    assert end.outcome == "crashed"
    assert end.tokens.input >= 1000
    assert end.micros is None


def test_killed_while_it_answers_counts_the_call_that_was_under_way() -> None:
    heard = replay(ClaudeDialect(), recorded(AGENT, "killed_sigterm_mid_answer"))
    under_way = heard.of(Calling)[-1]
    assert under_way.tokens.input == 1200
    assert heard.finished.tokens == total([heard.used, Tokens(1200, 2760 // 4)])
    assert 0 <= 2760 // 4 - under_way.tokens.output < 100


def test_the_output_of_an_assistant_message_is_that_of_its_first_moment() -> None:
    first = replay(ClaudeDialect(), recorded(AGENT, "success_edit")).of(Usage)[0]
    assert first.tokens == Tokens(1200, 0, 0, 800)


def test_streamed_calls_are_exact_at_once_and_the_result_adds_only_the_money() -> None:
    usages = replay(ClaudeDialect(), recorded(AGENT, "success_edit_partial")).of(Usage)
    assert [usage.tokens.output for usage in usages] == [40, 90, 60, 30, 0]
    assert usages[-1].tokens == Tokens()
    assert [usage.micros for usage in usages] == [None, None, None, None, 14_220]
    assert (usages[-1].context_used, usages[-1].context_size) == (2830, 200_000)


def test_an_answer_that_was_broken_off_stays_counted_though_the_result_leaves_it_out() -> None:
    heard = recorded(AGENT, "killed_sigterm_mid_answer").heard
    result = {**result_of("interrupted_while_model_hangs"), "model_usage_since_last_result": {}}
    replayed = replay(ClaudeDialect(), made(*heard, result))
    assert_sound(replayed)
    assert replayed.finished.outcome == "interrupted"
    assert replayed.finished.tokens == Tokens(2200, 20 + 2760 // 4)


def test_a_figure_for_a_model_without_a_price_is_made_up_and_not_taken() -> None:
    assert result_of("unknown_model_price")["total_cost_usd"] > 0
    heard = replay(ClaudeDialect(), recorded(AGENT, "unknown_model_price"))
    assert heard.finished.micros is None
    assert heard.finished.model == "scripted-model"


def test_a_wrong_key_ends_the_run_as_such_also_when_it_is_cut_off_among_its_retries() -> None:
    init, first_try = recorded(AGENT, "bad_key_401").heard[:2]
    assert replay(ClaudeDialect(), made(init, first_try)).finished.outcome == "auth"
    aborted = result_of("interrupted_while_model_hangs")
    assert replay(ClaudeDialect(), made(init, first_try, aborted), interrupt_after=2).finished.outcome == "auth"


def test_a_retry_that_went_well_leaves_no_trace_in_the_end() -> None:
    init, first_try = recorded(AGENT, "bad_key_401").heard[:2]
    text = recorded(AGENT, "success_edit").heard[1]
    assert replay(ClaudeDialect(), made(init, first_try, text)).finished.outcome == "crashed"


@pytest.mark.parametrize(
    ("words", "resets_at"),
    [
        ("Claude AI usage limit reached|1795752000", "2026-11-27T04:00:00Z"),
        ("You've hit your limit · resets 3pm (UTC)", "2026-11-23T15:00:00Z"),
        ("You've hit your limit · resets 4:30am (Europe/Prague)", "2026-11-24T03:30:00Z"),
        ("You've hit your limit · resets 3pm (Moon/Base)", ""),
        ("API Error: Request rejected (429)", ""),
    ],
)
def test_a_rate_limit_says_when_it_ends(words: str, resets_at: str) -> None:
    init, *_, said, result = recorded(AGENT, "error_429").heard
    said = {**said, "timestamp": "2026-11-23T04:32:39.385Z"}
    end = replay(ClaudeDialect(), made(init, said, {**result, "result": words})).finished
    assert (end.outcome, end.resets_at) == ("rate_limit", resets_at)


def test_a_limit_event_knows_the_time_better_than_the_words() -> None:
    init, *_, said, result = recorded(AGENT, "error_429").heard
    event = {"type": "rate_limit_event", "rate_limit_info": {"status": "rejected", "resetsAt": 1795752000}}
    assert replay(ClaudeDialect(), made(init, event, said, result)).finished.resets_at == "2026-11-27T04:00:00Z"


def test_a_session_that_would_be_an_option_is_no_session() -> None:
    init, *_ = recorded(AGENT, "success_edit").heard
    heard = replay(ClaudeDialect(), made({**init, "session_id": "--dangerously-skip-permissions"}))
    assert heard.finished.session == ""
    assert heard.kinds == ""
