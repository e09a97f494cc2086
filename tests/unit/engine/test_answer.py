"""Answers: what a checkpoint holds."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.engine.answer import failure, opened, plain, result
from factory.errors import Malformed, Missing, Refused, SourceError, Unreachable, Usage

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
)


@given(values)
def test_a_result_is_the_same_before_and_after_its_checkpoint(value: Any) -> None:
    answer = result(value)
    assert opened(json.loads(json.dumps(answer))) == opened(answer) == plain(value)


@given(values)
def test_plain_is_plain_already(value: Any) -> None:
    assert plain(plain(value)) == plain(value)


@given(st.sampled_from([SourceError, Unreachable, Refused, Missing, Malformed, Usage]), st.text(), st.text(), st.text())
def test_an_error_comes_back_as_it_was(kind: type[SourceError], message: str, hint: str, code: str) -> None:
    error = kind(message, hint, code)
    with pytest.raises(SourceError) as caught:
        opened(json.loads(json.dumps(failure(error))))
    met = caught.value
    assert (type(met), met.message, met.hint, met.code) == (kind, message, hint, error.code)


def test_an_error_of_a_kind_of_its_own_comes_back_as_the_nearest_known_one() -> None:
    class Closed(Refused):
        pass

    with pytest.raises(Refused, match="shut") as caught:
        opened(failure(Closed("shut")))
    assert type(caught.value) is Refused


@pytest.mark.parametrize("value", [object(), {1, 2}, float("nan"), b"bytes"])
def test_what_is_no_json_is_refused_at_once(value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        result(value)
