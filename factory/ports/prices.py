"""Prices of models, for agents that name their tokens and no amount."""

from dataclasses import dataclass
from typing import Protocol

from factory.model.step import Tokens


@dataclass(frozen=True)
class Price:
    """What tokens cost."""

    micros: int
    provider: str
    version: str
    """Of the price list."""


class Prices(Protocol):
    """A price list. Never guesses: an unknown price is not zero."""

    def price(self, model: str, tokens: Tokens) -> Price | None:
        """What these tokens of a model cost; None when the list does not know it."""
        ...


class NoPrices:
    """The price list that knows nothing."""

    def price(self, model: str, tokens: Tokens) -> Price | None:
        """None."""
        return None
