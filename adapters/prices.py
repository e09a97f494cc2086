"""The price list of genai-prices, as it was installed: no network. And what the operator declares beside it."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.metadata import version

from factory.model.step import Tokens
from factory.ports.prices import Price

Declared = Mapping[str, tuple[int, int, int, int]]
"""Model -> micro-USD for a million tokens of input, output, cache reads and cache writes."""


class ListedPrices:
    """`Prices` from the data that genai-prices brings along."""

    def price(self, model: str, tokens: Tokens) -> Price | None:
        """What these tokens cost, rounded to a micro-USD; None for an unknown model, or no tokens."""
        if not model or tokens == Tokens():
            return None
        from genai_prices import Usage, calc_price  # a third of a second; only who settles a price pays it

        # The list counts cached tokens as a part of the input; ours stand beside it.
        usage = Usage(
            input_tokens=tokens.input + tokens.cache_read + tokens.cache_write,
            output_tokens=tokens.output,
            cache_read_tokens=tokens.cache_read,
            cache_write_tokens=tokens.cache_write,
        )
        try:
            found = calc_price(usage, model_ref=model)
        except LookupError:
            return None
        micros = int((found.total_price * 1_000_000).quantize(Decimal(1), ROUND_HALF_UP))
        return Price(micros, str(found.provider.id), f"genai-prices {version('genai-prices')}")


@cache
def window_of(model: str) -> int:
    """How many tokens fit into the context of a model, as listed; 0 for one that nobody knows that of."""
    if not model:
        return 0
    from genai_prices import Usage, calc_price

    try:
        return calc_price(Usage(input_tokens=1), model_ref=model).model.context_window or 0
    except LookupError:
        return 0


def micros_of(model: str, tokens: Tokens, declared: Declared, is_free: bool = False) -> int | None:
    """What tokens cost: as declared, else as listed; None when nobody knows.

    Args:
        is_free: A local model.
    """
    if is_free or tokens == Tokens():
        return 0
    if model in declared:
        counts = (tokens.input, tokens.output, tokens.cache_read, tokens.cache_write)
        return round(sum(count * price for count, price in zip(counts, declared[model], strict=True)) / 1_000_000)
    found = ListedPrices().price(model, tokens)
    return found.micros if found else None
