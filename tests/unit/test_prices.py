"""The price list: what it knows is exact, what it does not know is not zero."""

import pytest

from adapters.prices import ListedPrices, window_of
from factory.model.step import Tokens


def test_a_known_model_has_a_price_with_its_list() -> None:
    found = ListedPrices().price("claude-sonnet-4-5", Tokens(input=1_000, output=100))
    assert found is not None
    assert (found.micros, found.provider) == (4_500, "anthropic")
    assert found.version.startswith("genai-prices ")


def test_cached_tokens_cost_something_of_their_own() -> None:
    plain = ListedPrices().price("claude-sonnet-4-5", Tokens(input=1_000, output=100))
    cached = ListedPrices().price("claude-sonnet-4-5", Tokens(input=1_000, output=100, cache_read=1_000))
    assert plain is not None
    assert cached is not None
    assert plain.micros < cached.micros < plain.micros + 3_000


@pytest.mark.parametrize(
    ("model", "tokens"), [("scripted", Tokens(input=5)), ("", Tokens(input=5)), ("gpt-4o", Tokens())]
)
def test_what_nobody_knows_has_no_price(model: str, tokens: Tokens) -> None:
    assert ListedPrices().price(model, tokens) is None


def test_the_context_of_a_model_is_as_listed_and_never_made_up() -> None:
    assert window_of("claude-haiku-4-5") == 200_000
    assert window_of("a model of mine") == window_of("") == 0
