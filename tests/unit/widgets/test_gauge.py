"""Tokens and context of a working agent: what is not known is not shown, what is only listed is marked."""

from dataclasses import replace

import pytest

from factory.model.step import Gauge, Tokens
from tests.app import sample
from widgets.gauge import FULL_PERCENT, context_span, gauge_line, short_count, tokens_words
from widgets.lines import text_of, width_of
from widgets.steps import step_lines
from widgets.summary import summary_lines

KNOWN = Gauge(tokens=Tokens(9000, 2100, 3400), context_used=62_000, context_size=200_000, doing="pytest -q")


@pytest.mark.parametrize(
    ("gauge", "words"),
    [
        (KNOWN, "12.4k in, 2.1k out · context 31% of 200k"),
        (replace(KNOWN, is_listed_size=True), "12.4k in, 2.1k out · context ≈31% of 200k"),
        (replace(KNOWN, context_size=0), "12.4k in, 2.1k out · context 62k"),
        (replace(KNOWN, context_used=0), "12.4k in, 2.1k out"),
        (Gauge(), ""),
    ],
)
def test_only_what_is_known_is_said(gauge: Gauge, words: str) -> None:
    assert "".join(text for text, _ in gauge_line(gauge)) == words


def test_a_context_that_is_nearly_full_stands_out() -> None:
    full = replace(KNOWN, context_used=FULL_PERCENT * 2000)
    assert context_span(full)[0][1] == "warn"
    assert context_span(replace(full, context_used=FULL_PERCENT * 2000 - 2000))[0][1] == ""


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0"), (999, "999"), (1000, "1k"), (12_400, "12.4k"), (99_999, "100k"), (200_000, "200k"), (1_200_000, "1.2M")],
)
def test_counts_are_short(number: int, words: str) -> None:
    assert short_count(number) == words


def test_nothing_used_is_no_word() -> None:
    assert tokens_words(Tokens()) == ""


def test_the_steps_say_what_the_agent_at_work_has_used_and_does_until_it_has_ended() -> None:
    last = replace(sample.VIEW.attempts[-1], gauge=KNOWN, ended_at="", state="running")
    view = replace(sample.VIEW, attempts=(*sample.VIEW.attempts[:-1], last))
    lines = step_lines(sample.STATUS, view, 76)
    assert "  12.4k in, 2.1k out · context 31% of 200k · pytest -q" in text_of(lines).split("\n")
    assert all(width_of(line) <= 40 for line in step_lines(sample.STATUS, view, 40) if "12.4k" in text_of([line]))
    ended = replace(view, attempts=(*view.attempts[:-1], replace(last, ended_at=sample.NOW)))
    assert "12.4k" not in text_of(step_lines(sample.STATUS, ended, 76))


def test_the_summary_says_how_full_its_context_is() -> None:
    coder = next(one for one in reversed(sample.VIEW.attempts) if one.agent == sample.STATUS.agent.name)
    working = replace(coder, gauge=KNOWN, ended_at="", state="running")
    view = replace(sample.VIEW, attempts=(working,))
    assert "context 31% of 200k" in text_of(summary_lines(sample.STATUS, view, None, 80))


def test_the_summary_says_nothing_of_an_agent_that_has_not_begun() -> None:
    coder = next(one for one in reversed(sample.VIEW.attempts) if one.agent == sample.STATUS.agent.name)
    waiting = replace(coder, state="leased", started_at="", last_progress="", last_heartbeat="", ended_at="")
    shown = text_of(summary_lines(sample.STATUS, replace(sample.VIEW, attempts=(waiting,)), None, 80))
    assert f"try {coder.n}\n" in shown.replace(" \n", "\n")
    assert "progress" not in shown
    assert "heartbeat" not in shown
