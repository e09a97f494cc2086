"""What may be a goal, and the guess at its language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.errors import Usage
from factory.rules.goal import LONGEST_GOAL, check_goal, language


@pytest.mark.parametrize(
    "goal",
    [
        "Napravi product demo za Bilko mobile companion.",
        "أصلح الخطأ في الصفحة",
        "תקן את הבאג",
        "修正错误",
        "🚀",
        "[red]Fix[/red]\n\nsecond line\t",
        "  spaces stay  ",
        "x" * LONGEST_GOAL,
    ],
)
def test_a_goal_in_any_language_is_kept_verbatim(goal: str) -> None:
    assert check_goal(goal) == goal


@pytest.mark.parametrize("goal", ["", "   ", "\n\t", "\u00a0", "\u200b\u2060", "\u202e", "\x01"])
def test_a_goal_without_anything_to_read_is_empty(goal: str) -> None:
    with pytest.raises(Usage, match="The goal is empty"):
        check_goal(goal)


def test_a_goal_over_64_kib_of_utf8_names_its_size() -> None:
    with pytest.raises(Usage, match="65,538 bytes long; at most 65,536"):
        check_goal("é" * (LONGEST_GOAL // 2 + 1))


def test_a_nul_is_refused() -> None:
    with pytest.raises(Usage, match="NUL"):
        check_goal("Fix\0 it")


def test_bytes_that_were_no_utf8_are_refused() -> None:
    with pytest.raises(Usage, match="not valid UTF-8"):
        check_goal(b"Fix \xff".decode("utf-8", "surrogateescape"))


@given(st.text())
def test_every_text_is_kept_as_a_goal_or_refused_with_the_fix(text: str) -> None:
    refused = refusal(text)
    if refused is None:
        assert check_goal(text) == text
    else:
        assert refused.message
        assert refused.hint


def refusal(text: str) -> Usage | None:
    """Why this is no goal, if it is none."""
    try:
        check_goal(text)
    except Usage as error:
        return error
    return None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Napravi product demo za Bilko mobile companion.", "bs"),
        ("Popravi grešku", "bs"),
        ("Dodaj login page", "bs"),
        ("Fix split(): parts must add up to the total", "en"),
        ("修正错误", ""),
        ("", ""),
    ],
)
def test_the_language_is_guessed_from_common_words(text: str, code: str) -> None:
    assert language(text) == code
