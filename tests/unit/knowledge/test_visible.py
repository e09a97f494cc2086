"""Text of others hides nothing and can always be stored."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.rules.visible import one_line, visible

any_text = st.text(st.characters(exclude_categories=[]))


@given(any_text)
def test_no_control_character_or_bidi_override_is_left(text: str) -> None:
    shown = visible(text)
    assert not [char for char in shown if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") and char not in "\t\n"]
    assert not [char for char in shown if unicodedata.bidirectional(char) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI")]
    shown.encode()


@given(any_text)
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


@given(any_text)
def test_showing_twice_is_showing_once(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("\x9b", "⟨U+009B⟩"),
        ("\udc80", "⟨U+DC80⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("line\r\n\tnext", "line␍\n\tnext"),
        ("שלום 👩‍💻 plaćanje", "שלום 👩‍💻 plaćanje"),
    ],
)
def test_what_is_hidden_is_spelled_out_and_the_rest_stays(text: str, shown: str) -> None:
    assert visible(text) == shown
