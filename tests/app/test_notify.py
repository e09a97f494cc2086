"""What is written to a terminal: the right sequence for each, and nothing that a text could smuggle in."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.notify import keep_title, method_for, notification, restore_title, through_tmux, title

XTERM = {"TERM": "xterm-256color"}
TMUX = {**XTERM, "TMUX": "/tmp/tmux-0/default,1,0"}


@pytest.mark.parametrize(
    ("environ", "method"),
    [({"TERM": "foot"}, "osc777"), ({"TERM": "xterm-kitty"}, "osc777"), ({"TERM_PROGRAM": "ghostty"}, "osc777"),
     ({"TERM_PROGRAM": "WezTerm"}, "osc777"), ({"TERM_PROGRAM": "iTerm.app"}, "osc9"), (XTERM, "bell"), ({}, "bell"),
     ({"TERM": "screen", "TERM_PROGRAM": "tmux", "KITTY_WINDOW_ID": "1"}, "osc777"),
     ({"TERM": "tmux-256color", "LC_TERMINAL": "iTerm2"}, "osc9")],
)  # fmt: skip
def test_the_method_is_the_one_that_the_terminal_is_known_to_take(environ: dict[str, str], method: str) -> None:
    assert method_for("auto", environ) == method


@pytest.mark.parametrize("wanted", ["osc777", "osc9", "bell", "off"])
def test_a_configured_method_is_taken_whatever_the_terminal_is(wanted: str) -> None:
    assert method_for(wanted, XTERM) == wanted


def test_each_method_has_its_sequence() -> None:
    assert notification("it waits", "osc777", XTERM) == "\x1b]777;notify;Cockpit;it waits\x1b\\"
    assert notification("it waits", "osc9", XTERM) == "\x1b]9;it waits\x1b\\"
    assert notification("it waits", "bell", XTERM) == "\a"
    assert notification("it waits", "off", XTERM) == ""


def test_tmux_hands_the_sequence_on_and_marks_the_window() -> None:
    assert notification("it waits", "osc9", TMUX) == "\x1bPtmux;\x1b\x1b]9;it waits\x1b\x1b\\\x1b\\\a"
    assert notification("it waits", "bell", TMUX) == "\a"


def test_the_title_is_set_kept_and_given_back() -> None:
    assert title("cockpit ◆2", XTERM) == "\x1b]2;cockpit ◆2\x1b\\"
    assert (keep_title(XTERM), restore_title(XTERM)) == ("\x1b[22;2t", "\x1b]2;\x1b\\\x1b[23;2t")


@pytest.mark.parametrize("term", ["dumb", "linux", ""])
def test_a_terminal_that_would_print_a_title_gets_none(term: str) -> None:
    assert title("t", {"TERM": term}) == keep_title({"TERM": term}) == restore_title({"TERM": term}) == ""


@given(st.text(), st.sampled_from(["osc777", "osc9"]))
def test_no_text_ends_the_sequence_or_starts_another_one(text: str, method: str) -> None:
    written = notification(text, method_for(method, XTERM), XTERM)
    inside = re.fullmatch(r"\x1b\](?:9|777;notify;Cockpit);([^;]*)\x1b\\", written, re.DOTALL)
    assert inside
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", inside[1])
    written.encode()


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_what_goes_through_tmux_comes_out_as_it_was(sequence: str) -> None:
    wrapped = through_tmux(sequence)
    body = wrapped.removeprefix("\x1bPtmux;").removesuffix("\x1b\\")
    assert body.replace("\x1b\x1b", "\x1b") == sequence
