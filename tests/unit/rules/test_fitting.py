"""How well a text fits what somebody looks for."""

from hypothesis import given
from hypothesis import strategies as st

from factory.rules.fitting import MAX_CHARS, Wanted


def test_the_score_is_the_part_of_the_telling_words_that_stand_there() -> None:
    wanted = Wanted("the rounding of amounts")
    assert wanted.score("Rounding", "and AMOUNTS") == 1.0
    assert wanted.score("amounts of the day") == 0.5
    assert wanted.score("of the") == 0.0


def test_words_that_tell_nothing_count_when_there_are_no_others() -> None:
    assert Wanted("of the").score("the end of it") == 1.0
    assert Wanted("?!").score("anything") == 0.0


def test_diacritics_do_not_matter() -> None:
    assert Wanted("plaćanje").score("Greška pri PLACANJE") == 1.0


def test_the_line_that_fits_best_is_shown() -> None:
    assert Wanted("split parts").line("# A title\n\nnothing here\n  parts of split  \nparts") == "parts of split"
    assert Wanted("split").line("") == ""


@given(st.text(), st.text())
def test_any_text_has_a_score_and_a_short_line(asked: str, text: str) -> None:
    assert 0 <= Wanted(asked).score(text) <= 1
    assert len(Wanted(asked).line(text)) <= MAX_CHARS
    assert "\n" not in Wanted(asked).line(text)
