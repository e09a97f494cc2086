"""Text made comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.rules.words import has_word, normalise, words_of


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Greška  u PLAĆANJU", "greska u placanju"),
        ("Đorđe", "dorde"),
        ("ﬁx ①", "fix 1"),
        ("STRASSE straße", "strasse strasse"),
        ("\tа\n", "а"),
    ],
)
def test_case_diacritics_and_spacing_do_not_count(text: str, plain: str) -> None:
    assert normalise(text) == plain


@given(st.text(st.characters(codec="latin-1") | st.sampled_from("čćđšžČĆĐŠŽ")))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_parts_of_names_are_words_too() -> None:
    assert {"user", "payment", "api", "py"} <= words_of("src/userPayment_api.py")


def test_a_star_stands_for_every_ending() -> None:
    words = words_of("Nova mobilna aplikacija")
    assert has_word("aplikacij*", words)
    assert has_word("Mobiln*", words)
    assert not has_word("aplikacij", words)
    assert not has_word("lik*", words)
