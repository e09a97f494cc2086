"""What is stored as JSON is worded in the one canonical way."""

from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.ledger.codec import as_text, digest
from factory.errors import Malformed
from factory.model.audit import canonical_json

PARTS: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.dictionaries(st.text(), PARTS))
def test_the_fast_encoder_writes_canonical_json(values: dict[str, Any]) -> None:
    assert as_text(values) == canonical_json(values)
    assert digest(values) == sha256(canonical_json(values).encode()).hexdigest()


@pytest.mark.parametrize("write", [as_text, digest])
def test_half_a_character_is_named(write: Any) -> None:
    with pytest.raises(Malformed, match=r"not valid Unicode.*\\udc80"):
        write({"path": "a\udc80"})
