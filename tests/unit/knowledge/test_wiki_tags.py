"""Tag values that a wiki finds again as they are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.knowledge.bookstack_wire import LONGEST_NAME, LONGEST_TAG, short_name, tag_value


@pytest.mark.parametrize("plain", ["run_01ABC", "status-update", "a.b:c"])
def test_a_plain_value_stays(plain: str) -> None:
    assert tag_value(plain) == plain


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_value_is_plain_begins_with_a_letter_and_is_its_own(one: str, other: str) -> None:
    value = tag_value(one)
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9._:-]*", value.replace("_", "-"))
    assert len(value) <= LONGEST_TAG
    assert (tag_value(other) == value) == (one == other)


@given(st.text(max_size=400))
def test_a_name_fits_and_keeps_its_tail(name: str) -> None:
    short = short_name(name, " (factory update)")
    assert len(short) <= LONGEST_NAME
    assert short.endswith(" (factory update)")
