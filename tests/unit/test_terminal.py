"""What a terminal can show is read from its environment."""

import pytest

from cockpit.terminal import reach_of, speaks_utf8, why_no_screen


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_that_cannot_move_its_cursor_is_named(term: str) -> None:
    assert repr(term) in why_no_screen({"TERM": term})


@pytest.mark.parametrize("term", ["xterm", "screen", "tmux-256color", "linux", ""])
def test_other_terminals_can_show_a_screen(term: str) -> None:
    assert why_no_screen({"TERM": term}) == ""


@pytest.mark.parametrize(
    ("environ", "speaks"),
    [
        ({"LANG": "C.UTF-8"}, True), ({"LANG": "de_DE.utf8"}, True), ({"LANG": "C"}, False), ({}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, False), ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, False), ({"LC_ALL": "", "LANG": "C.UTF-8"}, True),
    ],
)  # fmt: skip
def test_the_locale_that_counts_is_the_one_libraries_take(environ: dict[str, str], speaks: bool) -> None:
    assert speaks_utf8(environ) is speaks


@pytest.mark.parametrize(
    ("ascii_", "ambiguous", "lang", "reach"),
    [
        ("auto", "auto", "C.UTF-8", ""), ("auto", "auto", "C", "all"), ("auto", "auto", "ja_JP.UTF-8", "ambiguous"),
        ("auto", "narrow", "ja_JP.UTF-8", ""), ("no", "auto", "ja_JP.UTF-8", ""), ("no", "auto", "C", ""),
        ("yes", "auto", "C.UTF-8", "marks"), ("yes", "wide", "C.UTF-8", "ambiguous"),
        ("auto", "wide", "C.UTF-8", "ambiguous"), ("auto", "wide", "C", "all"),
    ],
)  # fmt: skip
def test_the_settings_are_stronger_than_the_locale(ascii_: str, ambiguous: str, lang: str, reach: str) -> None:
    assert reach_of(ascii_, ambiguous, {"LANG": lang}) == reach
