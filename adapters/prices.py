"""The price list of genai-prices, as it was installed: no network."""

from decimal import ROUND_HALF_UP, Decimal
from importlib.metadata import version

from factory.model.step import Tokens
from factory.ports.prices import Price


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
