"""What an agent has spent while it works: reported beside priced, in flight beside spent, unknown never zero."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from factory.model.agent_event import Calling, Finished, Usage
from factory.model.cost import CostBasis
from factory.model.step import Gauge, Tokens

PriceOf = Callable[[str, Tokens], int | None]
"""What tokens of a model cost in micro-USD; None = nobody knows."""
SizeOf = Callable[[str], int]
"""How many tokens fit into the context of a model; 0 = nobody knows."""
Level = Literal["go", "warn", "stop"]
WARN_PERCENT = 80


@dataclass(frozen=True)
class Meter:
    """The sums of one process of an agent; money in micro-USD."""

    tokens: Tokens = Tokens()
    reported: int | None = None
    """The agent's own figures, added up; None while it named none."""
    priced: int = 0
    """Our own: tokens times the price list."""
    unpriced: Tokens = Tokens()
    """Tokens of models that the price list does not know; they are not in the sums."""
    estimated: bool = False
    """The tokens are our guess, from the length of what was said."""
    in_flight: int = 0
    """The call that is under way, as far as it came."""
    last_call: int = 0
    """What the call before cost: the next one will hardly be cheaper, because its context only grows."""
    calls: int = 0
    context_used: int = 0
    context_size: int = 0
    """As the agent told it; 0 = it did not."""
    listed_size: int = 0
    """As the price list knows its model; 0 = it does not."""
    model: str = ""

    @property
    def spent(self) -> int:
        """What counts against the caps: the larger of both figures, so that neither one hides the other."""
        return max(self.reported or 0, self.priced)

    @property
    def basis(self) -> CostBasis:
        """How `spent` is known."""
        if self.reported is not None:
            return "reported"
        if self.estimated:
            return "estimated"
        return "unpriced" if self.unpriced != Tokens() and not self.priced else "computed"

    def gauge(self, doing: str = "", retries: int = 0) -> Gauge:
        """The sums as the ledger keeps them."""
        return Gauge(
            spent=self.spent,
            reported=self.reported,
            priced=self.priced,
            in_flight=self.in_flight,
            last_call=self.last_call,
            basis=self.basis,
            tokens=self.tokens,
            context_used=self.context_used,
            context_size=self.context_size or self.listed_size,
            is_listed_size=bool(self.listed_size and not self.context_size),
            model=self.model,
            doing=doing,
            retries=retries,
        )

    def after(self, event: Usage, price: PriceOf, size: SizeOf = lambda _: 0) -> "Meter":
        """The sums after a model call. A subagent's call tells no context: it has one of its own."""
        model = event.model or self.model
        cost = price(model, event.tokens)
        paid = cost if event.micros is None else event.micros
        return replace(
            self,
            tokens=added(self.tokens, event.tokens),
            reported=self.reported if event.micros is None else (self.reported or 0) + event.micros,
            priced=self.priced + (cost or 0),
            unpriced=self.unpriced if cost is not None else added(self.unpriced, event.tokens),
            in_flight=0,
            last_call=self.last_call if event.is_sum else paid or self.last_call,
            calls=self.calls + (event.tokens != Tokens() and not event.is_sum),
            context_used=event.context_used or self.context_used,
            context_size=event.context_size or self.context_size,
            listed_size=size(model) if event.context_used and not event.is_sum else self.listed_size,
            model=model,
        )

    def during(self, event: Calling, price: PriceOf) -> "Meter":
        """The sums while a call is under way."""
        model = event.model or self.model
        return Meter(**{**vars(self), "in_flight": price(model, event.tokens) or 0, "model": model})

    def at_end(self, event: Finished, price: PriceOf) -> "Meter":
        """The last word: the agent's own totals where it named any, priced anew."""
        model = event.model or self.model
        known = event.tokens if event.tokens != Tokens() else self.tokens
        priced = self.priced if known == self.tokens else (price(model, known) or self.priced)
        reported = self.reported if event.micros is None else event.micros
        return replace(self, tokens=known, reported=reported, priced=priced, in_flight=0, model=model)


def level(meter: Meter, limit: int, is_before_a_call: bool = False) -> Level:
    """Whether an agent may go on under this limit (micro-USD; 0 = none).

    Args:
        is_before_a_call: Nothing is under way and another call would follow: now it can be stopped without a loss.
    """
    if limit <= 0:
        return "go"
    exposed = meter.spent + max(meter.in_flight, meter.last_call if is_before_a_call else 0)
    if exposed > limit or meter.spent >= limit:
        return "stop"
    return "warn" if exposed * 100 >= limit * WARN_PERCENT else "go"


def added(one: Tokens, other: Tokens) -> Tokens:
    """Both together."""
    return Tokens(
        one.input + other.input,
        one.output + other.output,
        one.cache_read + other.cache_read,
        one.cache_write + other.cache_write,
    )
