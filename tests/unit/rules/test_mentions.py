"""No text of ours mentions anybody, and each comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.rules.mentions import escaped, unescaped
from tests.support.mission_control.books import MENTION


@given(st.text(st.sampled_from("@ab1.-_ \n`(\u200b"), max_size=40))
def test_nobody_is_mentioned(text: str) -> None:
    assert MENTION.findall(escaped(text)) == []


@given(st.text(st.sampled_from("@ab1.-_ \n`("), max_size=40))
def test_it_comes_back_as_it_was(text: str) -> None:
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize("text", ["mail me: ana@example.com", "an @ alone", "a@b", "@-"])
def test_what_is_no_mention_stays(text: str) -> None:
    assert escaped(text) == text


@pytest.mark.parametrize("text", ["@dataclass", "use @types/node", "(@all)", "`@human`", "@@a"])
def test_what_is_one_does_not(text: str) -> None:
    assert escaped(text) != text
