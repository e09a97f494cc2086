"""The strip of a replay says that it is none of now, at any width."""

import pytest

from factory.model.source import Source
from tests.app import sample
from widgets.heading import Heading, header_line
from widgets.lines import text_of, width_of
from widgets.marks import ASCII
from widgets.replay import Strip, replay_line

EVENT = sample.event(7, "13:56:00", sample.RUN, "worker", "gate.open", kind="qa", score=100)
STRIP = Strip(EVENT, EVENT.at, 57, 123, is_playing=True, speed=2)


def said(strip: Strip, width: int = 80, message: str = "") -> str:
    """The strip as text."""
    return text_of((replay_line(strip, message, "", width),))


def test_it_says_when_which_event_and_how_fast() -> None:
    assert said(STRIP) == " REPLAY 13:56:00 · event 57/123 · ▶ 2× · gate qa opened"


def test_where_there_is_room_it_says_the_day() -> None:
    assert " REPLAY 2026-03-02 13:56:00 · " in said(STRIP, 120)


@pytest.mark.parametrize(("number", "words"), [(57, "‖ paused"), (123, "‖ end")])
def test_it_says_when_it_rests(number: int, words: str) -> None:
    assert words in said(STRIP._replace(is_playing=False, number=number))


def test_it_says_that_a_gap_is_shortened() -> None:
    assert "nothing for 1m, played in 5s" in said(STRIP._replace(gap_s=63, gap_played_s=5))


def test_it_says_which_moment_is_marked() -> None:
    assert "= compares with event 12" in said(STRIP._replace(marked=12), 100)


def test_a_message_does_not_hide_that_it_is_a_replay() -> None:
    assert said(STRIP, message="That was the last event.") == " REPLAY 57/123  That was the last event."


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
def test_it_fits(width: int) -> None:
    strip = STRIP._replace(number=99_999, total=100_000, gap_s=4000, gap_played_s=5, marked=12)
    assert width_of(replay_line(strip, "", "", width)) <= max(width, 20)
    assert said(strip, width).startswith(" REPLAY")


def test_it_can_be_drawn_in_ascii() -> None:
    strip = STRIP._replace(is_playing=False, marked=12)
    assert said(STRIP, 120).translate(ASCII).isascii()
    assert said(strip, 120).translate(ASCII).isascii()


def test_the_header_never_calls_a_replay_live() -> None:
    line = text_of((header_line(Heading(ledger=Source("past", 0.0), clock="13:56"), 80),))
    assert line.rstrip().endswith("REPLAY  13:56")
    assert "LIVE" not in line
